/**
 * Recipients as people write and paste them. What is stored is the plain text of To, Cc or Bcc; the
 * server reads it with its own eyes when the e-mail is sent.
 */
const ADDRESS = /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+\.[^\s@<>(),;:"[\]\\.]+$/;
const NAMED = /^(.*?)[\s]*<\s*([^<>]*?)\s*>$/s;

/** Cut at separators, but neither in quoted names nor between angle brackets. */
function cut(text, separators) {
    const parts = [];
    let part = "";
    let quoted = false;
    let angle = false;
    for (const character of text) {
        if (character === '"') {
            quoted = !quoted;
        } else if (!quoted && (character === "<" || character === ">")) {
            angle = character === "<";
        }
        if (!quoted && !angle && separators.includes(character)) {
            parts.push(part);
            part = "";
        } else {
            part += character;
        }
    }
    parts.push(part);
    return parts.map((one) => one.trim()).filter(Boolean);
}

/** `Last, First <a@b>` between semicolons is one person; a comma alone always parts two. */
function partsOf(text) {
    const parts = cut(text, ";\n\r\t");
    if (parts.length === 1) {
        return cut(text, ",;\n\r\t");
    }
    return parts.flatMap((part) =>
        (part.match(/@/g) || []).length > 1 || !part.includes("<") ? cut(part, ",") : [part]
    );
}

function tagOf(raw) {
    const named = raw.match(NAMED);
    let name = "";
    let address = raw;
    if (named) {
        name = named[1].trim().replace(/^"(.*)"$/s, "$1").replace(/\\(.)/g, "$1");
        address = named[2];
    } else if (/\s/.test(raw)) {
        const words = raw.split(/\s+/);
        if (words.filter((word) => word.includes("@")).length === 1 && words.at(-1).includes("@")) {
            address = words.pop();
            name = words.join(" ");
        }
    }
    const valid = ADDRESS.test(address);
    return { name, address, valid, text: valid ? formatted(name, address) : raw };
}

export function formatted(name, address) {
    if (!name || name.toLowerCase() === address.toLowerCase()) {
        return address;
    }
    return `"${name.replace(/[\\"]/g, "\\$&")}" <${address}>`;
}

/** `[{ name, address, valid, text }]`, each address once. */
export function parseRecipients(text) {
    return merged(partsOf(text || "").map(tagOf));
}

export function merged(tags) {
    const seen = new Map();
    for (const tag of tags) {
        const key = tag.address.toLowerCase();
        const known = seen.get(key);
        if (!known || (!known.name && tag.name)) {
            seen.set(key, tag);
        }
    }
    return [...seen.values()];
}

export function joined(tags, rest = "") {
    return [...tags.map((tag) => tag.text), rest.trim()].filter(Boolean).join(", ");
}
