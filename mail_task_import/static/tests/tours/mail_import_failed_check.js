import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mail_task_import.failed_check", {
    url: "/odoo/mail-inbox",
    steps: () => [
        {
            content: "A mail whose check failed bears a sign in the list",
            trigger: ".o_data_row:contains(Pay elsewhere) .o_mail_import_unverified",
        },
        {
            trigger: ".o_data_row:contains(Pay elsewhere) td[name=subject]",
            run: "click",
        },
        {
            content: "The e-mail says what failed",
            trigger: ".o_form_view .alert-warning:contains(the check failed)",
        },
        {
            trigger: ".o_notebook .nav-link:contains(Linked Records)",
            run: "click",
        },
        {
            trigger: "[name=link_ids] button[name=action_open_record]",
            run: "click",
        },
        {
            content: "So does the chatter of its record",
            trigger: ".o-mail-Message .o_mail_import_unverified:contains(the check failed)",
        },
        {
            trigger: ".breadcrumb-item:not(.active):contains(Pay elsewhere), .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_reply]",
            run: "click",
        },
        {
            content: "The draft says where the answer goes",
            trigger: ".o_mail_import_draft .alert-warning:contains(a@evil.example)",
        },
    ],
});
