import { htmlField, HtmlField } from "@html_editor/fields/html_field";
import { registry } from "@web/core/registry";
import { PlaceholderPlugin } from "./placeholder_plugin";

/** A signature takes our placeholders, and none of the host's: nothing renders those. */
export class SignatureField extends HtmlField {
    getConfig() {
        const config = super.getConfig();
        config.dynamicPlaceholderResModel = this.props.record.resModel;
        config.Plugins = [...config.Plugins, PlaceholderPlugin];
        return config;
    }
}

registry.category("fields").add("mail_import_signature", {
    ...htmlField,
    component: SignatureField,
});
