"""One side of the benchmark, in a process of its own: ``python -m benchmarks.side < task``.

A task and its measurements are JSON objects on standard input and on the last line of standard
output. What differs between the sides is in ``host_side`` and ``our_side``.
"""

import json
import os
import sys

from benchmarks import gauges, host_side, our_side, profiling
from benchmarks.people import ADDRESS
from benchmarks.session import odoo_environment

SIDES = {"host": host_side.HostSide, "ours": our_side.OurSide}
COUNTED = {
    "records": "SELECT (SELECT count(*) FROM crm_lead) + (SELECT count(*) FROM project_task)",
    "messages": "SELECT count(*) FROM mail_message WHERE message_type = 'email'",
    "partners": "SELECT count(*) FROM res_partner",
    "notifications": "SELECT count(*) FROM mail_notification",
    "sent": "SELECT count(*) FROM mail_mail",
}


def main() -> None:
    task = json.load(sys.stdin)
    with odoo_environment(task) as env:
        result = measure(env, task)
    print(json.dumps(result))


def measure(env, task: dict) -> dict:
    """Import what is to be there beforehand, then what the clock is for."""
    _prepare(env, task)
    side = SIDES[task["side"]](env, task)
    memory = gauges.Memory()
    for login, count in task["beforehand"]:
        side.fetch(login, count)
    _follow(env, task["answered"])
    side.fetch(*task["warming"])
    before = _counts(env, side)
    os.sync()  # what was deleted and written before the clock runs is not what it measures
    profile = profiling.Profile(task["profile"]).start() if "profile" in task else None
    gauge = gauges.Times(env.cr)
    side.fetch(*task["measured"])
    times = gauge.read()
    if profile:
        profile.stop()
    used = memory.read()
    after = _counts(env, side)
    return {**times, **used, **{name: after[name] - before[name] for name in after}}


def _prepare(env, task: dict) -> None:
    """What both databases have: an own domain, as every host that receives mail has one, and

    those of the senders who are contacts.
    """
    if not env.company.alias_domain_id:
        env.company.alias_domain_id = env["mail.alias.domain"].create(
            {"name": ADDRESS.partition("@")[2]}
        )
    Partner = env["res.partner"]
    emails = [email for _name, email in task["contacts"]]
    known = set(Partner.search([("email_normalized", "in", emails)]).mapped("email_normalized"))
    Partner.create(
        [{"name": name, "email": email} for name, email in task["contacts"] if email not in known]
    )
    env.cr.commit()


def _follow(env, message_ids: list[str]) -> None:
    """An employee follows the leads of these mails, and is notified in the inbox."""
    if not message_ids:
        return
    groups = ("base.group_user", "sales_team.group_sale_salesman_all_leads")
    Users = env["res.users"].with_context(no_reset_password=True)
    seller = Users.create(
        {
            "name": "Ann Seller",
            "login": "ann@company.example",
            "email": "ann@company.example",
            "notification_type": "inbox",
            "group_ids": [(4, env.ref(group).id) for group in groups],
        }
    )
    domain = [("message_id", "in", message_ids), ("model", "=", "crm.lead")]
    leads = {message.res_id for message in env["mail.message"].search(domain)}
    env["crm.lead"].browse(leads).message_subscribe(seller.partner_id.ids)
    env.cr.commit()


def _counts(env, side) -> dict[str, int]:
    """Mails that are stored, and the rows of the tables that both sides write."""
    env.cr.rollback()  # a new snapshot
    counts = {"mails": side.stored()}
    for name, statement in COUNTED.items():
        env.cr.execute(statement)
        counts[name] = env.cr.fetchone()[0]
    return counts


if __name__ == "__main__":
    main()
