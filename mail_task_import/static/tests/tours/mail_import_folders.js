import { registry } from "@web/core/registry";

const folder = (name) => `.o_search_panel_category_value header:contains("${name}")`;

/** A folder is made beside the inbox, a mail is moved there, and the counts follow. */
registry.category("web_tour.tours").add("mail_task_import.folders", {
    steps: () => [
        { trigger: `${folder("Inbox")} .o_search_panel_counter:contains("2")` },
        { trigger: ".o_mail_import_new_folder", run: "click" },
        { trigger: ".modal .o_field_widget[name='name'] input", run: "edit Projects" },
        { trigger: ".modal-footer button:contains('Save')", run: "click" },
        { trigger: `body:not(:has(.modal)) ${folder("Projects")} .fa-users` },
        {
            trigger: ".o_data_row:contains('Roof') .o_list_record_selector input",
            run: "click",
        },
        { trigger: "button[name='action_move_to']", run: "click" },
        { trigger: ".modal .o_field_widget[name='folder_id'] input", run: "edit Proj" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Projects')", run: "click" },
        { trigger: ".modal-footer button[name='action_move']", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_list_view:not(:has(.o_data_row:contains('Roof')))" },
        { trigger: `${folder("Projects")} .o_search_panel_counter:contains("1")` },
        { trigger: `${folder("Inbox")} .o_search_panel_counter:contains("1")` },
        { trigger: folder("Projects"), run: "click" },
        { trigger: ".o_data_row:contains('Roof') td[name='subject']", run: "click" },
        { trigger: ".o_form_view button[name='action_move_to']" },
        { trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item a", run: "click" },
        {
            trigger: `${folder("Projects")}:not(:has(.o_search_panel_counter))`,
        },
    ],
});
