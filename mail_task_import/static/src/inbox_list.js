import { registry } from "@web/core/registry";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useService } from "@web/core/utils/hooks";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";
import { onWillUnmount } from "@odoo/owl";
import { useDropzone } from "@web/core/dropzone/dropzone_hook";

import { AT_ONCE, DEEDS, doInParts } from "./deeds/in_parts";
import { openImport } from "./import_files";
import { countAgain, InboxSearchPanel } from "./inbox_search_panel";

const IN_MENU = "o_mail_import_in_menu";
const KEYS = { e: "action_archive_entry", delete: "action_trash", s: "action_star" };

/** The inbox: shows new mail as it comes, and opens drafts for writing. */
export class InboxListController extends ListController {
    setup() {
        super.setup();
        this.bus = useService("bus_service");
        const onNewMail = () => this.onNewMail();
        this.bus.subscribe("mail_import/new_mail", onNewMail);
        onWillUnmount(() => this.bus.unsubscribe("mail_import/new_mail", onNewMail));
        useDropzone(this.rootRef, (ev) => openImport(this.env, [...ev.dataTransfer.files]));
        this.ui = useService("ui");
        for (const [key, name] of Object.entries(KEYS)) {
            useHotkey(key, () => this.press({ clickParams: { name, type: "object" } }), {
                isAvailable: () => this.model.root.selection?.length > 0,
            });
        }
        this.shown = this.props.state && JSON.stringify(this.props.domain);
        const isInMenu = (button) => button.className?.includes(IN_MENU);
        const { headerButtons } = this.archInfo;
        this.buttonsInMenu = headerButtons.filter(isInMenu);
        this.archInfo = {
            ...this.archInfo,
            headerButtons: headerButtons.filter((button) => !isInMenu(button)),
        };
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks = { ...params.hooks, onRootLoaded: () => this.onRootLoaded() };
        return params;
    }

    /** What is done seldom with mails that are chosen: more buttons than these find no room. */
    getStaticActionMenuItems() {
        const items = super.getStaticActionMenuItems();
        this.buttonsInMenu.forEach((button, index) => {
            items[button.clickParams.name] = {
                sequence: index,
                icon: `fa ${button.icon}`,
                description: button.string,
                callback: () => this.press(button),
            };
        });
        return items;
    }

    async press({ clickParams }) {
        const { root } = this.model;
        const resIds = await root.getResIds(true);
        const buttonContext = {
            active_domain: this.props.domain,
            active_ids: resIds,
            active_model: root.resModel,
        };
        return this.env.onClickViewButton({
            clickParams: { ...clickParams, buttonContext },
            getResParams: () => ({
                context: root.context,
                evalContext: root.evalContext,
                resModel: root.resModel,
                resIds,
            }),
        });
    }

    /** The host's buttons hand over all that are selected, up to 20,000, at once. */
    async beforeExecuteActionButton(clickParams) {
        const ids = clickParams.buttonContext?.active_ids || [];
        if (ids.length <= AT_ONCE || !DEEDS.has(clickParams.name)) {
            return super.beforeExecuteActionButton(clickParams);
        }
        const { orm, ui } = this;
        await this.actionService.doAction(
            await doInParts({ orm, ui }, clickParams.name, ids, this.model.root.context)
        );
        await this.model.load();
        return false;
    }

    /** Where the same list is shown again, something was read or moved: the host keeps its counts. */
    onRootLoaded() {
        const shown = JSON.stringify(this.props.domain);
        if (shown === this.shown) {
            countAgain(this.env.searchModel);
        }
        this.shown = shown;
    }

    /** Not under the hands of somebody who is choosing mails: the rows would move. */
    async onNewMail() {
        const list = this.model.root;
        if (!list.selection?.length && !list.editedRecord) {
            await list.load();
        }
    }

    async openRecord(record, options) {
        if (record.data.state !== "draft") {
            return super.openRecord(record, options);
        }
        const action = await this.orm.call(record.resModel, "action_edit_draft", [[record.resId]]);
        return this.actionService.doAction(action);
    }
}

registry.category("views").add("mail_import_inbox", {
    ...listView,
    Controller: InboxListController,
    SearchPanel: InboxSearchPanel,
});
