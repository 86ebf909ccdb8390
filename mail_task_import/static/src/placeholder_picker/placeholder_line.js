import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { CharField } from "@web/views/fields/char/char_field";
import { PlaceholderPicker } from "./placeholder_picker";

/** Fields of one line in which placeholders are filled in; addresses, languages and dates are none. */
const LINES = ["subject", "preview"];

patch(CharField.prototype, {
    setup() {
        super.setup();
        if (LINES.includes(this.props.name)) {
            this.mailImportPicker = usePopover(PlaceholderPicker, {
                position: "bottom-end",
                setActiveElement: true,
            });
            this.mailImportNotification = useService("notification");
        }
    },

    get hasMailImportPicker() {
        const { dynamicPlaceholder, readonly, record } = this.props;
        // a letter to one record is written in its own words; one to many is a template
        const takesSome = dynamicPlaceholder || record.data.composition_batch;
        return Boolean(this.mailImportPicker && takesSome && !readonly);
    },

    onMailImportPicker(ev) {
        const { dynamicPlaceholderModelReferenceField: reference, record } = this.props;
        const resModel = record.data[reference] || record.data.render_model || record.data.model;
        if (!resModel) {
            this.mailImportNotification.add(_t("Choose first what the letter is about."), {
                type: "warning",
            });
            return;
        }
        const insert = this.insertMailImportPlaceholder.bind(this);
        this.mailImportPicker.open(ev.currentTarget, { resModel, isHtml: false, insert });
    },

    insertMailImportPlaceholder(written) {
        const { el } = this.input;
        // the field has cut the space behind “Hello ” when the button took the focus
        const space = this.selectionStart > el.value.length ? " " : "";
        const start = this.selectionStart - space.length;
        el.focus();
        el.setRangeText(space + written, start, start, "end");
        this.selectionStart = el.selectionStart;
        // said at once: a field on a page that is left forgets what it was not told
        el.dispatchEvent(new InputEvent("input"));
        el.dispatchEvent(new Event("change"));
    },
});
