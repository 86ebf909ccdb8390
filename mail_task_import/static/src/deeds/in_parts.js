import { _t } from "@web/core/l10n/translation";

/** E-mails that one request changes: thousands more would hold the rows of others for seconds. */
export const AT_ONCE = 1000;

/** Methods that change e-mails, and can go on with what an earlier part has begun. */
export const DEEDS = new Set([
    "action_archive_entry",
    "action_trash",
    "action_put_back",
    "action_mark_selected_read",
    "action_mark_unread",
    "action_star",
    "action_unstar",
    "action_done",
    "action_not_done",
]);

/**
 * One deed on thousands of e-mails, in parts, with a word on how far it is.
 *
 * @param {Object} services "orm" and "ui"
 * @param {string} method one of ``DEEDS``
 * @param {number[]} ids
 * @param {Object} context
 * @returns {Promise<Object>} the action that tells of the deed
 */
export async function doInParts({ orm, ui }, method, ids, context) {
    let answer;
    let deedId = false;
    for (let done = 0; done < ids.length; done += AT_ONCE) {
        ui.block({ message: _t("%(done)s of %(all)s e-mails…", { done, all: ids.length }) });
        try {
            answer = await orm.call(
                "mail.import.entry",
                method,
                [ids.slice(done, done + AT_ONCE)],
                { context: { ...context, mail_import_deed_id: deedId } }
            );
        } finally {
            ui.unblock();
        }
        deedId = answer.params.deed_id || deedId;
    }
    return answer;
}
