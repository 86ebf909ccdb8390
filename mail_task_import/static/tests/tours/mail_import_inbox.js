import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("mail_task_import.inbox", {
    url: "/odoo/mail-inbox",
    steps: () => [
        {
            content: "The question is in the inbox, unread",
            trigger: ".o_data_row.fw-bold td[name=subject]:contains(Broken chair)",
            run: "click",
        },
        {
            content: "It is shown in a frame",
            trigger: "iframe.o_mail_import_frame[sandbox]:not([sandbox*=allow-scripts])",
        },
        {
            content: "Answer it",
            trigger: "button[name=action_reply]",
            run: "click",
        },
        {
            content: "The recipient is filled in, the cursor goes into the text",
            trigger: ".o_mail_import_draft .odoo-editor-editable > *:first-child",
            run: "editor A new chair is on its way.",
        },
        {
            content: "The signature is there",
            trigger: ".o_mail_import_signature:contains(Kind regards)",
        },
        {
            content: "Send",
            trigger: "button[name=action_send]",
            run: "click",
        },
        {
            content: "The user is told, and back at the question",
            trigger: ".o_notification:contains(on its way)",
        },
        {
            content: "Back to the inbox",
            trigger: ".o_breadcrumb a:contains(Inbox)",
            run: "click",
        },
        {
            content: "The question is read now",
            trigger: ".o_data_row:not(.fw-bold) td[name=subject]:contains(Broken chair)",
        },
        {
            content: "The answer is in the Sent folder",
            trigger: ".o_search_panel_category_value:contains(Sent) header",
            run: "click",
        },
        {
            content: "To whom it went",
            trigger: ".o_data_row td[name=correspondent]:contains(To: Ann Customer)",
        },
    ],
});
