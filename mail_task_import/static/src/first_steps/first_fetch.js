import { Component, onMounted, onWillDestroy, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const POLL_MS = 1500;

/** Counts the first mails of a mailbox as they come in, and says when there are some. */
export class FirstFetch extends Component {
    static template = "mail_task_import.FirstFetch";
    static props = { mailboxId: Number, onFetched: { type: Function, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ progress: null });
        onMounted(() => this.look());
        onWillDestroy(() => {
            this.gone = true;
            clearTimeout(this.timer);
        });
    }

    async look() {
        const args = [[this.props.mailboxId]];
        const progress = await this.orm.silent.call("mail.import.mailbox", "fetch_progress", args);
        if (this.gone) {
            return;
        }
        this.state.progress = progress;
        if (progress.done || (progress.last && progress.state === "idle")) {
            this.props.onFetched?.();
        }
        if (progress.state !== "idle" && progress.state !== "off") {
            this.timer = setTimeout(() => this.look(), POLL_MS);
        }
    }

    get text() {
        const { state, done, left, error } = this.state.progress;
        if (error) {
            return error;
        }
        if (state === "waiting" && !done) {
            return _t("The first look at the mail server begins within a minute.");
        }
        return state === "idle"
            ? _t("%s mails are here.", done)
            : _t("%(done)s mails are here, %(left)s are on their way.", { done, left });
    }
}
