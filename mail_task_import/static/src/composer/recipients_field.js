import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, useRef, useState } from "@odoo/owl";

import { formatted, joined, merged, parseRecipients } from "./recipients";

const labelOf = (name) => ({ to: _t("To"), cc: _t("Cc"), bcc: _t("Bcc") })[name];
const SEPARATORS = [",", ";"];
let lastId = 0;

/**
 * Whom a draft goes to, as tags, with an input behind them. It keeps its own state: what the server
 * answers never takes the place of what was typed since it was asked.
 */
export class RecipientsField extends Component {
    static template = "mail_task_import.RecipientsField";
    static props = {
        ...standardFieldProps,
        placeholder: { type: String, optional: true },
        others: { type: Array, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("input");
        this.id = `o_mail_import_recipients_${++lastId}`;
        this.state = useState({ tags: [], text: "", chosen: -1, offers: [], offer: -1 });
        this.shown = useState(this.props.record.model.shownRecipients || { names: [] });
        this.underWay = 0;
        this.look = 0;
        this.lookUp = useDebounced(() => this.offer(), 150);
        const { model } = this.props.record;
        useRecordObserver((record) => this.take(record.data[this.props.name] || ""));
        useBus(model.bus, "WILL_SAVE_URGENTLY", () => this.store(true));
        useBus(model.bus, "NEED_LOCAL_CHANGES", (ev) => ev.detail.proms.push(this.store()));
        useBus(model.bus, "MAIL_IMPORT_DRAFT_NOW", (ev) => {
            ev.detail[this.props.name] = this.isTouched ? this.value : this.valueStored;
        });
    }

    // -- the value ------------------------------------------------------------------------------

    get label() {
        return labelOf(this.props.name);
    }

    get value() {
        return joined(this.state.tags, this.state.text);
    }

    get valueStored() {
        return this.props.record.data[this.props.name] || "";
    }

    /** From the server, or another part of the form; not while something of ours is on its way. */
    take(value) {
        if (this.underWay || value === this.value || value === this.stored) {
            return;
        }
        this.stored = value;
        this.isTouched = false;
        Object.assign(this.state, { tags: parseRecipients(value), text: "", chosen: -1 });
    }

    async store(urgent = false) {
        const { value } = this;
        if (!this.isTouched || (value === this.valueStored && !this.underWay)) {
            return;
        }
        if (value === this.stored && this.underWay && !urgent) {
            return this.storing;
        }
        this.stored = value;
        this.underWay++;
        this.storing = this.props.record
            .update({ [this.props.name]: value || false })
            .finally(() => this.underWay--);
        return this.storing;
    }

    /** Until it is stored, the form has to know that there is something to save. */
    changed() {
        this.isTouched = true;
        this.props.record.model.bus.trigger("FIELD_IS_DIRTY", true);
    }

    setTags(tags) {
        this.state.tags = merged(tags);
        this.state.chosen = -1;
        this.changed();
        return this.store();
    }

    /** What is typed becomes tags. */
    commit() {
        const { text } = this.state;
        this.close();
        if (text.trim()) {
            this.state.text = "";
            this.setTags([...this.state.tags, ...parseRecipients(text)]);
        }
    }

    remove(index) {
        this.setTags(this.state.tags.filter((_tag, at) => at !== index));
        this.input.el?.focus();
    }

    /** To correct what is no address. */
    edit(index) {
        const tag = this.state.tags[index];
        this.commit();
        this.state.text = tag.text;
        this.setTags(this.state.tags.filter((one) => one !== tag));
        this.input.el?.focus();
    }

    title(tag) {
        return tag.valid ? tag.address : _t("“%s” is not an e-mail address", tag.text);
    }

    removeTitle(tag) {
        return _t("Remove %s", tag.address);
    }

    // -- the rows of Cc and Bcc -----------------------------------------------------------------

    get isShown() {
        const { name } = this.props;
        return name === "to" || Boolean(this.value) || this.shown.names.includes(name);
    }

    get hidden() {
        const { data, fields } = this.props.record;
        return (this.props.others || [])
            .filter((name) => name in fields && name in data)
            .filter((name) => !data[name] && !this.shown.names.includes(name))
            .map((name) => ({ name, label: labelOf(name), title: _t("Add %s", labelOf(name)) }));
    }

    show(name) {
        this.shown.names.push(name);
    }

    // -- what is offered ------------------------------------------------------------------------

    async offer() {
        const asked = ++this.look;
        const text = this.state.text.trim();
        if (!text) {
            return this.close();
        }
        const without = this.state.tags.map((tag) => tag.address);
        let offers = [];
        try {
            offers = await this.orm.silent.call("mail.import.email", "suggest_recipients", [
                text,
                without,
            ]);
        } catch {
            // typing goes on without proposals, where the server cannot be reached
        }
        if (asked === this.look && document.activeElement === this.input.el) {
            Object.assign(this.state, { offers, offer: offers.length ? 0 : -1 });
        }
    }

    close() {
        this.look++;
        Object.assign(this.state, { offers: [], offer: -1 });
    }

    choose({ name, address }) {
        this.state.text = "";
        this.close();
        const tag = { name, address, valid: true, text: formatted(name, address) };
        this.setTags([...this.state.tags, tag]);
        this.input.el?.focus();
    }

    // -- keys -----------------------------------------------------------------------------------

    onInput(ev) {
        this.state.text = ev.target.value;
        this.state.chosen = -1;
        this.changed();
        this.lookUp();
    }

    onPaste(ev) {
        const pasted = ev.clipboardData?.getData("text/plain") || "";
        if (pasted.includes("@")) {
            ev.preventDefault();
            const { text } = this.state;
            this.state.text = "";
            this.close();
            this.setTags([...this.state.tags, ...parseRecipients(`${text} ${pasted}`)]);
        }
    }

    onBlur() {
        this.commit();
    }

    onKeydown(ev) {
        if (ev.isComposing || ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        const handled = this.state.offers.length && this.keyOnOffers(ev);
        if (handled || this.keyOnTags(ev)) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }

    keyOnOffers({ key, shiftKey }) {
        const { offers, offer } = this.state;
        if (key === "ArrowDown" || key === "ArrowUp") {
            const step = key === "ArrowDown" ? 1 : -1;
            this.state.offer = (offer + step + offers.length) % offers.length;
            return true;
        }
        if (key === "Escape") {
            this.close();
            return true;
        }
        // a whole address that was typed is meant as it is
        const isWhole = parseRecipients(this.state.text).every((tag) => tag.valid);
        if ((key === "Enter" || (key === "Tab" && !shiftKey)) && offers[offer] && !isWhole) {
            this.choose(offers[offer]);
            return true;
        }
        return false;
    }

    keyOnTags({ key, shiftKey }) {
        const { text, tags, chosen } = this.state;
        if (key === "Enter" || (SEPARATORS.includes(key) && text.includes("@"))) {
            this.commit();
            return key !== "Enter" || !shiftKey;
        }
        if (text || this.input.el.selectionStart) {
            return false;
        }
        if (key === "Backspace" || key === "Delete") {
            if (chosen >= 0) {
                this.remove(chosen);
            } else if (key === "Backspace" && tags.length) {
                this.state.chosen = tags.length - 1;
            }
            return chosen >= 0 || key === "Backspace";
        }
        if (key === "ArrowLeft" && tags.length) {
            this.state.chosen = chosen < 0 ? tags.length - 1 : Math.max(chosen - 1, 0);
            return true;
        }
        if (key === "ArrowRight" && chosen >= 0) {
            this.state.chosen = chosen + 1 < tags.length ? chosen + 1 : -1;
            return true;
        }
        return false;
    }
}

export const recipientsField = {
    component: RecipientsField,
    displayName: _t("Recipients"),
    supportedTypes: ["char"],
    extractProps: ({ placeholder, options }) => ({ placeholder, others: options.others }),
};

registry.category("fields").add("mail_import_recipients", recipientsField);
