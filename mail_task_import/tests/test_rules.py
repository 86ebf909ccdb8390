"""Import rules: which mail becomes which record, and what rules leave alone."""

from odoo.tests import tagged

from .common import MailImportCase, build_mail
from .rules_common import RuleMakers


class RuleCase(RuleMakers, MailImportCase):
    """An administrator's rules for the group mailbox *Support*."""

    def one(self, mailbox=None, **mail):
        """Receive one mail; returns its outcome."""
        (outcome,) = self.receive(mailbox or self.support, build_mail(**mail))
        trace = outcome.quarantine and outcome.quarantine.trace
        self.assertIn(outcome.state, ("stored", "duplicate"), trace)
        return outcome

    def made(self, **mail):
        """The record that a mail became; none where it made none."""
        link = self.links(self.one(**mail).email).filtered("made_record")
        return link._get_record() if link else None

    def why(self, outcome):
        return outcome.entry.with_user(self.agent).why_here


@tagged("post_install", "-at_install")
class TestRules(RuleCase):
    def test_a_mail_with_the_keyword_becomes_a_task(self):
        rule = self.rule(keyword="complaint")
        mail = self.one(subject="My COMPLAINT about you")
        link = self.links(mail.email)
        self.assertTrue(link.made_record)
        self.assertEqual((link.rule_id, link.step), (rule, "rule"))
        task = link._get_record()
        self.assertEqual(task.project_id, self.project)
        self.assertEqual(task.name, "My COMPLAINT about you")
        self.assertEqual(task.partner_id, self.customer)
        self.assertIn("“Complaints” holds; it found “COMPLAINT”", self.why(mail))
        self.assertEqual(rule.hits, 1)

    def test_other_mail_is_left_alone(self):
        self.rule(keyword="complaint")
        self.assertIsNone(self.made(subject="Praise"))

    def test_the_first_rule_wins(self):
        self.rule(keyword="complaint", sequence=20)
        self.rule("Leads", keyword="complaint", sequence=10, target_id=self.lead.id)
        self.assertEqual(self.made(subject="complaint")._name, "crm.lead")

    def test_automatic_mail_makes_nothing_unless_it_is_named(self):
        rule = self.rule(keyword="complaint")
        automatic = {"subject": "complaint", "Auto_Submitted": "auto-generated"}
        self.assertIsNone(self.made(**automatic))
        rule.automatic = True
        self.assertTrue(self.made(**automatic, text="again"))

    def test_history_makes_nothing(self):
        self.rule(keyword="complaint")
        (mail,) = self.receive(self.support, build_mail(subject="complaint"), history=True)
        self.assertFalse(mail.email.link_ids.filtered("made_record"))

    def test_a_closed_mailbox_makes_nothing(self):
        self.rule(keyword="complaint")
        self.support.visibility = "owner"
        self.assertIsNone(self.made(subject="complaint"))
