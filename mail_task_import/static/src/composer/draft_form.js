import { _t } from "@web/core/l10n/translation";
import { browser } from "@web/core/browser/browser";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { onMounted, onWillUnmount, useExternalListener } from "@odoo/owl";

import { DraftModel, WRITTEN } from "./draft_model";
import { DraftVersions } from "./draft_versions";
import { forgetCopy, keepCopy, keptCopy, saysTheSame } from "./local_copy";
import { questionsBefore } from "./send_questions";

const PAUSE = 2000; // milliseconds without a key before it saves itself
const LONGEST = 10000; // milliseconds of typing without a pause
const COPY_AFTER = 400;
const AGAIN_AFTER = 5000;

/** The form of a draft: it saves itself, and asks before it sends what looks like a mistake. */
export class DraftFormController extends FormController {
    setup() {
        super.setup();
        this.notification = useService("notification");
        Object.assign(this.model, {
            onDraftSaved: () => this.onSaved(),
            onDraftOffline: () => this.later(AGAIN_AFTER),
            onDraftChanged: () => this.askWhich(),
        });
        useBus(this.model.bus, "FIELD_IS_DIRTY", ({ detail }) => detail && this.onTyped());
        useExternalListener(window, "online", () => this.saveQuietly());
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev), { capture: true });
        useExternalListener(window, "blur", () => this.hasTyped && this.later(0));
        onMounted(() => this.offerCopy());
        onWillUnmount(() => this.stopWaiting());
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks = { ...params.hooks, onRecordChanged: () => this.onTyped() };
        return params;
    }

    get isDraft() {
        return this.model.root?.data.state === "draft" && !this.model.draftIsGone;
    }

    // -- it saves itself ------------------------------------------------------------------------

    onTyped() {
        if (!this.isDraft) {
            return;
        }
        this.hasTyped = true;
        if (this.model.draft.state === "saved") {
            this.model.draft.state = "unsaved";
        }
        this.typingSince ??= Date.now();
        browser.clearTimeout(this.copying);
        this.copying = browser.setTimeout(() => this.keepCopy(), COPY_AFTER);
        this.later(Math.min(PAUSE, Math.max(0, this.typingSince + LONGEST - Date.now())));
    }

    later(milliseconds) {
        browser.clearTimeout(this.waiting);
        this.waiting = browser.setTimeout(() => this.saveQuietly(), milliseconds);
    }

    stopWaiting() {
        browser.clearTimeout(this.waiting);
        browser.clearTimeout(this.copying);
    }

    async saveQuietly() {
        const { root, draft } = this.model;
        if (!this.isDraft || !this.hasTyped || draft.state === "changed") {
            return;
        }
        this.typingSince = null;
        if (await root.checkValidity()) {
            await root.save();
        }
    }

    /** Typing that went on while the server was busy waits for the next save. */
    onSaved() {
        const { draft, root } = this.model;
        const mine = this.writtenNow();
        const isNew = JSON.stringify(mine) !== this.seenLast;
        this.seenLast = JSON.stringify(mine);
        this.hasTyped = isNew && !saysTheSame(mine, root.data);
        if (this.hasTyped) {
            return this.onTyped();
        }
        browser.clearTimeout(this.copying);
        forgetCopy(root.resId);
        Object.assign(draft, { state: "saved", at: Date.now() });
    }

    // -- a copy in the browser ------------------------------------------------------------------

    /** What stands in the form at this moment, saved or not. */
    writtenNow() {
        const { data } = this.model.root;
        const now = Object.fromEntries(WRITTEN.map((name) => [name, String(data[name] || "")]));
        this.model.bus.trigger("MAIL_IMPORT_DRAFT_NOW", now);
        return { ...now, version: data.version };
    }

    keepCopy() {
        if (this.isDraft && this.hasTyped) {
            keepCopy(this.model.root.resId, this.writtenNow());
        }
    }

    /** After a crash: what the server has not got is offered, not put in by itself. */
    offerCopy() {
        const { resId, data } = this.model.root;
        const copy = this.isDraft && keptCopy(resId);
        if (!copy || saysTheSame(copy, data)) {
            return forgetCopy(resId);
        }
        this.ask(copy, data, {
            title: _t("Text that was not saved"),
            words: _t(
                "This browser has a text of yours that did not reach the server, before it was closed or the connection was lost."
            ),
        });
    }

    // -- two texts ------------------------------------------------------------------------------

    /** The draft was changed elsewhere since: both texts are shown. */
    async askWhich() {
        if (this.asking) {
            return;
        }
        this.asking = true;
        const mine = this.writtenNow();
        this.keepCopy();
        const { resModel, resId, fields } = this.model.root;
        const names = [...WRITTEN.filter((name) => name in fields), "version"];
        const [theirs] = await this.orm.read(resModel, [resId], names);
        this.ask(mine, theirs, {
            title: _t("This draft was changed elsewhere"),
            words: _t(
                "In another window, or by somebody else, since you opened it. Which of the two is to be kept?"
            ),
        });
    }

    ask(mine, theirs, words) {
        const chosen = (act) => async () => {
            this.asking = false;
            await act();
        };
        this.dialogService.add(
            DraftVersions,
            {
                ...words,
                mine,
                theirs,
                mineTitle: _t("Yours, in this window"),
                theirsTitle: _t("The one that is saved"),
                keepMine: chosen(() => this.keepMine(mine, theirs)),
                takeTheirs: chosen(() => this.takeTheirs()),
            },
            { onClose: () => (this.asking = false) }
        );
    }

    async keepMine(mine, theirs) {
        const { root, draft } = this.model;
        const { fields } = root;
        root.buildOn(theirs.version);
        draft.state = "unsaved";
        const values = WRITTEN.filter((name) => name in fields && name in root.activeFields);
        await root.update(Object.fromEntries(values.map((name) => [name, mine[name] || false])));
        this.hasTyped = true;
        await root.save();
    }

    async takeTheirs() {
        const { root, draft } = this.model;
        this.stopWaiting();
        this.hasTyped = false;
        await root.discard();
        await this.model.load();
        forgetCopy(root.resId);
        Object.assign(draft, { state: "saved", at: null });
    }

    // -- leaving --------------------------------------------------------------------------------

    async beforeLeave(options) {
        if (this.isDraft) {
            await this.model.root.isDirty();
        }
        const result = await super.beforeLeave(options);
        const { root } = this.model;
        if (result !== false && this.isDraft && root.data.unwritten && !root.dirty) {
            this.model.draftIsGone = true;
            await this.orm.call(root.resModel, "drop_unwritten", [[root.resId]]);
        }
        return result;
    }

    // -- sending --------------------------------------------------------------------------------

    onKeydown(ev) {
        const isSend = ev.key === "Enter" && (ev.ctrlKey || ev.metaKey) && !ev.altKey;
        if (isSend && this.isDraft && this.rootRef.el?.contains(ev.target)) {
            ev.preventDefault();
            ev.stopImmediatePropagation();
            if (!ev.repeat) {
                this.send();
            }
        }
    }

    async send() {
        if (this.isSending) {
            return;
        }
        const { resModel, resId, context, evalContext } = this.model.root;
        this.isSending = true;
        try {
            await this.env.onClickViewButton({
                clickParams: { type: "object", name: "action_send" },
                getResParams: () => ({ resModel, resId, resIds: [resId], context, evalContext }),
            });
        } finally {
            this.isSending = false;
        }
    }

    async beforeExecuteActionButton(clickParams) {
        const isSend = clickParams.name === "action_send";
        if (isSend) {
            await this.model.root.isDirty();
            for (const question of questionsBefore(this.model.root.data, this.writtenNow())) {
                if (!(await this.isMeant(question))) {
                    return false;
                }
            }
        }
        const saved = await super.beforeExecuteActionButton(clickParams);
        if (isSend && saved === false && this.model.draft.state === "offline") {
            this.notification.add(_t("Not sent: there is no connection. Your text is kept."), {
                type: "warning",
            });
        }
        return saved;
    }

    async afterExecuteActionButton(clickParams) {
        await super.afterExecuteActionButton(clickParams);
        if (clickParams.name === "action_discard") {
            this.stopWaiting();
            forgetCopy(this.model.root.resId);
        }
    }

    isMeant({ title, body, confirmLabel }) {
        return new Promise((resolve) => {
            this.dialogService.add(
                ConfirmationDialog,
                {
                    title,
                    body,
                    confirmLabel,
                    cancelLabel: _t("Back to the Text"),
                    confirm: () => resolve(true),
                    cancel: () => resolve(false),
                },
                { onClose: () => resolve(false) }
            );
        });
    }
}

registry.category("views").add("mail_import_draft", {
    ...formView,
    Controller: DraftFormController,
    Model: DraftModel,
});
