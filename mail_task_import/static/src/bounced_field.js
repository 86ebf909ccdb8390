import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, xml } from "@odoo/owl";

/** A warning where an e-mail came back. */
export class BouncedField extends Component {
    static template = xml`<i t-if="props.record.data[props.name]" class="fa fa-exclamation-triangle text-warning" role="img" t-att-title="title" t-att-aria-label="title"/>`;
    static props = { ...standardFieldProps };

    get title() {
        return _t("It came back: somebody did not get it");
    }
}

registry.category("fields").add("mail_import_bounced", {
    component: BouncedField,
    displayName: _t("Came Back"),
    supportedTypes: ["boolean"],
    isEmpty: () => false,
    listViewWidth: () => 30,
});
