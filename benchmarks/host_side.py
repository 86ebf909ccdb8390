"""The host's own importer: ``fetchmail.server``, driven as its cron drives it."""

import math

from benchmarks.mails import ADDRESS

BATCH = 50
"""The host's own limit of mails a run of one server."""


class HostSide:
    def __init__(self, env, task: dict):
        self.env = env
        self.task = task
        self.server = env["fetchmail.server"].create(
            {
                "name": "Support",
                "server": task["host"],
                "port": task["port"],
                "server_type": "imap",
                "password": task["password"],
                "state": "done",
            }
        )
        if task["workload"] == "file":
            self._file_into_one_record()
        else:
            self.server.object_id = env["ir.model"]._get("crm.lead")
        env.cr.commit()

    def _file_into_one_record(self) -> None:
        """The host stores no mail without a record, so all go into one."""
        lead = self.env["crm.lead"].create({"name": "All mail"})
        self.env["mail.alias"].create(
            {
                "alias_name": ADDRESS.partition("@")[0],
                "alias_domain_id": self.env.company.alias_domain_id.id,
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "alias_force_thread_id": lead.id,
            }
        )

    def fetch(self, login: str, count: int) -> None:
        """As many runs as ``count`` mails need."""
        self.server.user = login
        for _run in range(math.ceil(count / BATCH)):
            error = self.server._fetch_mail(batch_limit=BATCH)
            if error:
                raise error

    def stored(self) -> int:
        return self.env["mail.message"].search_count([("message_type", "=", "email")])
