/**
 * Addresses of links that hold placeholders: for the host these are no addresses, and it would empty
 * them, or link all but the last brace.
 */
import { LinkPopover } from "@html_editor/main/link/link_popover";
import { URL_REGEX } from "@html_editor/main/link/utils";
import { patch } from "@web/core/utils/patch";

// misspelt ones, too: saving says what was meant; the host drops the flag that ignores case
const PLACEHOLDER = String.raw`\{[a-zA-Z]\w*(?:\.\w+)*(?:\|[^{}<>\r\n]*)?\}`;
const NOT_THE_HOSTS = String.raw`(?<![{$])`;
const ANY = new RegExp(NOT_THE_HOSTS + PLACEHOLDER, "g");
const WHOLE = new RegExp(`^${PLACEHOLDER}$`);
/** A placeholder that says by itself where the link leads: to the web, a mail, a telephone. */
const LEADING = new RegExp(String.raw`^(?:https?://)?(${PLACEHOLDER}(?:[/?#].*)?)$`, "i");

/** What stands behind the host of an address in a text; the host ends it before any brace. */
const REST = String.raw`[^\s]*[^!.,})\]'"\s]`;
const REST_WITH = String.raw`(?:[^\s]*${PLACEHOLDER}(?=[!.,)]*(?:\s|$))|${REST})`;

// the host's own object: its editor recognises with it what is typed and what is pasted
URL_REGEX.compile(URL_REGEX.source.replace(REST, () => REST_WITH), "i");

patch(LinkPopover.prototype, {
    correctLink(url) {
        const plain = (url || "").replace(ANY, "x");
        if (plain === url || !url) {
            return super.correctLink(url);
        }
        const leading = url.match(LEADING);
        if (leading) {
            return leading[1];
        }
        const corrected = super.correctLink(plain);
        return corrected && corrected.slice(0, corrected.length - plain.length) + url;
    },

    deduceUrl(text) {
        return WHOLE.test(text.trim()) ? text.trim() : super.deduceUrl(text);
    },

    /** Where it leads differs for each recipient: there is no page to look at. */
    async loadAsyncLinkPreview() {
        if (!this.state.url?.match(ANY)) {
            return super.loadAsyncLinkPreview();
        }
        this.resetPreview();
        this.state.previewIcon.value = "fa-id-card-o";
    },
});
