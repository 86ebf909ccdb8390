import { _t } from "@web/core/l10n/translation";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, useState } from "@odoo/owl";

/** Writes a draft by a template; what it says is filled in by the server. */
export class DraftTemplates extends Component {
    static template = "mail_task_import.DraftTemplates";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.state = useState({ templates: [], domain: [] });
    }

    /** What is offered depends on whom the draft goes to: it is saved first. */
    async offer() {
        if (await this.props.record.save()) {
            Object.assign(this.state, await this.call("offered_templates"));
        }
    }

    async use(templateId) {
        const words = await this.props.record.model.haveChanged("use_template", templateId);
        if (words) {
            this.notification.add(words, { type: "warning" });
        }
    }

    searchMore() {
        this.dialog.add(SelectCreateDialog, {
            resModel: "mail.template",
            title: _t("Select a Template"),
            multiSelect: false,
            noCreate: true,
            domain: this.state.domain,
            onSelected: ([templateId]) => this.use(templateId),
        });
    }

    call(method, ...args) {
        const { resModel, resId } = this.props.record;
        return this.orm.call(resModel, method, [[resId], ...args]);
    }
}

registry.category("view_widgets").add("mail_import_templates", { component: DraftTemplates });
