import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, xml } from "@odoo/owl";

/** A text that is one of the record's own `choices` (or of another of its fields), to choose. */
export class ChoiceField extends Component {
    static template = xml`
        <span t-if="props.readonly" t-out="label"/>
        <select t-else="" class="o_input" t-on-change="(ev) => this.choose(ev.target.value)">
            <option value="" t-att-selected="!value"/>
            <option t-foreach="choices" t-as="choice" t-key="choice[0]" t-att-value="choice[0]"
                    t-att-selected="choice[0] === value" t-out="choice[1]"/>
        </select>`;
    static props = { ...standardFieldProps, choicesField: { type: String } };

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get choices() {
        return this.props.record.data[this.props.choicesField] || [];
    }

    get label() {
        const choice = this.choices.find(([value]) => value === this.value);
        return choice ? choice[1] : this.value;
    }

    choose(value) {
        this.props.record.update({ [this.props.name]: value });
    }
}

registry.category("fields").add("mail_import_choice", {
    component: ChoiceField,
    supportedTypes: ["char"],
    extractProps: ({ options }) => ({ choicesField: options.choices || "choices" }),
});
