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
        this.state = useState({ progress: null, begun: null, fetched: 0, finished: false });
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
        const before = this.state.progress ?? progress;
        this.state.progress = progress;
        if (this.isUnderWay) {
            this.state.begun ??= before.done;
            this.state.finished = false;
            this.timer = setTimeout(() => this.look(), POLL_MS);
        } else if (before.last !== progress.last || UNDER_WAY.includes(before.state)) {
            // a quick one may begin and end between two looks
            this.state.fetched = progress.done - (this.state.begun ?? before.done);
            Object.assign(this.state, { begun: null, finished: true });
            await this.showResult();
        }
    }

    get isUnderWay() {
        return UNDER_WAY.includes(this.state.progress?.state);
    }

    get text() {
        const { state, left, done } = this.state.progress;
        if (this.isUnderWay) {
            const fetched = done - this.state.begun;
            return state === "waiting" && !fetched
                ? _t("The scheduler is asked to look; it starts within a minute.")
                : _t("Fetching: %(fetched)s mails so far, %(left)s left.", { fetched, left });
        }
        const { fetched } = this.state;
        return fetched
            ? _t("Done: %(fetched)s mails fetched, %(left)s left.", { fetched, left })
            : _t("Done: nothing new.");
    }

    /** No share is told of a history that waits for a folder to be readable again. */
    get isHeldUp() {
        return this.state.progress?.percent === false;
    }

    /** What went wrong stands on the form itself, and stays there. */
    get isShown() {
        const { progress, finished } = this.state;
        return progress && (this.isUnderWay || (finished && !progress.error));
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
