import { _t } from "@web/core/l10n/translation";
import { Dialog } from "@web/core/dialog/dialog";
import { Component } from "@odoo/owl";

import { textOf } from "./local_copy";

/** Two states of one draft beside each other; nothing is lost before somebody has chosen. */
export class DraftVersions extends Component {
    static template = "mail_task_import.DraftVersions";
    static components = { Dialog };
    static props = {
        close: Function,
        title: String,
        words: String,
        mine: Object,
        theirs: Object,
        keepMine: Function,
        takeTheirs: Function,
        mineTitle: String,
        theirsTitle: String,
    };

    get columns() {
        const { mine, theirs, mineTitle, theirsTitle } = this.props;
        return [
            { title: mineTitle, ...this.shown(mine) },
            { title: theirsTitle, ...this.shown(theirs) },
        ];
    }

    shown({ to, cc, bcc, subject, body }) {
        const lines = [
            [_t("To"), to],
            [_t("Cc"), cc],
            [_t("Bcc"), bcc],
            [_t("Subject"), subject],
        ];
        return { lines: lines.filter(([, value]) => value), text: textOf(body) };
    }

    async keepMine() {
        this.props.close();
        await this.props.keepMine();
    }

    async takeTheirs() {
        this.props.close();
        await this.props.takeTheirs();
    }
}
