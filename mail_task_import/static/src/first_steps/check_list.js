import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";

const MODULE = "mail_task_import";
const MODEL = "mail.import.mailbox";

/** What an administrator does first, with a tick at what is done; gone as soon as it is closed. */
export class CheckList extends Component {
    static template = "mail_task_import.CheckList";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ progress: false });
        onWillStart(async () => {
            this.state.progress = await this.orm.call(MODEL, "set_up_progress");
        });
    }

    get items() {
        const { connected, sending, trusted, rule } = this.state.progress;
        return [
            {
                id: "connected",
                done: connected,
                name: _t("Connect a group mailbox"),
                why: _t("Its mail comes into the inbox of its members."),
                action: `${MODULE}.action_mail_import_connect_group`,
            },
            {
                id: "sending",
                done: sending,
                name: _t("Try out sending"),
                why: _t("Open a mailbox and press Send a Test Mail."),
            },
            {
                id: "trusted",
                done: trusted,
                name: _t("Name the servers to believe"),
                why: _t("On each mailbox, under Sorting: else anybody could pose as a colleague."),
            },
            {
                id: "rule",
                done: rule,
                name: _t("Say what mail becomes"),
                why: _t("On a mailbox, or in an e-mail: Make a Rule."),
                action: `${MODULE}.mail_import_rule_action`,
            },
        ];
    }

    open(item) {
        return this.action.doAction(item.action);
    }

    async close() {
        await this.orm.call(MODEL, "close_set_up_progress");
        this.state.progress = false;
    }
}

export class MailboxKanbanController extends KanbanController {
    static template = "mail_task_import.MailboxKanbanView";
    static components = { ...KanbanController.components, CheckList };
}

registry.category("views").add("mail_import_mailboxes", {
    ...kanbanView,
    Controller: MailboxKanbanController,
});
