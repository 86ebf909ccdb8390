"""Import rules that make cases: their team, and what replies do."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.mail_task_import.tests.common import MailImportCase, build_mail
from odoo.addons.mail_task_import.tests.rules_common import RuleMakers

QUESTION = "<question@customer.example>"


@tagged("post_install", "-at_install")
class TestRules(RuleMakers, MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner.group_ids |= cls.env.ref("helpdesk_mgmt.group_helpdesk_manager")
        stages = cls.env["helpdesk.ticket.stage"]
        cls.team, cls.other_team = cls.env["helpdesk.ticket.team"].create(
            [{"name": "Second level"}, {"name": "First level"}]
        )
        cls.answered, cls.elsewhere = stages.create(
            [
                {"name": "Answered", "sequence": 50, "team_ids": cls.team.ids},
                {"name": "Elsewhere", "sequence": 51, "team_ids": cls.other_team.ids},
            ]
        )
        cls.closed = stages.search([("closed", "=", True)], limit=1)

    def rule(self, **values):
        """For cases of the team that are about printers."""
        case = self.env.ref("mail_task_import_helpdesk.target_case")
        values = {
            "keyword": "printer",
            "target_id": case.id,
            "helpdesk_team_id": self.team.id,
            **values,
        }
        return super().rule("Cases", **values)

    def tell(self, **values):
        (mail,) = self.receive(self.support, build_mail(**values))
        return self.record(mail.email)

    def question(self):
        return self.tell(subject="Printer", message_id=QUESTION)

    def answer(self, **values):
        values = {"subject": "Re: Printer", "minutes_ago": 1, **values}
        return self.tell(**values)

    def test_a_case_is_made_in_the_team_of_the_rule(self):
        self.rule()
        self.assertEqual(self.question().team_id, self.team)

    def test_a_reply_moves_the_case(self):
        self.rule(reply_case_stage_id=self.answered.id)
        case = self.question()
        self.assertEqual(self.answer(in_reply_to=QUESTION), case)
        self.assertEqual(case.stage_id, self.answered)

    def test_a_reply_reopens_a_closed_case(self):
        self.rule(closed_way="reopen")
        case = self.question()
        case.stage_id = self.closed
        self.answer(in_reply_to=QUESTION)
        self.assertFalse(case.stage_id.closed)

    def test_a_reply_to_a_closed_case_makes_a_new_one_of_the_team(self):
        self.rule(closed_way="new")
        case = self.question()
        case.stage_id = self.closed
        new = self.answer(in_reply_to=QUESTION)
        self.assertNotEqual(new, case)
        self.assertEqual((new.team_id, case.stage_id), (self.team, self.closed))

    def test_the_case_number_in_the_subject_finds_it_for_its_customer_only(self):
        self.rule(number_pattern="[{number}]", number_field="number")
        case = self.question()
        self.tell(subject="Printer two")
        self.assertEqual(self.answer(subject=f"Again [{case.number}]"), case)
        (stranger,) = self.receive(
            self.support, build_mail(subject=f"Hi [{case.number}]", sender="m@evil.example")
        )
        self.assertFalse(stranger.email.link_ids)

    def test_another_teams_stage_is_refused(self):
        with self.assertRaises(ValidationError):
            self.rule(reply_case_stage_id=self.elsewhere.id)

    def test_only_cases_have_a_helpdesk_team(self):
        with self.assertRaises(ValidationError):
            self.rule(target_id=self.env.ref("mail_task_import.target_lead").id)
