import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { MailFiles, MailFrame } from "../mail_frame";
import { PeopleRows } from "./people";
import { StatusBadge } from "./status_field";

const STEP = 25;
const MORE = 100;

/** Another mail of the thread: one line, which unfolds in its place. Its frame loads then. */
export class ThreadLine extends Component {
    static template = "mail_task_import.ThreadLine";
    static components = { MailFiles, MailFrame, PeopleRows, StatusBadge };
    static props = { line: Object };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ isOpen: false, letter: null });
    }

    get date() {
        return toLocaleDateTimeString(deserializeDateTime(this.props.line.date));
    }

    get page() {
        return { resModel: this.props.line.model, resId: this.props.line.id };
    }

    /** As a form would hand it over to what shows a mail there. */
    get record() {
        const { files, has_remote_pictures } = this.state.letter;
        return { ...this.page, data: { files, has_remote_pictures, is_read: this.props.line.is_read } };
    }

    async toggle() {
        const { status } = this.props.line;
        if (status === "draft") {
            return this.open();
        }
        this.state.isOpen = !this.state.isOpen;
        if (this.state.isOpen && !this.state.letter) {
            await this.load();
        }
    }

    async load() {
        const { resModel, resId } = this.page;
        this.state.letter = await this.orm.call(resModel, "page_letter", [[resId]]);
    }

    async open() {
        const { resModel, resId } = this.page;
        return this.action.doAction(await this.orm.call(resModel, "page_open", [[resId]]));
    }
}

/** The opened mail between the later and the earlier ones of its thread, newest first. */
export class MailThread extends Component {
    static template = "mail_task_import.MailThread";
    static components = { MailFiles, MailFrame, ThreadLine };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ newer: [], older: [], more_newer: false, more_older: false });
        onWillStart(() => {
            this.start(this.props.record);
        });
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.shownId) {
                this.start(next.record);
            }
        });
    }

    /** There is more to see than this mail. */
    get hasOthers() {
        return this.state.newer.length + this.state.older.length > 0;
    }

    /** The mail itself does not wait for its thread. */
    start(record) {
        this.shownId = record.resId;
        this.asked = { newer: STEP, older: STEP };
        Object.assign(this.state, { newer: [], older: [], more_newer: false, more_older: false });
        return record.resId ? this.load(record) : undefined;
    }

    async load({ resModel, resId }) {
        const { newer, older } = this.asked;
        const thread = await this.orm.silent.call(resModel, "page_thread", [[resId], newer, older]);
        if (this.shownId === resId) {
            Object.assign(this.state, thread);
        }
    }

    showMore(side) {
        this.asked[side] += MORE;
        return this.load(this.props.record);
    }
}

registry.category("view_widgets").add("mail_import_thread", {
    component: MailThread,
    fieldDependencies: [
        { name: "has_remote_pictures", type: "boolean", readonly: true },
        { name: "files", type: "json", readonly: true },
    ],
});
