import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mail_task_import.unverified", {
    url: "/odoo/mail-inbox",
    steps: () => [
        {
            content: "A mail that nobody vouches for bears a sign in the list",
            trigger: ".o_data_row:contains(Pay at once) .o_mail_import_unverified",
        },
        {
            content: "A colleague's own mail bears none",
            trigger: ".o_data_row:contains(Lunch):not(:has(.o_mail_import_unverified))",
        },
        {
            trigger: ".o_data_row:contains(Pay at once) td[name=subject]",
            run: "click",
        },
        {
            content: "The e-mail says it in words",
            trigger: ".o_form_view .alert-warning:contains(Unverified sender)",
        },
        {
            content: "The address is not offered to be remembered",
            trigger: ".o_form_view:not(:has(button[name=action_remember_address]))",
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
            trigger: ".o-mail-Message .o_mail_import_unverified:contains(Unverified sender)",
        },
    ],
});
