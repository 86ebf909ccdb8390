import { SearchPanel } from "@web/search/search_panel/search_panel";
import { useService } from "@web/core/utils/hooks";

/** The folders beside the inbox: in their colours, and a way to make another one. */
export class InboxSearchPanel extends SearchPanel {
    static template = "mail_task_import.SearchPanel";
    static subTemplates = {
        ...SearchPanel.subTemplates,
        category: "mail_task_import.SearchPanel.Category",
    };

    setup() {
        super.setup();
        this.action = useService("action");
    }

    isFolders(section) {
        return section.type === "category" && section.fieldName === "folder_id";
    }

    newFolder() {
        this.action.doAction("mail_task_import.action_mail_import_new_folder", {
            onClose: () => this.env.searchModel._notify(),
        });
    }
}
