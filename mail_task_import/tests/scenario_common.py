"""The stage of the scenarios: what people set up in forms, and mail that is really fetched."""

from odoo.tests import Form

from .common import ServerCase

PASS = "mx.company.example; dmarc=pass header.from={domain}"


class ScenarioCase(ServerCase):
    """An administrator who also manages projects and sales, and a project *Support*."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._employee(
            "manager",
            "manager@company.example",
            "mail_task_import.group_administrator,project.group_project_manager,"
            "sales_team.group_sale_manager",
        )
        cls.task = cls.env.ref("mail_task_import.target_task")
        cls.lead = cls.env.ref("mail_task_import.target_lead")
        cls.fresh, cls.done = cls.env["project.task.type"].create(
            [
                {"name": "Fresh", "sequence": 1, "project_ids": cls.project.ids},
                {"name": "Done", "sequence": 2, "fold": True, "project_ids": cls.project.ids},
            ]
        )

    # -- what people set up ---------------------------------------------------------------------

    def rule(self, name, lines=(), values=(), mailboxes=None, by=None, **fields):
        """An import rule, entered in its form.

        :param lines: ``(place, operator, value)`` or ``(…, header)`` of further conditions
        :param values: dicts of what the fields of the record become
        """
        with Form(self.env["mail.import.rule"].with_user(by or self.manager)) as form:
            form.name = name
            for mailbox in mailboxes or self.support:
                form.mailbox_ids.add(mailbox)
            if "target_id" not in fields:
                fields = {"target_id": self.task, "project_id": self.project, **fields}
            for field, value in fields.items():
                setattr(form, field, value)
            for line in lines:
                self._fill(form.line_ids, dict(zip(LINE, line, strict=False)))
            for value in values:
                self._fill(form.value_ids, value)
        return form.record.sudo()

    def filter(self, by=None, **fields):
        """A filter, entered in its form."""
        with Form(self.env["mail.import.filter"].with_user(by or self.manager)) as form:
            for field, value in fields.items():
                setattr(form, field, value)
        return form.record.sudo()

    def _fill(self, rows, values):
        with rows.new() as row:
            for field, value in values.items():
                setattr(row, field, value)

    # -- mail -----------------------------------------------------------------------------------

    def arrive(self, *raws, mailbox=None):
        """Mail that reaches the server and is fetched from there; what came in, in order."""
        mailbox = mailbox or self.support
        before = self.entries(mailbox)
        for raw in raws:
            self.deliver(mailbox, raw)
        error = self.fetch(mailbox)
        self.assertFalse(error)
        self.env.invalidate_all()
        came = (self.entries(mailbox) - before).sorted("id").email_id
        return came.filtered(lambda email: email.state == "received")

    def tasks(self, project=None):
        domain = [("project_id", "=", (project or self.project).id)]
        return self.env["project.task"].with_context(active_test=False).search(domain, order="id")

    def made(self, raw, mailbox=None):
        """The one record that a mail made."""
        email = self.arrive(raw, mailbox=mailbox)
        (link,) = email.link_ids.filtered("made_record")
        return link._get_record()

    def left(self):
        """What has left since the last look, once the host's queue is worked off."""
        self.env["mail.mail"].process_email_queue()
        messages = [mail.message for mail in self.sink.messages()]
        self.sink.clear()
        return messages


LINE = ("place", "operator", "value", "header")
