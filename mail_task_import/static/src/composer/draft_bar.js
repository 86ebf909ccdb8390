import { _t } from "@web/core/l10n/translation";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, useState } from "@odoo/owl";

const { DateTime } = luxon;

/** Above the text: whether the original is quoted, and whether what is written is saved. */
export class DraftBar extends Component {
    static template = "mail_task_import.DraftBar";
    static props = { ...standardWidgetProps };

    setup() {
        this.draft = useState(this.props.record.model.draft || { state: "saved", at: null });
    }

    get canQuote() {
        return this.props.record.data.can_quote;
    }

    get isQuoting() {
        return this.props.record.data.is_quoting;
    }

    async switchQuote() {
        await this.props.record.model.haveChanged("switch_quote", !this.isQuoting);
    }

    get isWarning() {
        return ["offline", "changed", "failed"].includes(this.draft.state);
    }

    get words() {
        const { state, at } = this.draft;
        const words = {
            saving: _t("Saving…"),
            unsaved: _t("Not saved yet"),
            offline: _t("No connection: kept in this browser, saved as soon as there is one"),
            changed: _t("Changed in another window"),
            failed: _t("Not saved"),
        };
        return words[state] || (at ? _t("Saved %s", this.time(at)) : "");
    }

    time(at) {
        return formatDateTime(DateTime.fromMillis(at), { format: "HH:mm" });
    }
}

registry.category("view_widgets").add("mail_import_draft_bar", {
    component: DraftBar,
    fieldDependencies: [
        { name: "can_quote", type: "boolean" },
        { name: "is_quoting", type: "boolean" },
    ],
});
