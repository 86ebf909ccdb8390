import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { FirstFetch } from "./first_fetch";
import { Trial } from "./trial";

const MODEL = "mail.import.set.up";
const INBOX = "mail_task_import.action_mail_import_inbox";
const NO_SERVER = { protocol: "imap", host: "", port: 993, security: "ssl" };
const NO_SMTP = { protocol: "smtp", host: "", port: 465, security: "ssl" };

/** Refusals are shown in their place; what is no refusal is the host's to show. */
function wordsOf(error) {
    if (!(error instanceof RPCError)) {
        throw error;
    }
    return error.data?.message || error.message;
}

/**
 * The start page: an address and a password become a mailbox, and the user watches.
 *
 * Where one is, the server knows; the password is in this page alone until the mailbox is saved.
 */
export class FirstSteps extends Component {
    static template = "mail_task_import.FirstSteps";
    static components = { FirstFetch, MultiRecordSelector, RecordSelector, Trial };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            kind: this.props.action.context?.mail_import_kind || this.props.action.params?.kind,
            isAdministrator: false,
            where: null,
            plan: null,
            password: "",
            login: "",
            attempts: [],
            busy: false,
            failed: "",
            manual: false,
            reading: { ...NO_SERVER },
            sending: { ...NO_SMTP },
            works: null,
            isNew: false,
            chosen: {},
            history: "today",
        });
        onWillStart(() => this.begin());
    }

    async begin() {
        const { is_administrator } = await this.orm.call("mail.import.mailbox", "first_steps");
        this.state.isAdministrator = is_administrator;
        if (!this.state.kind && !is_administrator) {
            this.state.kind = "personal";
        }
        if (this.state.kind) {
            await this.goOn();
        }
    }

    call(method, ...args) {
        return this.orm.call(MODEL, method, [this.state.kind, ...args]);
    }

    async choose(kind) {
        this.state.kind = kind;
        await this.goOn();
    }

    async goOn() {
        this.show(await this.call("where"));
        const { servers, step, is_connected, mailbox_id } = this.state.where;
        if (servers.reading && !this.state.where.provider) {
            Object.assign(this.state, { manual: true, login: servers.login || "" });
            Object.assign(this.state.reading, servers.reading);
            Object.assign(this.state.sending, servers.sending || {});
        }
        if (step === "decide" && is_connected && mailbox_id && !this.state.works) {
            await this.tryAccount();
        }
    }

    show(where) {
        const { visibility, letters_outside, members, teams, target, project } = where;
        // what others may read, the owner says: nothing is chosen in advance
        const chosen = this.state.kind === "group" ? visibility : "";
        Object.assign(this.state, {
            where,
            failed: "",
            chosen: { visibility: chosen, letters_outside, members, teams, target, project },
        });
    }

    get step() {
        return this.state.where?.step || "kind";
    }

    get steps() {
        const names = {
            account: _t("Address and password"),
            decide: this.state.kind === "group" ? _t("Who and what") : _t("Who may read it"),
            history: _t("Which mail"),
        };
        return Object.entries(names).map(([id, name]) => ({ id, name }));
    }

    get title() {
        return this.state.kind === "group" ? _t("Set up a group mailbox") : _t("Connect your mailbox");
    }

    get labels() {
        return { members: _t("Members"), teams: _t("Teams"), project: _t("Project") };
    }

    /** Whole sentences: other languages put a name elsewhere in them. */
    get texts() {
        const { address } = this.state.where;
        const name = this.provider?.name;
        return {
            active: _t("%s is active.", address),
            appPassword: _t("Make an app password at %s", name),
            example: _t(
                "For example: Ann, a customer, writes to %s about the deal “New roof”. Her mail is linked to that deal.",
                address
            ),
            linked:
                this.state.kind === "group"
                    ? _t(
                          "Ann's mail stands in the history of the deal. Mail that belongs to no record stays the members' own."
                      )
                    : _t(
                          "Ann's mail stands in the history of the deal. Mail that belongs to no record stays yours alone."
                      ),
            noPassword: _t(
                "%s takes no passwords from programs. An administrator makes Odoo known to it first, under Settings, General Settings, Discuss; then you sign in there.",
                name
            ),
            signIn: _t("Sign in with %s", this.provider?.account),
        };
    }

    get worksText() {
        const { reading, sending } = this.state.works;
        return sending
            ? _t("It works: mail is received from %(reading)s and sent by %(sending)s.", {
                  reading: reading.host,
                  sending: sending.host,
              })
            : _t("It works: mail is received from %s. Nothing is sent.", reading.host);
    }

    get provider() {
        return this.state.plan ? this.state.plan.provider : this.state.where.provider;
    }

    /** Providers that take no passwords from programs are signed in to on their own pages. */
    get needsPassword() {
        return this.provider?.sign_in !== "oauth";
    }

    get isTask() {
        const { targets } = this.state.where;
        const target = targets.find(({ id }) => id === this.state.chosen.target);
        return target?.model === "project.task";
    }

    // -- address and password -------------------------------------------------------------------

    /** As soon as the address is there: which provider it is, and what it wants. */
    async lookUp(provider = false) {
        const { address } = this.state.where;
        if (!address.includes("@")) {
            return null;
        }
        try {
            this.state.plan = await this.call("look_up", address, provider);
            this.state.where.address = this.state.plan.address;
        } catch (error) {
            this.state.failed = wordsOf(error);
        }
        return this.state.plan;
    }

    async onAddress() {
        Object.assign(this.state, { plan: null, failed: "", attempts: [] });
        await this.lookUp();
    }

    async onProvider(ev) {
        await this.lookUp(parseInt(ev.target.value) || false);
        Object.assign(this.state, { manual: false, failed: "" });
    }

    servers(way) {
        const entered = this.state[way];
        if (this.state.manual) {
            return entered.host ? [{ ...entered, port: parseInt(entered.port) || 0 }] : [];
        }
        return this.state.plan[way];
    }

    get login() {
        return (this.state.manual && this.state.login) || this.state.where.address;
    }

    /** Find, reach, encrypt, sign in, read; then the same for sending. Each is shown as it is done. */
    async connect() {
        Object.assign(this.state, { attempts: [], failed: "", works: null, busy: true });
        try {
            if (!(this.state.plan || (await this.lookUp()))) {
                this.state.failed ||= _t("Enter a whole e-mail address: name@domain.");
                return;
            }
            if (this.state.plan.refused && !this.state.manual) {
                this.state.failed = this.state.plan.refused;
                return;
            }
            const reading = await this.tryAll("reading");
            const sending = reading && (await this.tryAll("sending"));
            if (reading && (sending || !this.servers("sending").length)) {
                await this.save(reading, sending);
            }
        } finally {
            this.state.busy = false;
        }
    }

    /** The first server that answers and lets the user in, or null. */
    async tryAll(way) {
        const servers = this.servers(way);
        if (!servers.length && way === "reading") {
            this.unfold(_t("Enter the server that your mail is read from."));
        }
        for (const [index, server] of servers.entries()) {
            const found = await this.tryStages(way, server, "try_server", ["resolve", "connect", "tls"]);
            if (found.ok) {
                this.found = { ...this.found, [way]: found.server };
                return this.signIn(way, found.server);
            }
            if (index === servers.length - 1) {
                this.unfold(found.advice);
            }
        }
        return null;
    }

    async signIn(way, server) {
        if (way === "sending" && !server.needs_login) {
            return server;
        }
        const stages = way === "sending" ? ["login"] : ["login", "folder"];
        const args = [this.login, this.state.password];
        const { ok, advice } = await this.tryStages(way, server, "try_login", stages, args);
        if (!ok) {
            this.state.failed = advice;
        }
        return ok ? server : null;
    }

    async tryStages(way, server, method, names, args = []) {
        let attempt = this.state.attempts.at(-1);
        if (method === "try_server") {
            this.state.attempts.push({ way, server, stages: [] });
            attempt = this.state.attempts.at(-1);
        }
        const before = attempt.stages.length;
        names.forEach((stage, index) => attempt.stages.push({ stage, is: index ? "" : "doing" }));
        const outcome = await this.outcomeOf(method, way, server, ...args);
        this.note(attempt, before, outcome.stages);
        return outcome;
    }

    async outcomeOf(method, ...args) {
        try {
            return await this.orm.silent.call(MODEL, method, [this.state.kind, ...args]);
        } catch (error) {
            return { ok: false, stages: [], advice: wordsOf(error) };
        }
    }

    /** What became of each stage; the page had shown them as still to be done. */
    note(attempt, before, results) {
        for (const shown of attempt.stages.slice(before)) {
            const result = results.find(({ stage }) => stage === shown.stage);
            shown.is = result ? (result.ok ? "ok" : "failed") : "";
        }
        const failed = results.find(({ ok }) => !ok);
        if (failed) {
            Object.assign(attempt, { message: failed.message, words: failed.words });
        }
    }

    unfold(advice) {
        const { plan } = this.state;
        for (const way of ["reading", "sending"]) {
            if (!this.state[way].host && plan[way].length) {
                Object.assign(this.state[way], plan[way][0]);
            }
        }
        Object.assign(this.state, { failed: advice, manual: true, login: this.login });
    }

    // -- saving ---------------------------------------------------------------------------------

    async save(reading, sending) {
        const { where, password } = this.state;
        const values = {
            address: where.address,
            login: this.login,
            password,
            provider: this.provider?.id,
            reading,
            sending,
        };
        this.show(await this.call("save", values));
        Object.assign(this.state, { password: "", works: { reading, sending } });
    }

    /** Where the trial failed: what was found, or else what would have been tried first. */
    async saveAnyway() {
        const found = this.found || {};
        const [reading, sending] = ["reading", "sending"].map(
            (way) => (!this.state.manual && found[way]) || this.servers(way)[0] || null
        );
        await this.save(reading, sending);
        this.state.works = null;
    }

    get canSaveAnyway() {
        return this.state.attempts.length && this.servers("reading").length;
    }

    async connectAccount() {
        const action = await this.call("connect_account", this.state.where.address);
        return this.action.doAction(action);
    }

    async tryAccount() {
        this.state.attempts = [{ way: "reading", server: null, stages: [], message: "", words: "" }];
        const outcome = await this.call("try_account");
        this.state.attempts[0].stages = outcome.stages.map(({ stage, ok }) => ({
            stage,
            is: ok ? "ok" : "failed",
        }));
        this.state.failed = outcome.advice;
        this.note(this.state.attempts[0], 0, outcome.stages);
    }

    // -- deciding, and going on -----------------------------------------------------------------

    back() {
        Object.assign(this.state.where, { step: "account" });
        Object.assign(this.state, { attempts: [], failed: "", works: null });
    }

    async decide() {
        this.show(await this.call("decide", { ...this.state.chosen }));
    }

    async start() {
        this.state.busy = true;
        try {
            this.show(await this.call("start", this.state.history));
        } finally {
            this.state.busy = false;
        }
        this.state.isNew = true;
    }

    /** Who has just begun lands in an inbox that has something in it. */
    onFetched() {
        if (this.state.isNew && this.state.kind === "personal") {
            this.state.isNew = false;
            this.openInbox();
        }
    }

    openInbox() {
        return this.action.doAction(INBOX, { clearBreadcrumbs: true });
    }

    openMailbox() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "mail.import.mailbox",
            res_id: this.state.where.mailbox_id,
            views: [[false, "form"]],
        });
    }

    async makeRule() {
        const ids = [this.state.where.mailbox_id];
        return this.action.doAction(
            await this.orm.call("mail.import.mailbox", "action_make_rule", [ids])
        );
    }

    async startOver() {
        this.show(await this.call("start_over"));
        Object.assign(this.state, { attempts: [], plan: null, manual: false, works: null });
    }
}

registry.category("actions").add("mail_import_first_steps", FirstSteps);
