import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, xml } from "@odoo/owl";

/** A paper-clip where a mail has files. */
export class PaperclipField extends Component {
    static template = xml`<i t-if="props.record.data[props.name]" class="fa fa-paperclip text-muted" role="img" t-att-title="title" t-att-aria-label="title"/>`;
    static props = { ...standardFieldProps };

    get title() {
        return _t("With files");
    }
}

registry.category("fields").add("mail_import_paperclip", {
    component: PaperclipField,
    displayName: _t("Paper-clip"),
    supportedTypes: ["boolean"],
    isEmpty: () => false,
    listViewWidth: () => 30,
});
