import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const ICONS = {
    employee: "fa-id-badge",
    mailbox: "fa-inbox",
    own: "fa-home",
    contact: "fa-user",
    company: "fa-building-o",
    lead: "fa-star-o",
    record: "fa-file-text-o",
    unverified: "fa-exclamation-triangle",
    unknown: "fa-question-circle-o",
    none: "fa-question-circle-o",
};

/** What is known of one address, and what one does with it. */
export class PersonCard extends Component {
    static template = "mail_task_import.PersonCard";
    static props = {
        person: Object,
        onOpen: Function,
        onCreate: Function,
        onAdd: Function,
        close: { type: Function, optional: true },
    };

    get mailto() {
        return `mailto:${encodeURIComponent(this.props.person.address).replace("%40", "@")}`;
    }

    press(act) {
        this.props.close?.();
        act();
    }
}

/** One address: a name and a sign of whom it belongs to; pressed, it opens its card. */
export class PersonChip extends Component {
    static template = "mail_task_import.PersonChip";
    static props = { person: Object, page: Object, onChanged: Function };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.popover = usePopover(PersonCard, { position: "bottom-start", arrow: true });
    }

    get icon() {
        return ICONS[this.props.person.kind] || ICONS.record;
    }

    get name() {
        const { name, said, address } = this.props.person;
        return name || said || address || _t("(unknown sender)");
    }

    get title() {
        const { label, address } = this.props.person;
        return [label, address].filter(Boolean).join(": ");
    }

    toggle(ev) {
        this.popover.open(ev.currentTarget, {
            person: this.props.person,
            onOpen: () => this.openRecord(),
            onCreate: () => this.createContact(),
            onAdd: () => this.addToContact(),
        });
    }

    openRecord() {
        const { model, id } = this.props.person;
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    createContact() {
        const { said, address } = this.props.person;
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Create Contact"),
                res_model: "res.partner",
                views: [[false, "form"]],
                target: "new",
                context: { default_name: said || address.split("@")[0], default_email: address },
            },
            { onClose: () => this.props.onChanged() }
        );
    }

    async addToContact() {
        const { resModel, resId } = this.props.page;
        const action = await this.orm.call(resModel, "page_add_address", [
            [resId],
            this.props.person.address,
        ]);
        return this.action.doAction(action, { onClose: () => this.props.onChanged() });
    }
}

/** From, To and Cc of a mail, as chips. */
export class PeopleRows extends Component {
    static template = "mail_task_import.PeopleRows";
    static components = { PersonChip };
    static props = { people: Object, page: Object, onChanged: Function };

    get rows() {
        const names = { from: _t("From"), to: _t("To"), cc: _t("Cc") };
        return Object.entries(names)
            .map(([key, label]) => ({ key, label, ...this.props.people[key] }))
            .filter((row) => row.people?.length);
    }

    more(count) {
        return _t("and %s more", count);
    }
}

/** In the form of an e-mail. Until the answer is here, and where there is none: the plain headers. */
export class People extends Component {
    static template = "mail_task_import.People";
    static components = { PeopleRows };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ people: null });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps((next) => {
            if (next.record.resId !== this.shownId) {
                return this.load(next.record);
            }
        });
    }

    get page() {
        const { resModel, resId } = this.props.record;
        return { resModel, resId };
    }

    get plain() {
        const { sender, recipients, to, cc } = this.props.record.data;
        return [
            { label: _t("From"), text: sender },
            { label: _t("To"), text: recipients || to },
            { label: _t("Cc"), text: cc },
        ].filter((row) => row.text);
    }

    async load({ resModel, resId }) {
        this.shownId = resId;
        if (!resId) {
            this.state.people = null;
            return;
        }
        const letter = await this.orm.silent.call(resModel, "page_letter", [[resId]]);
        if (this.shownId === resId) {
            this.state.people = letter.people;
        }
    }
}

registry.category("view_widgets").add("mail_import_people", { component: People });
