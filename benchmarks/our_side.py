"""Our importer: a group mailbox, fetched until nothing is left."""

from datetime import timedelta

from odoo import fields

from benchmarks.mails import ADDRESS

RUNS = 100


class OurSide:
    def __init__(self, env, task: dict):
        self.env = env
        self.mailbox = env["mail.import.mailbox"].create(
            {
                "name": "Support",
                "kind": "group",
                "address": ADDRESS,
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
        if task["workload"] != "file":
            self.mailbox.default_target_id = env.ref("mail_task_import.target_lead")
        env.cr.commit()

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
        return self.env["mail.import.email"].search_count([("state", "=", "received")])
