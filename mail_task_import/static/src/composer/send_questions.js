import { _t } from "@web/core/l10n/translation";

import { textOf } from "./local_copy";

/** What people write when they mean to send a file along. */
const SPEAKS_OF_FILES =
    /\battach(?:ed|ment|ments|ing)?\b|\benclosed\b|\benclosing\b|вложени|вложен[аоы]?(?![а-яё])|во вложении|прикреп|прилага[юе]|приложен[аоы]?(?![а-яё])|в приложении/iu;
const NOT_OURS = ".o_mail_import_signature, .o_mail_import_quote, blockquote";

/** Without the signature, and without what is quoted. */
function ownText(body) {
    const root = new DOMParser().parseFromString(body || "", "text/html").body;
    root.querySelectorAll(NOT_OURS).forEach((block) => block.remove());
    return textOf(root.innerHTML);
}

/** What is asked before an e-mail leaves that may not be meant so. */
export function questionsBefore(data, { subject, body }) {
    const questions = [];
    if (!subject.trim()) {
        questions.push({
            title: _t("No subject"),
            body: _t("This e-mail has no subject. Send it like that?"),
            confirmLabel: _t("Send without a Subject"),
        });
    }
    const hasFiles = Boolean(data.attachment_ids?.records.length);
    if (!hasFiles && SPEAKS_OF_FILES.test(ownText(body))) {
        questions.push({
            title: _t("No file"),
            body: _t("The text speaks of a file, but none is attached. Send it like that?"),
            confirmLabel: _t("Send without a File"),
        });
    }
    return questions;
}
