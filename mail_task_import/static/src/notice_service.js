import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const SHOWN = 3;

/**
 * A word in the open browser about new mail, for who has no notifications in the bell. Only ids
 * come by the bus; what they are is read with the user's own rights.
 */
export const noticeService = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, { action, bus_service, notification, orm }) {
        async function onNotice({ entry_ids: ids }) {
            if (document.visibilityState !== "visible") {
                return;
            }
            const found = await orm.searchRead(
                "mail.import.entry",
                [["id", "in", ids.slice(0, SHOWN)]],
                ["correspondent", "subject", "verdict"]
            );
            if (found.length) {
                show(found, ids.length);
            }
        }

        function show(entries, count) {
            const [entry] = entries;
            const text =
                count === 1
                    ? entry.subject || _t("(no subject)")
                    : _t("From %s", entries.map((one) => one.correspondent).join(", "));
            const close = notification.add(text, {
                title: count === 1 ? titleOf(entry) : _t("%s new e-mails", count),
                type: "info",
                autocloseDelay: 10000,
                buttons: [
                    {
                        name: _t("Open"),
                        onClick: () => {
                            close();
                            open(count === 1 && entry);
                        },
                    },
                ],
            });
        }

        function titleOf({ correspondent, verdict }) {
            return verdict === "fail"
                ? _t("New e-mail from %s (unverified sender)", correspondent)
                : _t("New e-mail from %s", correspondent);
        }

        function open(entry) {
            return action.doAction(
                entry
                    ? {
                          type: "ir.actions.act_window",
                          res_model: "mail.import.entry",
                          res_id: entry.id,
                          views: [[false, "form"]],
                      }
                    : "mail_task_import.action_mail_import_inbox"
            );
        }

        bus_service.subscribe("mail_import/notice", onNotice);
    },
};

registry.category("services").add("mail_import.notice", noticeService);
