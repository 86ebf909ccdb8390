import { Component, onWillDestroy } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const POLL_MS = 1500;

/** While files are imported, their form is read again and again: it counts along. */
export class UploadProgress extends Component {
    static template = "mail_task_import.UploadProgress";
    static props = { ...standardWidgetProps };

    setup() {
        useRecordObserver(() => this.plan());
        onWillDestroy(() => {
            this.gone = true;
            clearTimeout(this.timer);
        });
    }

    get isUnderWay() {
        return this.props.record.data.state === "waiting";
    }

    plan() {
        clearTimeout(this.timer);
        if (this.isUnderWay) {
            this.timer = setTimeout(() => this.look(), POLL_MS);
        }
    }

    async look() {
        await this.props.record.load();
        if (!this.gone) {
            this.plan();
        }
    }
}

registry.category("view_widgets").add("mail_import_upload_progress", {
    component: UploadProgress,
    fieldDependencies: [{ name: "state", type: "selection" }],
});
