import { Component, onWillDestroy, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";

const POLL_MS = 2000;
const UNDER_WAY = ["waiting", "running"];

/**
 * Counts along while a mailbox is fetched: how many mails came, how many are left, and what came of
 * it. The numbers are the ledger's; the bus only says that they have changed.
 */
export class MailboxProgress extends Component {
    static template = "mail_task_import.MailboxProgress";
    static props = { record: Object, readonly: { type: Boolean, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        this.state = useState({ progress: null, begun: null, finished: false });
        this.onBus = ({ mailbox_id }) => mailbox_id === this.mailboxId && this.look();
        this.bus.subscribe("mail_import/progress", this.onBus);
        useRecordObserver((record) => this.follow(record.resId, record.data.state));
        onWillDestroy(() => {
            this.gone = true;
            clearTimeout(this.timer);
            this.bus.unsubscribe("mail_import/progress", this.onBus);
        });
    }

    /** The form was loaded, saved, or shows another mailbox: look once, go on while there is work. */
    follow(resId) {
        if (resId !== this.mailboxId) {
            Object.assign(this.state, { progress: null, begun: null, finished: false });
        }
        this.mailboxId = resId;
        if (resId) {
            this.look();
        }
    }

    async look() {
        clearTimeout(this.timer);
        const asked = this.mailboxId;
        const args = [[asked]];
        const progress = await this.orm.silent.call("mail.import.mailbox", "fetch_progress", args);
        if (this.gone || asked !== this.mailboxId) {
            return;
        }
        const wasUnderWay = this.isUnderWay;
        this.state.progress = progress;
        if (this.isUnderWay) {
            if (!wasUnderWay) {
                Object.assign(this.state, { begun: progress.done, finished: false });
            }
            this.timer = setTimeout(() => this.look(), POLL_MS);
        } else if (wasUnderWay) {
            this.state.finished = true;
            await this.showResult();
        }
    }

    get isUnderWay() {
        return UNDER_WAY.includes(this.state.progress?.state);
    }

    get fetched() {
        return this.state.progress.done - (this.state.begun ?? this.state.progress.done);
    }

    get text() {
        const { state, left, error } = this.state.progress;
        if (state === "waiting" && !this.fetched) {
            return _t("The scheduler is asked to look; it starts within a minute.");
        }
        if (this.isUnderWay) {
            return _t("Fetching: %(fetched)s mails so far, %(left)s left.", {
                fetched: this.fetched,
                left,
            });
        }
        if (error) {
            return error;
        }
        return _t("Done: %(fetched)s mails fetched, %(left)s left.", {
            fetched: this.fetched,
            left,
        });
    }

    get alertClass() {
        if (this.isUnderWay) {
            return "alert-info";
        }
        return this.state.progress.error ? "alert-danger" : "alert-success";
    }

    /** The form's own numbers follow, unless somebody is typing. */
    async showResult() {
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }
}

export const mailboxProgress = {
    component: MailboxProgress,
    fieldDependencies: [{ name: "state", type: "selection" }],
};

registry.category("view_widgets").add("mail_import_progress", mailboxProgress);
