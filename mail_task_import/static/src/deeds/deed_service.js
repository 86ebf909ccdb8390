import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const SHOWN = 10_000; // milliseconds that the note with its button stays
const KEY = "z";
const KEY_WORKS = 60_000; // milliseconds

/** What was done to e-mails a moment ago, told with a way back: a button, or the key "z". */
export const deedService = {
    dependencies: ["action", "hotkey", "notification", "orm"],

    start(env, { action, hotkey, notification, orm }) {
        let last = null;

        function forget() {
            last?.close();
            last?.removeHotkey();
            clearTimeout(last?.timer);
            last = null;
        }

        async function undo(id) {
            if (last?.id === id) {
                forget();
            }
            await action.doAction(await orm.call("mail.import.deed", "action_undo", [[id]]));
        }

        function tell({ deed_id: id, message }) {
            forget();
            if (!id) {
                notification.add(message, { type: "info" });
                return;
            }
            const close = notification.add(message, {
                type: "success",
                autocloseDelay: SHOWN,
                className: "o_mail_import_deed",
                buttons: [{ name: _t("Undo"), onClick: () => undo(id) }],
            });
            const removeHotkey = hotkey.add(KEY, () => undo(id), { global: true });
            last = { id, close, removeHotkey, timer: setTimeout(forget, KEY_WORKS) };
        }

        return { tell };
    },
};

registry.category("services").add("mail_import_deeds", deedService);

registry.category("actions").add("mail_import_deed", async (env, { params }) => {
    env.services.mail_import_deeds.tell(params);
    if (!params.back) {
        return { type: "ir.actions.act_window_close" };
    }
    // from the form of what is no longer here
    try {
        await env.services.action.restore();
    } catch {
        await env.services.action.doAction("mail_task_import.action_mail_import_inbox", {
            clearBreadcrumbs: true,
        });
    }
});
