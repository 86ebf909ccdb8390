"""A caller of RPC chooses the context: nothing of it holds for what is done with more rights."""

from odoo import Command
from odoo.tests import tagged

from ..receivers.raw_mail import RawMail
from .test_rules import RuleCase

HARMLESS = b"From: Zed <zed@new.example>\r\nSubject: harmless\r\n\r\nx"


@tagged("post_install", "-at_install")
class TestContextOfCallers(RuleCase):
    def unlinked(self, **mail):
        """A mail for which there is a rule by now, and its reader with a context."""
        entry = self.one(sender="Sam <sam@new.example>", **mail).entry
        self.rule(keyword="complaint")
        return entry

    def again(self, entry, **context):
        entry.with_user(self.agent).with_context(**context).action_process_again()
        self.env.invalidate_all()
        return self.record(entry.email_id)

    def test_a_rule_that_is_switched_off_stays_off_whoever_looks_at_such_rules(self):
        off = self.rule("Off", keyword="complaint", active=False)
        self.env.registry.clear_cache()
        test = self.env["mail.import.rule.test"].with_user(self.agent)
        test = test.create({"mailbox_id": self.support.id, "pasted": HARMLESS.decode()})
        test.with_context(active_test=False).action_test()
        self.assertIsNone(self.made(subject="A complaint"))
        self.assertEqual(off.hits, 0)

    def test_rules_are_remembered_without_those_that_are_switched_off(self):
        off = self.rule("Off", keyword="complaint", active=False)
        self.env.registry.clear_cache()
        asked = self.env["mail.import.rule"].with_context(active_test=False)
        book = asked._book(self.support.id, self.support.company_id.id, "group")
        self.assertNotIn(off.id, [rule.id for rule in book.rules])

    def test_nobody_puts_tasks_where_they_have_no_rights(self):
        board = self.env["project.project"].create(
            {"name": "Board", "privacy_visibility": "followers"}
        )
        planted = {"name": "planted", "project_id": board.id}
        entry = self.unlinked(subject="A complaint")
        task = self.again(entry, default_child_ids=[Command.create(planted)])
        self.assertFalse(task.child_ids)
        self.assertFalse(self.env["project.task"].search([("name", "=", "planted")]))

    def test_nobody_takes_records_of_others_into_what_is_made(self):
        private = self.env["project.task"].create({"name": "Wages", "project_id": self.project.id})
        entry = self.unlinked(subject="A complaint")
        task = self.again(
            entry,
            default_child_ids=[Command.link(private.id)],
            default_priority="1",
            default_message_partner_ids=self.agent.partner_id.ids,
        )
        self.assertFalse(private.parent_id)
        self.assertEqual(task.priority, "0")
        self.assertNotIn(self.agent.partner_id, task.message_partner_ids)

    def test_a_link_by_hand_is_what_it_is(self):
        foreign = self.rule("Another")
        entry = self.one(subject="Praise", sender="Sam <sam@new.example>").entry
        task = self.env["project.task"].create({"name": "Old", "project_id": self.project.id})
        wizard = self.env["mail.import.link.to"].with_user(self.owner)
        self.support.member_ids |= self.owner
        wizard = wizard.with_context(
            default_made_record=True, default_rule_id=foreign.id, default_user_id=self.agent.id
        ).create({"email_ids": entry.email_id.ids, "record": f"project.task,{task.id}"})
        wizard.action_link()
        link = self.links(entry.email_id).filtered(lambda link: link.step == "user")
        self.assertEqual((link.made_record, link.rule_id.ids), (False, []))
        self.assertEqual(link.user_id, self.owner)

    def test_no_mail_is_taken_for_one_in_quarantine(self):
        folder = self.support.remote_folder_ids[:1]
        broken = b"Subject: broken\r\n\r\nx"
        importer = self.importer.with_context(lang="en_US")
        importer._quarantine_unparsed(self.support, [RawMail(broken, uid=1)], folder, 1)
        old = self.env["mail.import.quarantine"].search([], order="id desc", limit=1)
        forged = self.importer.with_context(mail_import_retried=old.id)
        forged._quarantine_unparsed(self.support, [RawMail(broken, uid=2)], folder, 1)
        locations = self.env["mail.import.location"].search(
            [("remote_folder_id", "=", folder.id)], order="uid"
        )
        self.assertEqual(locations.mapped("uid"), [1, 2])
        self.assertEqual(len(locations.quarantine_id), 2)

    def test_what_a_mailbox_is_made_with_is_what_is_checked(self):
        seller = self._employee("seller", "seller@company.example", "base.group_user")
        values = {
            "name": "Mine",
            "kind": "personal",
            "owner_id": seller.id,
            "address": "boss@customer.example",
            "login": "seller",
        }
        board = self.env["project.project"].create(
            {"name": "Board", "privacy_visibility": "followers"}
        )
        mailbox = (
            self.env["mail.import.mailbox"]
            .with_user(seller)
            .with_context(
                default_confirmed_addresses="boss@customer.example",
                default_default_project_id=board.id,
                default_reader_ids=self.agent.ids,
            )
            .create(values)
        )
        self.assertFalse(mailbox.sudo().confirmed_addresses)
        self.assertFalse(mailbox.sudo().default_project_id)
        self.assertNotIn(self.agent, mailbox.sudo().reader_ids)
