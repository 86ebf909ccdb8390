/** An answer to a customer is refused in words, and stays where it was written. */
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mail_task_import.letters_outside", {
    steps: () => [
        { trigger: ".o-mail-Chatter-sendMessage", run: "click" },
        { trigger: ".o-mail-Composer-input", run: "edit A new chair is on its way." },
        { trigger: ".o-mail-Composer-send:enabled", run: "click" },
        { trigger: ".modal-body:contains('writes to people inside the company only')" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal)) .o-mail-Composer-input:value(A new chair is on its way.)" },
        { trigger: ".o-mail-Composer-send:enabled" },
    ],
});
