import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/** A tick in a row: this e-mail is done, for everybody who reads it. */
export class DoneField extends Component {
    static template = "mail_task_import.DoneField";
    static props = { ...standardFieldProps };

    get isDone() {
        return Boolean(this.props.record.data[this.props.name]);
    }

    get title() {
        return this.isDone ? _t("Done. Press to reopen") : _t("Mark as done");
    }

    async toggle() {
        await this.props.record.update({ [this.props.name]: !this.isDone }, { save: true });
    }
}

registry.category("fields").add("mail_import_done", {
    component: DoneField,
    displayName: _t("Done"),
    supportedTypes: ["boolean"],
    isEmpty: () => false,
    listViewWidth: () => 30,
});
