import { DYNAMIC_PLACEHOLDER_PLUGINS } from "@html_editor/backend/plugin_sets";
import { isHtmlContentSupported } from "@html_editor/core/selection_plugin";
import { DynamicPlaceholderPlugin } from "@html_editor/others/dynamic_placeholder_plugin";
import { Plugin } from "@html_editor/plugin";
import { withSequence } from "@html_editor/utils/resource";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { PlaceholderPicker } from "./placeholder_picker";

/** Placeholders that say where a link leads: the selected words become one. */
const ADDRESS = /^\{optOutUrl\b/;

/** The entry of the menu that “/” opens; wherever the host offers its own dynamic placeholders. */
export class PlaceholderPlugin extends Plugin {
    static id = "mailImportPlaceholder";
    static dependencies = ["overlay", "selection", "history", "dom"];
    resources = {
        user_commands: [
            {
                id: "openMailImportPicker",
                title: _t("Placeholder"),
                description: _t("Insert the recipient's name and the like"),
                icon: "fa-id-card-o",
                run: () => this.open(this.config.dynamicPlaceholderResModel),
                isAvailable: isHtmlContentSupported,
            },
        ],
        powerbox_categories: withSequence(55, {
            id: "mail_import_placeholders",
            name: _t("Placeholders"),
        }),
        powerbox_items: {
            categoryId: "mail_import_placeholders",
            commandId: "openMailImportPicker",
            keywords: ["placeholder", _t("field"), _t("name")],
        },
        // what is selected has no menu by “/”: that would replace it
        toolbar_items: {
            id: "mailImportPlaceholder",
            groupId: "link",
            commandId: "openMailImportPicker",
        },
    };

    setup() {
        this.overlay = this.dependencies.overlay.createOverlay(PlaceholderPicker, {
            hasAutofocus: true,
            className: "popover o_mail_import_picker_overlay",
        });
    }

    open(resModel) {
        if (!resModel) {
            this.services.notification.add(_t("Choose first what the letter is about."), {
                type: "warning",
            });
            return;
        }
        this.overlay.open({
            props: {
                resModel,
                isHtml: true,
                insert: this.insert.bind(this),
                close: this.close.bind(this),
            },
        });
    }

    close() {
        this.overlay.close();
        this.dependencies.selection.focusEditable();
    }

    insert(written) {
        const selection = this.dependencies.selection.getEditableSelection();
        const words = selection.isCollapsed ? "" : selection.textContent().trim();
        this.dependencies.dom.insert(
            words && ADDRESS.test(written) ? this.linked(words, written) : written
        );
        this.dependencies.history.addStep();
    }

    /** An address in the place of words would be read, and not followed. */
    linked(words, address) {
        const link = this.document.createElement("a");
        link.setAttribute("href", address);
        link.textContent = words;
        return link;
    }
}

DYNAMIC_PLACEHOLDER_PLUGINS.push(PlaceholderPlugin);

// all plugins of an editor share its settings
patch(DynamicPlaceholderPlugin.prototype, {
    updateDphDefaultModel(resModel) {
        super.updateDphDefaultModel(resModel);
        this.config.dynamicPlaceholderResModel = resModel;
    },
});
