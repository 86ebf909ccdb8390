import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { hasTouch } from "@web/core/browser/feature_detection";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { fuzzyLookup } from "@web/core/utils/search";

const MODEL = "mail.import.placeholder";
const NOT_IN_DEFAULTS = /[{}<>\r\n]/g;
const LONGEST_DEFAULT = 200;

/**
 * Chooses a placeholder of ours, from whose it is to its attribute, and what stands there where it
 * is empty. The server says what there is; `insert` is called with `{Root.path|default}`.
 */
export class PlaceholderPicker extends Component {
    static template = "mail_task_import.PlaceholderPicker";
    static props = ["resModel", "isHtml", "insert", "close"];

    setup() {
        this.orm = useService("orm");
        this.longestDefault = LONGEST_DEFAULT;
        this.keepLast = new KeepLast();
        this.state = useState({ pages: [], query: "", active: 0, chosen: null, default: "" });
        const input = useRef("input");
        const body = useRef("body");
        useEffect(
            (el) => {
                if (!hasTouch()) {
                    el?.focus();
                }
            },
            () => [input.el, this.page]
        );
        useEffect(
            () => {
                body.el?.querySelector(".active")?.scrollIntoView({ block: "nearest" });
            },
            () => [this.state.active, this.state.query, this.page, this.state.chosen]
        );
        onWillStart(() => this.loadFirstPage());
    }

    async loadFirstPage() {
        const { resModel, isHtml } = this.props;
        const { roots, reserved } = await this.orm.call(MODEL, "choices", [resModel, isHtml]);
        const items = roots.map((root) => ({
            label: root.label,
            written: root.name,
            items: this.itemsOf(root.choices, [root.name], root.label),
        }));
        items.push(...this.itemsOf(reserved, [], ""));
        const searched = items.flatMap((item) => item.items || [item]);
        this.state.pages = [{ title: _t("Insert a Placeholder"), items, searched }];
    }

    itemsOf(choices, path, label) {
        return choices.map((choice) => ({
            label: choice.label,
            whose: label,
            written: [...path, choice.name].join("."),
            below: choice.below && [...path, choice.below],
        }));
    }

    get page() {
        return this.state.pages.at(-1);
    }

    get isSearching() {
        return Boolean(this.state.query.trim());
    }

    get items() {
        const { items, searched } = this.page;
        if (!this.isSearching) {
            return items;
        }
        return fuzzyLookup(this.state.query.trim(), searched || items, (item) => [
            item.label,
            `${item.whose} ${item.label}`,
            item.written,
        ]);
    }

    /** What will be inserted. */
    get written() {
        const value = this.state.default.replace(NOT_IN_DEFAULTS, "").trim();
        return `{${this.state.chosen.written}${value ? `|${value}` : ""}}`;
    }

    search(query) {
        Object.assign(this.state, { query, active: 0 });
    }

    open(page) {
        this.state.pages.push(page);
        this.search("");
    }

    choose(item) {
        if (item.items) {
            this.open({ title: item.label, items: item.items });
        } else {
            Object.assign(this.state, { chosen: item, default: "" });
        }
    }

    async follow(item) {
        const [root, ...path] = item.below;
        const choices = await this.keepLast.add(
            this.orm.call(MODEL, "choices_below", [this.props.resModel, root, path])
        );
        const title = [item.whose, item.label].filter(Boolean).join(" › ");
        this.open({ title, items: this.itemsOf(choices, item.below, title) });
    }

    back() {
        if (this.state.chosen) {
            this.state.chosen = null;
        } else {
            this.state.pages.pop();
        }
        this.search("");
    }

    insert() {
        const { written } = this;
        this.props.close();
        this.props.insert(written);
    }

    onKeydown(ev) {
        const handlers = {
            Escape: () => this.props.close(),
            Enter: () => this.onEnter(),
            ArrowDown: () => this.move(1),
            ArrowUp: () => this.move(-1),
        };
        const isButton = ev.key === "Enter" && ev.target.closest("button");
        if (handlers[ev.key] && !isButton) {
            ev.preventDefault();
            ev.stopPropagation();
            handlers[ev.key]();
        }
    }

    onEnter() {
        if (this.state.chosen) {
            this.insert();
        } else if (this.items.length) {
            this.choose(this.items[this.state.active]);
        }
    }

    move(step) {
        const { length } = this.items;
        if (length) {
            this.state.active = (this.state.active + step + length) % length;
        }
    }
}
