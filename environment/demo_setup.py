# ruff: noqa: F821 - ``env`` is the Odoo shell's
"""Sets the demo's scene: mailboxes on the demo's servers, and a first fetch of all of them.

A script for the Odoo shell, see ``demo.py``. Running it again changes nothing that is there.
"""

import sys
from datetime import timedelta

from odoo import fields

from environment import demo_mail, demo_newcomer, demo_place, places

ACTS_FOR = timedelta(days=45)  # older threads of the demo are history
FETCHES_FOR = timedelta(days=200)
MOST_RUNS = 20  # each has a time budget of its own
AUTHSERV_ID = "mx.yourcompany.example"


def main() -> None:
    admin = env.ref("base.user_admin")
    demo = env.ref("base.user_demo")
    _newcomer()
    mailboxes = [_mailbox(box, admin | demo) for box in demo_mail.mailboxes()]
    env.cr.commit()
    errors = [error for mailbox in mailboxes if (error := _fetch(mailbox))]
    if errors:
        sys.exit(f"The demo's mail could not be fetched: {errors[0]}")


def _newcomer():
    """A user without a mailbox, and the mail service that has hers."""
    providers = env["mail.import.provider"]
    if not providers.search_count([("name", "=", demo_newcomer.SERVICE)]):
        dovecot, port = demo_place.dovecot(), places.port("SMTP_PORT")
        providers.create(demo_newcomer.provider_values(dovecot, places.HOST, port))
    users = env["res.users"].with_context(no_reset_password=True)
    if not users.search_count([("login", "=", demo_newcomer.LOGIN)]):
        users.create(
            {
                "name": demo_newcomer.NAME,
                "login": demo_newcomer.LOGIN,
                "password": demo_newcomer.PASSWORD,
                "email": demo_newcomer.ADDRESS,
                "group_ids": [
                    fields.Command.link(env.ref(group).id)
                    for group in ("base.group_user", "sales_team.group_sale_salesman")
                ],
            }
        )


def _mailbox(box, members):
    Mailbox = env["mail.import.mailbox"].with_context(active_test=False)
    mailbox = Mailbox.search([("address", "=", box.address)], limit=1)
    if not mailbox:
        mailbox = Mailbox.create(_values(box, members))
        mailbox.action_activate()
    return mailbox


def _values(box, members) -> dict:
    return {
        "name": box.name,
        "kind": box.kind,
        "address": box.address,
        "password": box.password,
        **_people(box, members),
        **_servers(box),
        **_becomes(box.address.partition("@")[0]),
        "act_since": fields.Datetime.now() - ACTS_FOR,
        "fetch_since": fields.Date.today() - FETCHES_FOR,
        "interval": 1,
        "trusted_authserv_ids": AUTHSERV_ID,
        "signature_ids": [fields.Command.create({"name": box.name, "body": _signature(box)})],
        "remote_folder_ids": [fields.Command.create({"name": name}) for name in _folders(box)],
    }


def _folders(box) -> tuple[str, ...]:
    return ("INBOX",) if box.protocol == "pop" else ("INBOX", "Sent")


def _people(box, members) -> dict:
    if box.kind == "personal":
        owner = env["res.users"].search([("login", "=", box.owner)])
        return {"owner_id": owner.id, "visibility": "owner"}
    return {"member_ids": members.ids}


def _servers(box) -> dict:
    dovecot = demo_place.dovecot()
    by_pop = box.protocol == "pop"
    return {
        "protocol": box.protocol,
        "host": dovecot.host,
        "port": dovecot.pop_port if by_pop else dovecot.imaps_port,
        "security": "starttls" if by_pop else "ssl",
        "ca_file": str(dovecot.ca_file),
        "smtp_host": places.HOST,
        "smtp_port": places.port("SMTP_PORT"),
        "smtp_security": "none",
        "smtp_sign_in": False,
        "letters_outside": True,
    }


def _becomes(name: str) -> dict:
    """What mail to a group mailbox becomes: cases, leads, and tasks of a project."""
    if name == "support" and (case := _target("mail_task_import_helpdesk.target_case")):
        return {"default_target_id": case.id}
    if name == "sales":
        return {"default_target_id": _target("mail_task_import.target_lead").id}
    if name in ("support", "projects"):
        target = _target("mail_task_import.target_task")
        return {"default_target_id": target.id, "default_project_id": _project(name).id}
    return {}


def _target(xmlid: str):
    return env.ref(xmlid, raise_if_not_found=False)


def _project(name: str):
    """A project of Odoo's demo data for projects, one of its own for support."""
    if name == "projects" and (project := env.ref("project.project_project_1", False)):
        return project
    project = env["project.project"].search([("name", "=", "Support")], limit=1)
    return project or env["project.project"].create({"name": "Support"})


def _signature(box) -> str:
    return f"<p>--<br/><b>{box.name}</b><br/>YourCompany, +1 555-555-5556</p>"


def _fetch(mailbox):
    """Everything there is; returns the exception that stopped it."""
    for _run in range(MOST_RUNS):
        error = mailbox._fetch()
        env.cr.commit()
        if error or not mailbox.waiting:
            return error
    return f"{mailbox.waiting} mails of {mailbox.address} are left"


main()
