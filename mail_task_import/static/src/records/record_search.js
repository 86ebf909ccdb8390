import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, useRef, useState } from "@odoo/owl";

const PAUSE = 250; // milliseconds after the last key

/** One search over all kinds of records, what is suggested, and what was chosen of both. */
export class RecordSearch extends Component {
    static template = "mail_task_import.RecordSearch";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ term: "", kinds: null, linked: null, said: "" });
        this.results = useRef("results");
        useAutofocus({ refName: "term" });
        this.search = useDebounced(() => this.load(), PAUSE);
    }

    get chosen() {
        return this.props.record.data.chosen || [];
    }

    get suggestions() {
        return this.props.record.data.suggestions || [];
    }

    get linked() {
        return this.state.linked || this.props.record.data.linked || [];
    }

    keyOf(record) {
        return `${record.model},${record.id}`;
    }

    isChosen(record) {
        return this.chosen.some((one) => this.keyOf(one) === this.keyOf(record));
    }

    onInput(ev) {
        this.state.term = ev.target.value;
        this.search();
    }

    async load() {
        const term = this.state.term.trim();
        const kinds = term
            ? await this.orm.call("mail.import.target", "search_records", [term])
            : null;
        if (term === this.state.term.trim()) {
            this.state.kinds = kinds;
            const found = (kinds || []).reduce((sum, kind) => sum + kind.records.length, 0);
            this.state.said = kinds ? _t("%s found", found) : "";
        }
    }

    /** Enter takes the first, the arrows go through what was found. */
    onKeydown(ev) {
        const buttons = [...(this.results.el?.querySelectorAll("button") || [])];
        if (!["Enter", "ArrowDown", "ArrowUp"].includes(ev.key) || !buttons.length) {
            return;
        }
        const here = buttons.indexOf(document.activeElement);
        if (ev.key === "Enter") {
            if (here < 0) {
                ev.preventDefault();
                ev.stopPropagation();
                buttons[0].click();
            }
            return;
        }
        ev.preventDefault();
        const next = here + (ev.key === "ArrowDown" ? 1 : -1);
        buttons[Math.max(0, Math.min(next, buttons.length - 1))].focus();
    }

    toggle(record) {
        const { model, id, name, kind, number } = record;
        const chosen = this.isChosen(record)
            ? this.chosen.filter((one) => this.keyOf(one) !== this.keyOf(record))
            : [...this.chosen, { model, id, name, kind, number }];
        return this.props.record.update({ chosen });
    }

    async unlinkFrom(record) {
        await this.props.record.save();
        this.state.linked = await this.orm.call("mail.import.link.to", "unlink_from", [
            [this.props.record.resId],
            record.model,
            record.id,
        ]);
    }
}

registry.category("view_widgets").add("mail_import_record_search", { component: RecordSearch });
