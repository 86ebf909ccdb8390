/** Who answers somebody who opted out of mailings is told so, and may answer all the same. */
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mail_task_import.opted_out", {
    steps: () => [
        { trigger: ".o-mail-Chatter-sendMessage", run: "click" },
        { trigger: ".o_mail_import_opted_out:contains('ann@customer.example opted out of mailings')" },
        { trigger: ".o-mail-Chatter-logNote", run: "click" },
        { trigger: ".o-mail-Chatter:not(:has(.o_mail_import_opted_out))" },
    ],
});
