import { browser } from "@web/core/browser/browser";
import { session } from "@web/session";
import { user } from "@web/core/user";

/**
 * What was written and is not saved yet, in this browser: for a crash, and while the server cannot
 * be reached. It goes as soon as the server has it.
 */
const WRITTEN = ["to", "cc", "bcc", "subject"];

const keyOf = (resId) => `mail_import.draft.${session.db || ""}.${user.userId}.${resId}`;

export function keepCopy(resId, copy) {
    try {
        browser.localStorage.setItem(keyOf(resId), JSON.stringify({ ...copy, at: Date.now() }));
    } catch {
        // full, or forbidden by the browser: the server has what was saved
    }
}

export function keptCopy(resId) {
    try {
        return JSON.parse(browser.localStorage.getItem(keyOf(resId)));
    } catch {
        return null;
    }
}

export function forgetCopy(resId) {
    browser.localStorage.removeItem(keyOf(resId));
}

/** What a body says; pictures count, formatting does not. */
export function textOf(body) {
    const { body: root } = new DOMParser().parseFromString(String(body || ""), "text/html");
    for (const line of root.querySelectorAll("p, div, br, li, tr, h1, h2, h3, blockquote")) {
        line.append("\n");
        if (line.tagName === "BR") {
            line.replaceWith("\n");
        }
    }
    return root.textContent
        .replace(/[^\S\n]+/g, " ")
        .replace(/ ?\n ?/g, "\n")
        .replace(/\n{3,}/g, "\n\n")
        .trim();
}

export function saysTheSame(one, other) {
    const plain = (text) => textOf(text).replace(/[\s\u200b\ufeff]+/g, "");
    return (
        WRITTEN.every((name) => (one[name] || "").trim() === (other[name] || "").trim()) &&
        plain(one.body) === plain(other.body)
    );
}
