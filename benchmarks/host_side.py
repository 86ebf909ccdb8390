"""The host's own importer: ``fetchmail.server``, driven as its cron drives it."""

import math

from benchmarks.people import ADDRESS

BATCH = 50
"""The host's own limit of mails a run of one server."""


class HostSide:
    def __init__(self, env, task: dict):
        self.env = env
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
        if task["workload"] in ("create", "reply"):
            self.server.object_id = env["ir.model"]._get("crm.lead")
        elif task["workload"] == "task":
            self._make_tasks()
        else:
            self._file_into_one_record()
        env.cr.commit()
        self.first = self._newest()

    def _make_tasks(self) -> None:
        """The address is the project's own, which is how the host knows whose task it is."""
        env = self.env
        project = env["project.project"].create({"name": "Support"})
        project.type_ids = env["project.task.type"].create([{"name": "New"}, {"name": "Done"}])
        project.write(
            {
                "alias_name": ADDRESS.partition("@")[0],
                "alias_domain_id": env.company.alias_domain_id.id,
                "alias_contact": "everyone",
            }
        )

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
        """Mails since this side was made."""
        domain = [("message_type", "=", "email"), ("id", ">", self.first)]
        return self.env["mail.message"].search_count(domain)

    def _newest(self) -> int:
        return self.env["mail.message"].search([], order="id desc", limit=1).id or 0
