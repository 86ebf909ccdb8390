"""One side of ``make bench-rules``, in a process of its own that is asked to fetch again and again.

The first line of standard input is the task, each further one a mailbox on the server and how many
mails it holds; each is answered by a line of JSON.
"""

import json
import sys

from benchmarks import decisions, gauges, profiling, side
from benchmarks.our_side import OurSide
from benchmarks.session import odoo_environment

ACTIVE = """
    SELECT (SELECT count(*) FROM mail_import_filter WHERE active),
           (SELECT count(*) FROM mail_import_rule WHERE active AND stopped IS NOT TRUE)
"""
HITS = """
    SELECT count(*) FILTER (WHERE journal::text LIKE '%"step": "filter"%'),
           count(*) FILTER (WHERE journal::text LIKE '%"step": "rule"%')
      FROM mail_import_entry
"""


def main() -> None:
    task = json.loads(sys.stdin.readline())
    with odoo_environment(task) as env:
        side._prepare(env, task)
        importing = _side(env, task)
        _answer({"active": _numbers(env, ACTIVE)})
        profile = profiling.Profile(task["profile"]) if "profile" in task else None
        for number, line in enumerate(sys.stdin):
            if profile and number == 1:
                profile.start()  # the first fetch warms up
            _answer(_measure(env, importing, *json.loads(line)))
        if profile:
            profile.stop()


def _side(env, task) -> OurSide:
    importing = OurSide(env, task)
    # both sides fetch the same mails, one after the other
    importing.mailbox.after_import = "untouched"
    # without a leader, whom the host would write of each lead
    importing.mailbox.default_team_id = env["crm.team"].create({"name": "Support"})
    if task["with_rules"]:
        _set_up(env, importing.mailbox)
    env.cr.commit()
    return importing


def _set_up(env, mailbox) -> None:
    """By the ORM, as forms do, so that what they refuse is refused here."""
    folder = env["mail.import.folder"].create({"name": "Suppliers", "mailbox_id": mailbox.id})
    env["mail.import.filter"].create(decisions.filters(mailbox.id, folder.id))
    target = env.ref("mail_task_import.target_lead")
    admin = env.ref("base.user_admin")
    env["mail.import.rule"].with_user(admin).create(
        decisions.rules(mailbox.id, target.id, mailbox.default_team_id.id)
    )


def _measure(env, importing, login: str, count: int) -> dict:
    before = side._counts(env, importing)
    gauge = gauges.Times(env.cr)
    importing.fetch(login, count)
    times = gauge.read()
    after = side._counts(env, importing)
    made = {name: after[name] - before[name] for name in after}
    return {**times, **made, "hits": _numbers(env, HITS)}


def _numbers(env, statement: str) -> list[int]:
    env.cr.execute(statement)
    return list(env.cr.fetchone())


def _answer(answer: dict) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
