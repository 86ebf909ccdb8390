import { ConnectionLostError } from "@web/core/network/rpc";
import { reactive } from "@odoo/owl";
import { RelationalModel } from "@web/model/relational_model/relational_model";

export const WRITTEN = ["to", "cc", "bcc", "subject", "body"];
const TYPED = ["to", "cc", "bcc", "subject"];
const CHANGED_ERROR = "odoo.addons.mail_task_import.exceptions.DraftChangedError";

/**
 * A draft that is being written. What the server answers, to a change or to a save, is older than
 * what is typed meanwhile: it never takes the place of that.
 */
export class DraftRecord extends RelationalModel.Record {
    /** Every save says on which state of the draft it builds. */
    _getChanges(changes, options = {}) {
        const result = super._getChanges(changes, options);
        if (!options.withReadonly && "version" in this.data && Object.keys(result).length) {
            result.version = this.data.version;
        }
        return result;
    }

    /** Of the text, an answer changes the signature alone, where the text stands now. */
    async _getOnchangeValues(changes) {
        const asked = String(this.data.body || "");
        let values;
        try {
            values = (await super._getOnchangeValues(changes)) || {};
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return {};
            }
            throw error;
        }
        for (const name of TYPED) {
            delete values[name];
        }
        const isAsked = "mailbox_id" in changes || "signature_id" in changes;
        if ("body" in values && this.model.draftBody?.takeSignature(values.body, asked, isAsked)) {
            delete values.body;
        }
        return values;
    }

    /** The editor keeps its own text, though the server has written it in other tags. */
    async _save(options = {}) {
        if (this.model.draftIsGone) {
            return true;
        }
        const { onError } = options;
        this.bodyKept = String(this.data.body || "");
        this.model.draft.state = "saving";
        try {
            const saved = await super._save({
                ...options,
                onError: (error, ways) => this.onNotSaved(error, ways, onError),
            });
            if (saved) {
                this.model.onDraftSaved?.(this);
            }
            return saved;
        } finally {
            delete this.bodyKept;
            if (this.model.draft.state === "saving") {
                this.model.draft.state = "unsaved";
            }
        }
    }

    _setData(data, options) {
        const values = "bodyKept" in this && "body" in data ? { ...data, body: this.bodyKept } : data;
        return super._setData(values, options);
    }

    onNotSaved(error, ways, onError) {
        if (error instanceof ConnectionLostError) {
            this.model.draft.state = "offline";
            this.model.onDraftOffline?.(this);
            return false;
        }
        if (error.data?.name === CHANGED_ERROR) {
            this.model.draft.state = "changed";
            this.model.onDraftChanged?.(this);
            return false;
        }
        this.model.draft.state = "failed";
        if (onError) {
            return onError(error, ways);
        }
        throw error;
    }

    /** The newest state is known, and to be written over. */
    buildOn(version) {
        this._values.version = version;
        this.data.version = version;
    }
}

export class DraftModel extends RelationalModel {
    static Record = DraftRecord;

    setup(...args) {
        super.setup(...args);
        /** "saved", "unsaved", "saving", "offline", "changed" or "failed"; and when it was saved */
        this.draft = reactive({ state: "saved", at: null });
        /** The rows that are shown though they are empty, besides To. */
        this.shownRecipients = reactive({ names: [] });
    }

    /**
     * Have the server change the draft; the form is locked, or what is typed meanwhile would be lost.
     *
     * @returns {Promise<*>} what the method returns; undefined where the draft could not be saved
     */
    async haveChanged(method, ...args) {
        const record = this.root;
        document.activeElement?.blur();
        this.env.services.ui.block();
        try {
            if (!(await record.save())) {
                return undefined;
            }
            return await this.mutex.exec(async () => {
                const said = await this.orm.call(record.resModel, method, [[record.resId], ...args]);
                await record._load();
                return said;
            });
        } finally {
            this.env.services.ui.unblock();
        }
    }
}
