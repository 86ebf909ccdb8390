import { Message } from "@mail/core/common/message_model";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, xml } from "@odoo/owl";

/** A mail whose sender is not believed says so in chatters, too, and why. */
patch(Message.prototype, {
    setup() {
        super.setup(...arguments);
        this.mail_import_unverified = false;
    },
});

/** A warning sign where the sender of a mail is not verified. */
export class UnverifiedField extends Component {
    static template = xml`<i t-if="isUnverified" class="o_mail_import_unverified fa fa-exclamation-triangle text-danger" role="img" t-att-title="title" t-att-aria-label="title"/>`;
    static props = { ...standardFieldProps };

    get isUnverified() {
        return ["fail", "posing", "failed", "several"].includes(this.props.record.data[this.props.name]);
    }

    get title() {
        return _t("Unverified sender");
    }
}

registry.category("fields").add("mail_import_unverified", {
    component: UnverifiedField,
    displayName: _t("Unverified sender"),
    supportedTypes: ["selection"],
    isEmpty: () => false,
    listViewWidth: () => 30,
});
