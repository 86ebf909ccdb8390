import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

let number = 0;

/** What an invitation says, above the text of its e-mail, and the answer to it. */
export class InvitationCard extends Component {
    static template = "mail_task_import.InvitationCard";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.id = `o_mail_import_invitation_${++number}`;
        this.state = useState({ busy: false, comment: "", tell: false, everybody: false });
        this.begin(this.props.record);
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.shown) {
                this.begin(next.record);
            }
        });
    }

    begin(record) {
        this.shown = record.resId;
        const card = record.data.invitation;
        Object.assign(this.state, { comment: "", tell: Boolean(card && card.tell_ticked) });
    }

    get card() {
        return this.props.record.data.invitation;
    }

    get answers() {
        return [
            { status: "ACCEPTED", words: _t("Accept Invitation"), icon: "fa-check", kind: "btn-success" },
            { status: "TENTATIVE", words: _t("Tentative"), icon: "fa-question", kind: "btn-secondary" },
            { status: "DECLINED", words: _t("Decline"), icon: "fa-times", kind: "btn-secondary" },
        ];
    }

    get people() {
        return this.state.everybody ? this.card.people : this.card.people.slice(0, 5);
    }

    answer(status) {
        const to = this.card.tell && this.state.tell ? this.card.tell : false;
        return this.call("answer_invitation", [status, this.state.comment, to], to);
    }

    add() {
        return this.call("add_invitation", []);
    }

    remove() {
        return this.call("remove_invitation", []);
    }

    note() {
        return this.call("note_invitation_answer", []);
    }

    async call(method, args, told = false) {
        this.state.busy = true;
        try {
            await this.orm.call("mail.import.entry", method, [[this.props.record.resId], ...args]);
            this.state.comment = "";
            await this.props.record.load();
            if (told) {
                this.notification.add(_t("Your answer goes to %s.", told), { type: "success" });
            }
        } finally {
            this.state.busy = false;
        }
    }

    openEvent(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "calendar.event",
            res_id: id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("mail_import_invitation", {
    component: InvitationCard,
    fieldDependencies: [{ name: "invitation", type: "json", readonly: true }],
});
