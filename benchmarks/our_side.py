"""Our importer: a group mailbox, fetched until nothing is left."""

from datetime import timedelta

from odoo import fields

from benchmarks.people import ADDRESS

RUNS = 100
TARGETS = {"create": "target_lead", "reply": "target_lead", "task": "target_task"}


class OurSide:
    def __init__(self, env, task: dict):
        self.env = env
        self.mailbox = mailbox(env)
        self.mailbox.write(
            {
                "host": task["host"],
                "port": task["port"],
                "security": "none",
                "password": task["password"],
                "trusted_authserv_ids": "mx.company.example",
                "act_since": fields.Datetime.now() - timedelta(days=1),
                # the host marks what it has read; so both leave the same behind
                "after_import": "seen",
                "state": "active",
            }
        )
        if target := TARGETS.get(task["workload"]):
            self.mailbox.default_target_id = env.ref(f"mail_task_import.{target}")
        if task["workload"] == "task":
            self._make_tasks()
        env.cr.commit()
        self.first = self._newest()

    def _make_tasks(self) -> None:
        """In one project, and with a contact for every unknown sender, as the host makes them."""
        project = self.env["project.project"].create({"name": "Support"})
        stages = self.env["project.task.type"].create([{"name": "New"}, {"name": "Done"}])
        project.type_ids = stages
        self.mailbox.default_project_id = project
        self.mailbox.default_target_id.creates_contact = True

    def fetch(self, login: str, count: int) -> None:
        """One look after the other, each within its budget of time, until ``count`` have come."""
        self.mailbox.login = login
        self.mailbox.remote_folder_ids._restart(0)
        self.env.cr.commit()
        wanted = self.stored() + count
        for _run in range(RUNS):
            error = self.mailbox._fetch()
            if error:
                raise error
            if self.stored() >= wanted:
                return

    def stored(self) -> int:
        """Mails since this side was made."""
        domain = [("state", "=", "received"), ("id", ">", self.first)]
        return self.env["mail.import.email"].search_count(domain)

    def _newest(self) -> int:
        return self.env["mail.import.email"].search([], order="id desc", limit=1).id or 0


def mailbox(env):
    """The mailbox of the filled database, or a new one."""
    Mailbox = env["mail.import.mailbox"]
    return Mailbox.search([("address", "=", ADDRESS)]) or Mailbox.create(
        {"name": "Support", "kind": "group", "address": ADDRESS, "host": "127.0.0.1"}
    )
