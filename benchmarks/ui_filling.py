"""Fills a database for ``make bench-ui``: ``python -m benchmarks.ui_filling < task``.

Mailboxes, people and the account's records by the ORM, the mail by SQL (``ui_filling.sql``).
"""

import json
import sys
from pathlib import Path

from odoo.fields import Command

from benchmarks.session import odoo_environment

LOGIN = "ui@company.example"
PASSWORD = "ui-password"
OTHERS = 8
"""Group mailboxes that the measured user does not read."""
GROUPS = (
    "base.group_user",
    "sales_team.group_sale_salesman_all_leads",
    "project.group_project_user",
    "crm.group_use_lead",
)


def main() -> None:
    task = json.load(sys.stdin)
    with odoo_environment(task) as env:
        emails = task["emails"]
        user = _user(env, LOGIN, PASSWORD)
        colleague = _user(env, "colleague@company.example", PASSWORD)
        account = env["res.partner"].create({"name": "Big Account", "is_company": True})
        place = {
            "user_id": user.id,
            "support_id": _group(env, "support@company.example", user).id,
            "own_id": _own(env, user).id,
            "others": [
                _group(env, f"team{n}@company.example", colleague).id for n in range(OTHERS)
            ],
            "inbox_id": env["mail.import.folder"]._system("inbox").id,
            "archive_id": env["mail.import.folder"]._system("archive").id,
            **_records(env, account, max(2, min(200, emails // 300))),
        }
        env.flush_all()
        env.cr.execute("CREATE TEMPORARY TABLE size AS SELECT %s AS emails", [emails])
        columns = ", ".join(f"%({name})s AS {name}" for name in place)
        env.cr.execute(f"CREATE TEMPORARY TABLE place AS SELECT {columns}", place)
        env.cr.execute(Path(__file__).with_suffix(".sql").read_text())
        env.cr.commit()
        env.cr._cnx.autocommit = True
        env.cr.execute("VACUUM ANALYZE")


def _user(env, login: str, password: str):
    groups = [Command.link(env.ref(name).id) for name in GROUPS]
    values = {"name": login, "login": login, "password": password, "group_ids": groups}
    return env["res.users"].with_context(no_reset_password=True).create(values)


def _group(env, address: str, member):
    return env["mail.import.mailbox"].create(
        {
            "name": address,
            "kind": "group",
            "address": address,
            "host": "127.0.0.1",
            "member_ids": member.ids,
        }
    )


def _own(env, user):
    return env["mail.import.mailbox"].create(
        {
            "name": user.login,
            "kind": "personal",
            "address": user.login,
            "host": "imap.company.example",
            "owner_id": user.id,
        }
    )


def _records(env, account, count: int) -> dict:
    """The account's contacts, leads and tasks."""
    quiet = env(context={"tracking_disable": True, "mail_create_nosubscribe": True})
    numbered = [(number, {"partner_id": account.id}) for number in range(count)]
    project = quiet["project.project"].create({"name": "Big", "privacy_visibility": "employees"})
    contacts = quiet["res.partner"].create(
        [{"name": f"Contact {n}", "parent_id": account.id} for n in range(count)]
    )
    leads = quiet["crm.lead"].create(
        [{"name": f"Deal {n}", "type": "opportunity", **values} for n, values in numbered]
    )
    tasks = quiet["project.task"].create(
        [{"name": f"Task {n}", "project_id": project.id, **values} for n, values in numbered]
    )
    return {"contacts": contacts.ids, "leads": leads.ids, "tasks": tasks.ids}


if __name__ == "__main__":
    main()
