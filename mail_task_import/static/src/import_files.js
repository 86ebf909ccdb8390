import { Component } from "@odoo/owl";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";

/** *Import Files*, in the cog menu above lists of e-mails. */
export class ImportFiles extends Component {
    static template = "mail_task_import.ImportFiles";
    static components = { DropdownItem };
    static props = {};

    /** The menu is gone when the answer comes, and the services of its items with it. */
    async open() {
        const { searchModel, services } = this.env;
        const action = await services.orm.call("mail.import.upload", "action_open", []);
        services.action.doAction(action, { onClose: () => searchModel._notify() });
    }
}

registry.category("cogMenu").add("mail_import_files", {
    Component: ImportFiles,
    groupNumber: 20,
    isDisplayed: ({ config, searchModel }) =>
        config.viewType === "list" && searchModel.resModel === "mail.import.entry",
});
