import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What each status looks like: its sign, and the colours of its badge. */
export const LOOKS = {
    draft: { icon: "fa-pencil", tone: "draft" },
    sending: { icon: "fa-clock-o", tone: "under-way" },
    sent: { icon: "fa-paper-plane-o", tone: "good" },
    partly: { icon: "fa-exclamation-triangle", tone: "warning" },
    failed: { icon: "fa-times-circle", tone: "bad" },
    bounced: { icon: "fa-exclamation-triangle", tone: "warning" },
    received: { icon: "fa-inbox", tone: "plain" },
    answered: { icon: "fa-reply", tone: "good" },
};

/** A function: words are translated when they are shown. */
export function statusWords() {
    return {
        draft: _t("Draft"),
        sending: _t("Sending"),
        sent: _t("Sent"),
        partly: _t("Not to All"),
        failed: _t("Failed"),
        bounced: _t("Came Back"),
        received: _t("Received"),
        answered: _t("Answered"),
    };
}

/** One word on where an e-mail stands, never by colour alone. */
export class StatusBadge extends Component {
    static template = "mail_task_import.StatusBadge";
    static props = { status: String, isCompact: { type: Boolean, optional: true } };

    get look() {
        return LOOKS[this.props.status] || LOOKS.received;
    }

    get words() {
        return statusWords()[this.props.status] || this.props.status;
    }
}

export class StatusField extends Component {
    static template = "mail_task_import.StatusField";
    static components = { StatusBadge };
    static props = { ...standardFieldProps, isCompact: { type: Boolean, optional: true } };

    get status() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("mail_import_status", {
    component: StatusField,
    displayName: _t("Status of an E-mail"),
    supportedTypes: ["selection"],
    supportedOptions: [{ label: _t("Sign only"), name: "compact", type: "boolean" }],
    extractProps: ({ options }) => ({ isCompact: Boolean(options.compact) }),
    listViewWidth: ({ options }) => (options?.compact ? 44 : 118),
});
