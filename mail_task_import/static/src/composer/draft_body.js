import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { onMounted, onWillUnmount } from "@odoo/owl";

const SIGNATURE = ".o_mail_import_signature";
const QUOTED = ".o_mail_import_quote, blockquote";

const parsed = (body) => new DOMParser().parseFromString(String(body || ""), "text/html").body;

/** The writer's own, not one of a mail that is quoted. */
const signatureIn = (root) =>
    [...root.querySelectorAll(SIGNATURE)].find((block) => !block.closest(QUOTED));

const wordsOf = (block) => block.textContent.replace(/[\s\u200b\ufeff]+/g, "");

/** The text of a draft: the host's editor, in which another signature can be put while one writes. */
export class DraftBody extends HtmlField {
    setup() {
        super.setup();
        const { model } = this.props.record;
        onMounted(() => (model.draftBody = this));
        onWillUnmount(() => {
            if (model.draftBody === this) {
                model.draftBody = null;
            }
        });
        useBus(model.bus, "MAIL_IMPORT_DRAFT_NOW", ({ detail }) => (detail.body = this.textNow));
        useBus(model.bus, "WILL_SAVE_URGENTLY", () => this.sendAgain());
    }

    /** Where it is known already whom it goes to, one begins with the text, at its top. */
    onEditorLoad(editor) {
        super.onEditorLoad(editor);
        const { data } = this.props.record;
        const top = editor.editable?.querySelector("p, div");
        if (data.unwritten && data.to && top && !this.hasBegun && !this.env.isSmall) {
            this.hasBegun = true;
            editor.shared.selection.setCursorStart(top);
            editor.editable.focus();
        }
    }

    get textNow() {
        const shown = this.editor?.editable?.isConnected && !this.state.showCodeView;
        return shown ? this.editor.getContent() : String(this.props.record.data.body || "");
    }

    async updateValue(value) {
        this.underWay = (this.underWay || 0) + 1;
        try {
            return await super.updateValue(value);
        } finally {
            this.underWay--;
        }
    }

    /** A change that waits for the server does not reach it any more when the page is closed. */
    sendAgain() {
        if (this.underWay) {
            this.props.record.update({ [this.props.name]: this.textNow });
        }
    }

    /**
     * @param {string} answer a body by the server, of which only the signature counts
     * @param {string} asked the body that the server was told
     * @param {boolean} isAsked whether another signature was chosen, or this one filled in anew
     * @returns {boolean} whether the text that is shown is right now
     */
    takeSignature(answer, asked, isAsked) {
        const { editable } = this.editor || {};
        if (!editable?.isConnected || this.state.showCodeView) {
            return false;
        }
        const next = signatureIn(parsed(answer));
        const shown = signatureIn(editable);
        const before = signatureIn(parsed(asked));
        if (!next || (!shown && before)) {
            return true;
        }
        if (!shown && !isAsked) {
            return true;
        }
        const known = [before && wordsOf(before), this.signedWith];
        if (shown && before && !known.includes(wordsOf(shown)) && !isAsked) {
            return true;
        }
        const block = editable.ownerDocument.importNode(next, true);
        if (!shown) {
            editable.append(block);
        } else if (shown.outerHTML !== block.outerHTML) {
            shown.replaceWith(block);
        }
        this.signedWith = wordsOf(block);
        this.editor.shared.history.addStep();
        return true;
    }
}

registry.category("fields").add("mail_import_draft_body", {
    ...htmlField,
    component: DraftBody,
    additionalClasses: ["o_field_html"],
});
