"""What is done to e-mails of the list is undone, exactly, by who did it, and by nobody else."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import build_mail
from .test_folders import FolderCase


class DeedCase(FolderCase):
    def deed(self, told):
        """The deed that the web client was told of."""
        self.assertEqual(told["tag"], "mail_import_deed")
        return self.env["mail.import.deed"].browse(told["params"]["deed_id"])

    def undo(self, told, user=None):
        """What the user is told."""
        return self.as_user(self.deed(told), user or self.boss).action_undo()["params"]["message"]

    def some(self, count=3, name="Number"):
        emails = self.env["mail.import.email"].union(
            *(self.confided(f"{name} {number}") for number in range(count))
        )
        return self.mine(emails)


@tagged("post_install", "-at_install")
class TestDeeds(DeedCase):
    def test_each_deed_goes_back_to_what_was(self):
        entries = self.some()
        entries[0].write({"is_read": True, "starred": True, "handled": True})
        entries[1].folder_id = self.folder("Projects")
        names = ("folder_id", "previous_folder_id", "is_read", "starred", "handled", "filed_on")
        for deed in (
            "action_archive_entry",
            "action_trash",
            "action_mark_selected_read",
            "action_mark_unread",
            "action_star",
            "action_unstar",
            "action_done",
            "action_not_done",
        ):
            with self.subTest(deed):
                before = [tuple(entry[name] for name in names) for entry in entries]
                told = getattr(entries, deed)()
                self.assertNotEqual(
                    [tuple(entry[name] for name in names) for entry in entries], before
                )
                self.assertEqual(self.undo(told), "Undone.")
                self.assertEqual(
                    [tuple(entry[name] for name in names) for entry in entries], before
                )

    def test_moving_and_putting_back_are_undone(self):
        entries, folder = self.some(), self.folder("Projects")
        wizard = self.env["mail.import.move.to"].with_user(self.boss)
        wizard = wizard.browse(entries.action_move_to()["res_id"])
        wizard.folder_id = folder
        told = wizard.action_move()
        self.assertEqual(told["params"]["message"], "3 e-mails moved.")
        back = entries.action_put_back()
        self.assertEqual(entries.folder_id, self.system("inbox"))
        self.undo(back)
        self.assertEqual(entries.folder_id, folder)
        self.undo(told)
        self.assertEqual(entries.folder_id, self.system("inbox"))
        self.assertFalse(entries.previous_folder_id)

    def test_who_did_it_before_is_named_again(self):
        self.support.member_ids |= self.boss
        entry = self.mine(self.asked(), self.agent)
        entry.handled = True
        told = self.as_user(entry, self.boss).action_not_done()
        self.assertEqual(entry.handled_by_id, self.boss)
        self.undo(told)
        self.assertTrue(entry.handled)
        self.assertEqual(entry.handled_by_id, self.agent)

    def test_what_was_changed_since_stays(self):
        entries = self.some()
        told = entries.action_archive_entry()
        entries[0].folder_id = self.folder("Projects")
        self.assertIn("2 of 3 e-mails are as they were", self.undo(told))
        self.assertEqual(entries[0].folder_id.name, "Projects")
        self.assertEqual(entries[1:].folder_id, self.system("inbox"))

    def test_what_is_deleted_meanwhile_is_told(self):
        entries = self.some(2)
        told = entries.action_trash()
        entries[0].action_delete()
        self.assertIn("1 of 2 e-mails", self.undo(told))
        self.assertEqual(entries[1].folder_id, self.system("inbox"))

    def test_a_folder_that_is_gone_is_not_filled(self):
        entries, folder = self.some(1), self.folder("Projects")
        entries.folder_id = folder
        told = entries.action_archive_entry()
        folder.unlink()
        self.assertIn("0 of 1", self.undo(told))
        self.assertEqual(entries.folder_id, self.system("archive"))

    def test_undoing_twice_is_harmless(self):
        entries = self.some(1)
        told = entries.action_trash()
        self.undo(told)
        entries.action_archive_entry()
        self.assertEqual(self.undo(told), "This is undone already.")
        self.assertEqual(entries.folder_id, self.system("archive"))

    def test_nothing_changed_leaves_nothing_to_undo(self):
        entries = self.some(1)
        entries.action_mark_selected_read()
        told = entries.action_mark_selected_read()
        self.assertFalse(told["params"]["deed_id"])

    def test_parts_of_one_deed_are_undone_together(self):
        entries = self.some(3)
        first = entries[:2].action_trash()
        deed = self.deed(first)
        more = entries[2].with_context(mail_import_deed_id=deed.id).action_trash()
        self.assertEqual(self.deed(more), deed)
        self.assertEqual(more["params"]["message"], "3 e-mails put in the Trash.")
        self.undo(more)
        self.assertEqual(entries.folder_id, self.system("inbox"))

    def test_old_deeds_are_forgotten(self):
        told = self.some(1).action_trash()
        deed = self.deed(told)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_import_deed SET create_date = %s WHERE id = %s",
            [self.env.cr.now() - timedelta(hours=30), deed.id],
        )
        self.env["mail.import.deed"]._gc_old()
        with self.assertRaisesRegex(UserError, "too long ago"):
            self.undo(told)

    def test_many_take_as_many_queries_as_few(self):
        few, many = self.some(5), self.some(60, "Further")

        def queries(entries, deed):
            mine = self.as_user(entries, self.boss)
            before = self.env.cr.sql_log_count
            told = getattr(mine, deed)()
            self.env.flush_all()
            done = self.env.cr.sql_log_count - before
            self.undo(told)
            return done

        for deed in ("action_archive_entry", "action_done", "action_mark_selected_read"):
            queries(few, deed)
            self.assertEqual(queries(many, deed), queries(few, deed), deed)


@tagged("post_install", "-at_install")
class TestDeedAccess(DeedCase):
    def test_a_deed_is_its_doers_alone(self):
        self.support.member_ids |= self.boss
        told = self.mine(self.asked(), self.agent).action_trash()
        deed = self.deed(told)
        self.assertShownTo(self.agent, deed, "count")
        self.assertHiddenFrom(self.outsiders | self.boss | self.reader, deed, "count")
        for user in self.outsiders | self.boss:
            self.assertRefused(lambda u=user: self.as_user(deed, u).action_undo())
        self.assertRefused(lambda: self.as_user(deed, self.agent).read(["changes"]))
        for user in self.outsiders | self.agent:
            Deed = self.as_user(deed.browse(), user)
            self.assertRefused(
                lambda D=Deed, u=user: D.create({"user_id": u.id, "kind": "trash", "changes": []})
            )
        self.assertRefused(lambda: self.as_user(deed, self.agent).write({"undone": True}))

    def test_a_foreign_deed_is_not_gone_on_with(self):
        deed = self.deed(self.some(1).action_trash())
        entry = self.mine(self.asked(), self.agent)
        told = entry.with_context(mail_import_deed_id=deed.id).action_trash()
        self.assertNotEqual(self.deed(told), deed)
        self.assertEqual(deed.count, 1)

    def test_who_left_the_group_undoes_nothing_there(self):
        entry = self.mine(self.asked(), self.agent)
        told = entry.action_trash()
        self.support.member_ids -= self.agent
        self.assertIn("0 of 1", self.undo(told, self.agent))
        self.assertEqual(entry.sudo().folder_id, self.system("trash"))

    def test_nobody_does_a_deed_to_mail_of_others(self):
        entry = self.confided().entry_ids
        for user in self.outsiders | self.agent:
            for deed in ("action_trash", "action_star", "action_done", "action_mark_selected_read"):
                self.assertRefused(lambda u=user, d=deed: getattr(self.as_user(entry, u), d)())


@tagged("post_install", "-at_install")
class TestLinkDeeds(DeedCase):
    def setUp(self):
        super().setUp()
        self.task = self.env["project.task"].create({"name": "Desk", "project_id": self.project.id})
        (outcome,) = self.receive(self.support, build_mail(text="Hello desk"))
        self.entry = self.as_user(outcome.entry, self.agent)

    def link_to(self, publish=True):
        wizard = self.entry.env["mail.import.link.to"].browse(self.entry.action_link_to()["res_id"])
        wizard.write({"record": f"project.task,{self.task.id}", "publish": publish})
        return wizard.action_link()

    def links(self, email=None):
        links = self.env["mail.import.link"].search(
            [("res_model", "=", "project.task"), ("res_id", "=", self.task.id)]
        )
        return links.filtered(lambda link: not link.suggested)

    def test_a_link_is_taken_back_with_its_note(self):
        told = self.link_to()
        message = self.links().message_id
        self.assertTrue(message)
        self.assertEqual(self.undo(told, self.agent), "Undone.")
        self.assertFalse(self.links())
        self.assertFalse(message.exists())

    def test_a_link_that_was_removed_comes_back(self):
        self.link_to()
        told = self.as_user(self.links(), self.agent).action_unlink_email()
        self.assertFalse(self.links())
        self.assertEqual(self.undo(told, self.agent), "Undone.")
        self.assertEqual(self.links().user_id, self.agent)
        self.assertIn("Hello desk", self.links().message_id.body)
        self.assertTrue(self.links().message_id.subtype_id.internal)

    def test_a_link_to_what_one_may_no_longer_read_stays_away(self):
        self.link_to()
        told = self.as_user(self.links(), self.agent).action_unlink_email()
        secret = self.env["project.project"].create(
            {"name": "Secret", "privacy_visibility": "followers"}
        )
        self.task.message_unsubscribe(self.agent.partner_id.ids)
        self.task.project_id = secret
        self.assertIn("0 of 1", self.undo(told, self.agent))
        self.assertFalse(self.links())

    def test_the_mail_is_gone_meanwhile(self):
        told = self.link_to()
        self.entry.sudo().email_id.unlink()
        self.assertIn("0 of 1", self.undo(told, self.agent))
