"""Cases are distributed among the members of a helpdesk team."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.mail_task_import.tests.common import MailImportCase, build_mail

AGENT = "base.group_user,helpdesk_mgmt.group_helpdesk_user"


@tagged("post_install", "-at_install")
class TestCaseDistribution(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = (
            cls._employee(name, f"{name}@company.example", AGENT) for name in ("first", "second")
        )
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Second level",
                "user_ids": [Command.set((cls.first | cls.second | cls.boss).ids)],
            }
        )
        cls.distribution = cls.env["mail.import.distribution"].create(
            {"name": "Cases", "people": "helpdesk_team", "helpdesk_team_id": cls.team.id}
        )
        cls.support.write(
            {
                "default_target_id": cls.env.ref("mail_task_import_helpdesk.target_case").id,
                "default_helpdesk_team_id": cls.team.id,
                "distribution_id": cls.distribution.id,
            }
        )

    def assignees(self, *words):
        mails = [build_mail(word, f"{word}@customer.example") for word in words]
        return [self.record(mail.email).user_id for mail in self.receive(self.support, *mails)]

    def test_in_turn_among_those_who_may_change_cases(self):
        self.assertEqual(self.assignees(*"abc"), [self.first, self.second, self.first])

    def test_who_has_the_fewest_open_cases(self):
        self.distribution.way = "least_busy"
        closed = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        self.env["helpdesk.ticket"].create(
            [
                {
                    "name": "x",
                    "description": "x",
                    "user_id": self.first.id,
                    "team_id": self.team.id,
                },
                {
                    "name": "y",
                    "description": "y",
                    "user_id": self.second.id,
                    "team_id": self.team.id,
                    "stage_id": closed.id,
                },
            ]
        )
        self.assertEqual(self.assignees(*"ab"), [self.second, self.first])

    def test_a_team_has_to_be_chosen(self):
        with self.assertRaises(ValidationError):
            self.distribution.helpdesk_team_id = False
