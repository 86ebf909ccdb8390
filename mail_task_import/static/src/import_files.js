import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";

import { droppedFiles } from "./put_in_files";

/** The dialog, over a list of e-mails; with files that were dropped there. */
export async function openImport({ searchModel, services }, files = []) {
    const action = await services.orm.call("mail.import.upload", "action_open", []);
    droppedFiles.set(action.res_id, files);
    services.action.doAction(action, { onClose: () => searchModel._notify() });
}

/** *Import Files*, in the cog menu above lists of e-mails. */
export class ImportFiles extends Component {
    static template = "mail_task_import.ImportFiles";
    static components = { DropdownItem };
    static props = {};

    /** The menu is gone when the answer comes, and the services of its items with it. */
    open() {
        return openImport(this.env);
    }
}

registry.category("cogMenu").add("mail_import_files", {
    Component: ImportFiles,
    groupNumber: 20,
    isDisplayed: ({ config, searchModel }) =>
        config.viewType === "list" && searchModel.resModel === "mail.import.entry",
});
