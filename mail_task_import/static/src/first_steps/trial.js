import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

const STAGES = {
    resolve: _t("Find the server"),
    connect: _t("Reach it"),
    tls: _t("Encrypt"),
    login: _t("Sign in"),
    folder: _t("Open the inbox"),
};
const STATES = {
    ok: { icon: "fa-check text-success", name: _t("Done") },
    failed: { icon: "fa-times text-danger", name: _t("Failed") },
    doing: { icon: "fa-circle-o-notch fa-spin", name: _t("Being done") },
    "": { icon: "fa-circle-thin text-muted", name: _t("Still to be done") },
};
const SECURITY = { ssl: "SSL/TLS", starttls: "STARTTLS", none: _t("not encrypted") };

/** The servers that were tried, each with its stages: done, failed, or still to be done. */
export class Trial extends Component {
    static template = "mail_task_import.Trial";
    static props = { attempts: Array };

    title({ way, server }) {
        const what = way === "sending" ? _t("Sending") : _t("Receiving");
        return server
            ? _t("%(what)s: %(host)s, port %(port)s, %(security)s", {
                  ...server,
                  what,
                  security: SECURITY[server.security],
              })
            : what;
    }

    /** A connection that is not encrypted has no such stage. */
    stages({ server, stages }) {
        return stages
            .filter(({ stage }) => stage !== "tls" || server?.security !== "none")
            .map(({ stage, is }) => ({
                id: stage,
                name: STAGES[stage] || stage,
                icon: STATES[is].icon,
                state: STATES[is].name,
            }));
    }
}
