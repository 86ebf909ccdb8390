import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { ColorList } from "@web/core/colorlist/colorlist";
import { registry } from "@web/core/registry";
import { colorPickerField, ColorPickerField } from "@web/views/fields/color_picker/color_picker_field";

/** A colour in a row of a list: its choices open beside the row, which stays as high as it is. */
export class ColourField extends ColorPickerField {
    static template = "mail_task_import.ColourField";
    static components = { ColorList, Dropdown };
    static COLOURS = ColorList.COLORS;

    setup() {
        super.setup();
        this.menu = useDropdownState();
    }

    get colour() {
        return this.props.record.data[this.props.name] || 0;
    }

    switchColor(index) {
        this.menu.close();
        super.switchColor(index);
    }
}

registry.category("fields").add("mail_import_colour", {
    ...colorPickerField,
    component: ColourField,
});
