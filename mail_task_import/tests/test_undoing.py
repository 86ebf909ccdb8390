"""*Undo*: what a rule made and nobody touched goes, its mail stays."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import build_mail
from .test_rules import RuleCase
from .test_rules_senders import passed


class UndoCase(RuleCase):
    def setUp(self):
        super().setUp()
        now = self.env.cr.now()
        self.addCleanup(setattr, self.env.cr, "_now", now)
        self.env.cr._now = now - timedelta(hours=6)
        self.complaints = self.rule(keyword="complaint")
        self.later()

    def later(self):
        """Another transaction: a test's own time stands still."""
        self.env.flush_all()
        self.env.cr._now = self.env.cr.now() + timedelta(minutes=1)

    def task_of(self, subject="complaint", **mail):
        task = self.made(subject=subject, **mail)
        self.later()
        return task

    def dialog(self, user=None):
        self.later()
        action = self.complaints.with_user(user or self.owner).action_undo()
        dialog = self.env[action["res_model"]].with_user(user or self.owner)
        return dialog.browse(action["res_id"])

    def undo(self, user=None):
        dialog = self.dialog(user)
        dialog.action_undo()
        self.env.invalidate_all()
        return dialog


@tagged("post_install", "-at_install")
class TestUndoing(UndoCase):
    def test_an_untouched_record_goes_and_its_mail_is_back_in_the_inbox(self):
        mail = self.one(subject="complaint", text="All is broken.")
        task = self.record(mail.email)
        self.later()
        entry = mail.entry.with_user(self.agent)
        entry.action_mark_read()
        entry.action_archive_entry()
        message = task.message_ids[:1]
        dialog = self.undo()
        self.assertEqual(
            (dialog.withdrawn, dialog.free, dialog.kept), (1, 0, 0), dialog.line_ids.mapped("why")
        )
        self.assertFalse(task.exists() or message.exists())
        self.assertTrue(mail.email.exists())
        self.assertIn("All is broken.", mail.email.body_text)
        self.assertEqual((entry.folder_kind, entry.is_read), ("inbox", False))
        self.assertFalse(mail.email.link_ids)
        self.assertIn("Owner took back what the import rule “Complaints”", entry.why_here)
        self.assertEqual(self.complaints.hits, 0)

    def test_the_mail_that_is_fetched_again_is_known_and_makes_nothing(self):
        raw = build_mail(subject="complaint", message_id="<c@x.example>")
        (mail,) = self.receive(self.support, raw)
        self.later()
        self.undo()
        (again,) = self.receive(self.support, raw)
        self.assertEqual((again.state, again.email), ("duplicate", mail.email))
        self.assertFalse(mail.email.link_ids)

    def test_undone_and_processed_again_it_becomes_what_the_rule_says_now(self):
        mail = self.one(subject="complaint")
        self.undo()
        self.complaints.with_user(self.owner).write(
            {"target_id": self.lead.id, "project_id": False}
        )
        mail.entry.with_user(self.agent).action_process_again()
        self.env.invalidate_all()
        self.assertEqual(self.record(mail.email)._name, "crm.lead")

    def test_later_mail_of_the_thread_comes_back_too(self):
        task = self.task_of(message_id="<c@x.example>")
        answer = self.one(
            subject="Re: complaint", message_id="<a@x.example>", in_reply_to="<c@x.example>"
        )
        self.assertEqual(self.record(answer.email), task)
        self.undo()
        self.assertFalse(task.exists())
        self.assertFalse(answer.email.link_ids)
        self.assertFalse(answer.entry.is_read)

    def test_what_the_mail_is_linked_to_besides_stays_linked(self):
        mail = self.one(subject="complaint")
        self.later()
        email = mail.email.with_user(self.agent)
        self.env["mail.import.link"].with_user(self.agent)._link_by_hand(
            email, self.project.with_user(self.agent), False
        )
        mail.entry.with_user(self.agent).action_mark_read()
        self.undo()
        self.assertEqual(self.record(mail.email), self.project)
        self.assertTrue(mail.entry.is_read)

    def test_what_other_rules_and_other_times_made_stays(self):
        self.rule("Praise", keyword="praise")
        other = self.task_of("praise")
        early = self.task_of("complaint 1")
        self.env.cr._now += timedelta(hours=3)
        late = self.task_of("complaint 2")
        self.undo()
        self.assertFalse(late.exists())
        self.assertTrue(early.exists() and other.exists())

    def test_thrown_away_mail_stays_in_the_trash(self):
        mail = self.one(subject="complaint")
        mail.entry.with_user(self.agent).action_trash()
        self.undo()
        self.assertEqual(mail.entry.folder_kind, "trash")


@tagged("post_install", "-at_install")
class TestTouched(UndoCase):
    def assert_stays(self, task, why):
        dialog = self.undo()
        self.assertTrue(task.exists())
        self.assertEqual((dialog.withdrawn, dialog.kept), (0, 1))
        self.assertIn(why, dialog.line_ids.why)
        self.assertTrue(self.env["mail.import.link"].search([("res_id", "=", task.id)]))

    def test_a_change_by_a_person(self):
        task = self.task_of()
        task.with_user(self.agent).sudo().write({"priority": "1"})
        self.assert_stays(task, "changed by Agent")

    def test_a_change_that_the_host_notes_in_the_chatter_is_no_message(self):
        task = self.task_of()
        task.with_user(self.agent).sudo().write({"date_deadline": "2030-01-01 12:00:00"})
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertTrue(task.message_ids.tracking_value_ids)
        self.assert_stays(task, "changed by Agent; changed: Deadline")

    def test_a_change_with_a_word_about_it_is_a_message(self):
        task = self.task_of()
        task.with_user(self.agent).sudo().message_post(
            body="In a hurry.",
            tracking_value_ids=[
                Command.create(
                    {
                        "field_id": self.env["ir.model.fields"]._get(task._name, "priority").id,
                        "old_value_char": "Low",
                        "new_value_char": "High",
                    }
                )
            ],
        )
        self.assert_stays(task, "wrote in its chatter")

    def test_a_change_that_a_later_mail_covers(self):
        self.complaints.with_user(self.owner).write({"closed_way": "reopen"})
        task = self.task_of(message_id="<c@x.example>")
        task.with_user(self.agent).sudo().write({"state": "1_done"})
        self.later()
        self.one(subject="Re: complaint", message_id="<a@x.example>", in_reply_to="<c@x.example>")
        self.env.flush_all()
        self.assertNotEqual(task.state, "1_done")
        self.assert_stays(task, "changed by")

    def test_a_change_at_the_very_moment_of_the_mail(self):
        task = self.record(self.one(subject="complaint").email)
        task.with_user(self.agent).sudo().write({"description": "Hours of work"})
        self.assert_stays(task, "changed by Agent")

    def test_a_message_of_a_person(self):
        task = self.task_of()
        task.with_user(self.agent).message_post(body="I look into it.")
        self.assert_stays(task, "wrote in its chatter")

    def test_an_activity(self):
        task = self.task_of()
        task.with_user(self.agent).activity_schedule("mail.mail_activity_data_todo")
        self.assert_stays(task, "something belongs to it")

    def test_a_file(self):
        task = self.task_of()
        self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"a", "res_model": task._name, "res_id": task.id}
        )
        self.assert_stays(task, "something belongs to it: Attachment")

    def test_a_child(self):
        task = self.task_of()
        self.env["project.task"].create(
            {"name": "Step", "parent_id": task.id, "project_id": task.project_id.id}
        )
        self.assert_stays(task, "something belongs to it: Task")

    def test_a_task_that_waits_for_it(self):
        task = self.task_of()
        self.project.allow_task_dependencies = True
        self.env["project.task"].create(
            {
                "name": "Later",
                "project_id": self.project.id,
                "depend_on_ids": [Command.link(task.id)],
            }
        )
        self.assert_stays(task, "something belongs to it: Task")

    def test_mail_that_somebody_linked(self):
        task = self.task_of()
        other = self.one(subject="Something else", sender="sam@new.example")
        self.later()
        self.env["mail.import.link"].with_user(self.agent)._link_by_hand(
            other.email.with_user(self.agent), task.with_user(self.agent), False
        )
        self.assert_stays(task, "Agent linked e-mails to it")

    def test_a_touch_between_listing_and_undoing(self):
        task = self.task_of()
        dialog = self.dialog()
        self.assertEqual(dialog.free, 1)
        self.later()
        task.with_user(self.agent).message_post(body="Mine.")
        dialog.action_undo()
        self.assertTrue(task.exists())
        self.assertEqual((dialog.withdrawn, dialog.kept), (0, 1))

    def test_who_may_not_delete_it_withdraws_nothing(self):
        task = self.task_of()
        self.owner.write(
            {"group_ids": [Command.unlink(self.env.ref("project.group_project_manager").id)]}
        )
        dialog = self.undo()
        self.assertTrue(task.exists())
        self.assertIn("you may not delete it", dialog.line_ids.why)


@tagged("post_install", "-at_install")
class TestUndoingAccess(UndoCase):
    def test_only_the_owner_and_administrators(self):
        task = self.task_of()
        portal = self._employee("portal", "portal@customer.example", "base.group_portal")
        for user in (self.agent, self.colleague, portal):
            with self.assertRaises(AccessError):
                self.complaints.with_user(user).action_undo()
            with self.assertRaises(AccessError):
                self.env["mail.import.rule.undo"].with_user(user).create(
                    {"rule_id": self.complaints.id, "since": "2020-01-01"}
                )
        self.assertTrue(task.exists())

    def test_a_dialog_is_its_users_alone(self):
        self.task_of()
        dialog = self.dialog()
        for user in (self.agent, self.administrator):
            for records in (dialog, dialog.line_ids):
                with self.assertRaises(AccessError):
                    records.with_user(user).read(["display_name"])
            with self.assertRaises(AccessError):
                dialog.with_user(user).action_undo()

    def test_names_of_records_that_one_may_not_read_are_not_told(self):
        task = self.task_of("complaint about Sue")
        task.project_id.privacy_visibility = "followers"
        task.project_id.message_unsubscribe(self.administrator.partner_id.ids)
        line = self.dialog(self.administrator).line_ids
        self.assertNotIn("Sue", line.record_name)
        self.assertIn("you may not delete it", line.why)

    def test_what_somebody_wrote_within_the_second_of_an_import_stays(self):
        task = self.task_of("complaint one", message_id="<one@customer.example>")
        self.env.cr._now = self.env.cr.now().replace(microsecond=100)
        task.with_user(self.owner).description = "<p>Hours of work</p>"
        self.env.flush_all()
        self.env.cr._now = self.env.cr.now().replace(microsecond=200_000)
        answer = self.one(
            subject="Re: complaint one", in_reply_to="<one@customer.example>", text="More"
        )
        self.assertEqual(self.record(answer.email), task)
        self.assertEqual(self.undo().kept, 1)
        self.assertTrue(task.exists())

    def test_a_message_that_somebody_edited_or_reacted_to_is_a_trace(self):
        edited = self.task_of("complaint one")
        liked = self.task_of("complaint two")
        free = self.task_of("complaint three")
        # sudo: as the host writes what its own rules allow
        edited.message_ids.filtered("body")[:1].with_user(self.owner).sudo().body = "Other words"
        message = liked.message_ids.filtered("body")[:1].with_user(self.owner).sudo()
        message._message_reaction("👍", "add", self.owner.partner_id, self.env["mail.guest"])
        dialog = self.undo()
        self.assertEqual((dialog.withdrawn, dialog.kept), (1, 2))
        self.assertFalse(free.exists())
        self.assertIn(
            "somebody changed a message in its chatter", "".join(dialog.line_ids.mapped("why"))
        )


@tagged("post_install", "-at_install")
class TestUndoingInvitations(UndoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project.privacy_visibility = "portal"

    def invited(self, sender="Sam <sam@stranger.example>", **mail):
        """Who was invited to see what this mail became."""
        self.complaints.with_user(self.owner).unknown_sender = "portal"
        domain = sender.split("@")[1].rstrip(">")
        self.task_of(sender=sender, **{**passed(domain), **mail})
        found = self.env["res.partner"].search([("email", "like", f"@{domain}")])
        self.assertTrue(found.user_ids._is_portal())
        return found.user_ids

    def assert_keeps(self, user):
        dialog = self.undo()
        self.assertTrue(user.active and user._is_portal())
        self.assertEqual((dialog.uninvited, dialog.still_invited), (0, "Sam"))

    def test_who_was_invited_and_never_came_is_invited_no_more(self):
        user = self.invited()
        partner = user.partner_id
        invitation = self.env["mail.mail"].search([("recipient_ids", "in", partner.ids)])
        self.assertEqual(invitation.state, "outgoing")
        dialog = self.dialog()
        self.assertEqual(dialog.invited, 1)
        dialog.action_undo()
        self.env.invalidate_all()
        self.assertEqual((dialog.withdrawn, dialog.uninvited), (1, 1))
        self.assertFalse(dialog.still_invited)
        self.assertFalse(user.active or user._is_portal() or partner.signup_type)
        self.assertFalse(invitation.exists())
        self.assertTrue(partner.exists() and partner.active)

    def test_who_signed_in_stays(self):
        user = self.invited()
        self.env["res.users.log"].with_user(user).sudo().create({})
        self.assert_keeps(user)

    def test_who_follows_something_else_stays(self):
        user = self.invited()
        other = self.env["project.task"].create({"name": "Other", "project_id": self.project.id})
        other.message_subscribe(user.partner_id.ids)
        self.assert_keeps(user)

    def test_who_is_the_customer_of_something_else_stays(self):
        user = self.invited()
        self.env["crm.lead"].create({"name": "Deal", "partner_id": user.partner_id.id})
        self.assert_keeps(user)

    def test_whose_user_somebody_has_changed_stays(self):
        user = self.invited()
        user.write({"lang": "en_US", "signature": "Hello"})
        self.assert_keeps(user)

    def test_who_sees_a_record_that_stays_stays(self):
        user = self.invited()
        touched = self.env["project.task"].search([("partner_id", "=", user.partner_id.id)])
        touched.with_user(self.agent).sudo().write({"priority": "1"})
        dialog = self.undo()
        self.assertEqual((dialog.withdrawn, dialog.invited), (0, 0))
        self.assertTrue(user.active and user._is_portal())

    def test_who_was_here_before_stays(self):
        Users = self.env["res.users"].with_context(no_reset_password=True)
        user = Users._create_user_from_template(
            {"name": "Sam", "login": "sam@stranger.example", "email": "sam@stranger.example"}
        )
        self.later()
        self.invited()
        dialog = self.undo()
        self.assertEqual((dialog.withdrawn, dialog.uninvited), (1, 0))
        self.assertTrue(user.active and user._is_portal())

    def test_the_later_mail_of_who_never_signed_in_is_no_use_of_the_login(self):
        user = self.invited(message_id="<c@x.example>")
        self.one(
            subject="Re: complaint",
            sender="Sam <sam@stranger.example>",
            message_id="<a@x.example>",
            in_reply_to="<c@x.example>",
            **passed("stranger.example"),
        )
        self.undo()
        self.assertFalse(user.active)
