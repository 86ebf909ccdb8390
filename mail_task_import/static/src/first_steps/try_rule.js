import { registry } from "@web/core/registry";

/** A rule was made: try it in a call of its own, since trials see what is committed alone. */
async function tryRule(env, { params }) {
    const action = await env.services.orm.call(params.model, "action_test", [[params.id]]);
    return env.services.action.doAction(action);
}

registry.category("actions").add("mail_import_try_rule", tryRule);
