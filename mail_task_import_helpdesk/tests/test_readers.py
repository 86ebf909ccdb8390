"""Helpdesk teams of a group mailbox: their people read its mail."""

from odoo.tests import tagged

from odoo.addons.mail_task_import.tests.common import MailImportCase


@tagged("post_install", "-at_install")
class TestReaders(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {"name": "Second level", "user_ids": cls.colleague.ids, "user_id": cls.boss.id}
        )

    def test_members_and_leader_of_a_helpdesk_team_read_the_mailbox(self):
        self.support.helpdesk_team_ids = self.team
        self.assertEqual(self.support.reader_ids, self.agent | self.colleague | self.boss)

    def test_who_leaves_the_team_reads_no_more(self):
        self.support.helpdesk_team_ids = self.team
        self.team.user_ids = False
        self.assertEqual(self.support.reader_ids, self.agent | self.boss)

    def test_a_personal_mailbox_is_its_owners_alone(self):
        mailbox = self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        mailbox.helpdesk_team_ids = self.team
        self.assertEqual(mailbox.reader_ids, self.boss)

    def test_a_portal_user_in_a_team_reads_nothing(self):
        portal = self._employee("portal", "portal@customer.example", "base.group_portal")
        self.team.user_ids = portal
        self.support.helpdesk_team_ids = self.team
        self.assertNotIn(portal, self.support.reader_ids)
