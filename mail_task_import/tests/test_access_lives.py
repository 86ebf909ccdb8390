"""What becomes of access when records merge, move and go, and when mail itself is deleted."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import build_mail
from .test_access_common import SECRET, AccessCase

FILE = ("contract.txt", b"signed and sealed", "text/plain")


@tagged("post_install", "-at_install")
class TestMergedRecords(AccessCase):
    """Links move with their messages, unpublished ones too."""

    def link(self, email, record, publish=True):
        link = self.env["mail.import.link"].create(
            {"email_id": email.id, "res_model": record._name, "res_id": record.id, "step": "user"}
        )
        if publish:
            link._publish(public=False, quiet=True)
        return link

    def lead(self, name, kind="lead"):
        return self.env["crm.lead"].create({"name": name, "type": kind})

    def test_links_of_merged_leads_move_with_their_messages(self):
        kept, gone = self.lead("Kept", "opportunity"), self.lead("Gone")
        published = self.link(self.asked("One", text="one", attachments=[FILE]), gone)
        unpublished = self.link(
            self.confided("Two", text="two", sender="zed@nowhere.example"), gone, publish=False
        )
        merged = (kept | gone).with_user(self.agent).merge_opportunity(auto_unlink=True)
        self.assertFalse((kept | gone - merged).exists() - merged)
        for link in (published, unpublished):
            self.assertTrue(link.exists())
            self.assertEqual(link._get_record(), merged.sudo())
        self.assertEqual(published.message_id.res_id, merged.id)
        self.assertFalse(unpublished.message_id)
        self.assertHiddenFrom(self.agent, unpublished, "subject")
        self.assertEqual(published.target_id, self.env.ref("mail_task_import.target_deal"))

    def test_an_email_of_both_leads_is_linked_once_and_shown_once(self):
        kept, gone = self.lead("Kept", "opportunity"), self.lead("Gone")
        email = self.asked("One", text="Only once")
        first, second = self.link(email, kept), self.link(email, gone)
        (kept | gone).merge_opportunity()
        (left,) = (first | second).exists()
        self.assertEqual(left._get_record(), kept)
        shown = kept.message_ids.filtered(lambda m: "Only once" in (m.body or ""))
        self.assertEqual(shown, left.message_id)

    def test_an_unpublished_double_gives_way_to_the_published_one(self):
        kept, gone = self.lead("Kept", "opportunity"), self.lead("Gone")
        email = self.asked("One", text="Only once")
        first, second = self.link(email, kept, publish=False), self.link(email, gone)
        message = second.message_id
        (kept | gone).merge_opportunity()
        (left,) = (first | second).exists()
        self.assertEqual(left.message_id, message)
        self.assertEqual(message.res_id, kept.id)

    def test_a_converted_lead_keeps_its_mail(self):
        lead = self.lead("Lead")
        link = self.link(self.asked("One"), lead)
        lead.convert_opportunity(self.customer)
        self.assertEqual(link._get_record(), lead)
        self.assertTrue(link.message_id.exists())

    def test_links_of_merged_contacts_move(self):
        kept, gone = self.env["res.partner"].create(
            [{"name": "Kept", "email": "x@y.example"}, {"name": "Gone", "email": "x@y.example"}]
        )
        published = self.link(self.asked("One", text="one"), gone)
        unpublished = self.link(
            self.confided("Two", text="two", sender="zed@nowhere.example"), gone, publish=False
        )
        both = self.link(published.email_id, kept)
        self.env["base.partner.merge.automatic.wizard"]._merge((kept | gone).ids, kept)
        self.assertFalse(gone.exists())
        self.assertEqual(unpublished._get_record(), kept)
        (left,) = (published | both).exists()
        self.assertEqual(left._get_record(), kept)
        self.assertIn(SECRET[:0] + "one", str(left.message_id.body))

    def test_a_merged_contact_stays_the_author_of_its_mail(self):
        double = self.env["res.partner"].create({"name": "Ann", "email": "ann@elsewhere.example"})
        email = self.asked()
        self.env["base.partner.merge.automatic.wizard"]._merge((double | self.customer).ids, double)
        self.assertEqual(email.author_id, double)


@tagged("post_install", "-at_install")
class TestMovedMessages(AccessCase):
    def setUp(self):
        super().setUp()
        self.email = self.asked(attachments=[FILE])
        self.link = self.links(self.email)
        self.other = self.env["project.task"].create(
            {"name": "Other", "project_id": self.project.id}
        )

    def test_links_follow_a_thread_that_is_moved(self):
        self.link._get_record().message_change_thread(self.other)
        self.assertEqual(self.link._get_record(), self.other)
        self.assertEqual(self.link.message_id.res_id, self.other.id)

    def test_files_of_a_moved_message_are_not_left_to_the_record_it_leaves(self):
        before, files = self.link._get_record(), self.link.message_id.attachment_ids
        before.message_change_thread(self.other)
        self.assertTrue(files)
        self.assertEqual(set(files.mapped("res_id")), {self.other.id})
        self.assertEqual(set(files.mapped("res_model")), {self.other._name})
        self.assertFalse(before.attachment_ids)

    def test_nobody_moves_a_message_to_a_record_of_theirs(self):
        message = self.link.message_id
        for user in self.outsiders | self.agent | self.reader:
            mine = self.as_user(message, user)
            self.assertRefused(
                lambda m=mine, u=user: m.write({"model": "res.partner", "res_id": u.partner_id.id})
            )
        for user in self.outsiders:
            mine = self.as_user(message, user)
            self.assertRefused(lambda m=mine: m.write({"partner_ids": [(4, 1)]}))

    def test_withdrawing_takes_a_moved_message_back_all_the_same(self):
        message = self.link.message_id
        message.write({"res_id": self.other.id})
        self.link._withdraw()
        self.assertFalse(message.exists())
        self.assertTrue(self.email.attachment_ids.raw)


@tagged("post_install", "-at_install")
class TestDeleted(AccessCase):
    def test_a_deleted_record_takes_its_links_and_leaves_the_email_whole(self):
        email = self.asked(attachments=[FILE])
        link, message = self.links(email), self.links(email).message_id
        self.record(email).unlink()
        self.assertFalse(link.exists() or message.exists())
        self.assertIn(SECRET, email.body_text)
        self.assertEqual(email.attachment_ids.raw, FILE[1])
        self.assertTrue(email.entry_ids.original)
        self.assertShownTo(self.agent, email, "body_text")

    def test_who_deletes_a_record_needs_no_access_to_its_mail(self):
        task = self.env["project.task"].create(
            {"name": "Secret links", "project_id": self.project.id}
        )
        link = self.env["mail.import.link"].create(
            {
                "email_id": self.confided().id,
                "res_model": "project.task",
                "res_id": task.id,
                "step": "user",
            }
        )
        task.with_user(
            self._employee("manager", "manager@company.example", "project.group_project_manager")
        ).unlink()
        self.assertFalse(link.exists())

    def test_a_deleted_email_leaves_a_tombstone_and_is_not_revived(self):
        raw = build_mail(text=SECRET, attachments=[FILE])
        (mail,) = self.receive(self.support, raw)
        email, task = mail.email, self.record(mail.email)
        files, message = email.attachment_ids, self.links(email).message_id
        email.unlink()
        self.assertFalse(files.exists() or message.exists())
        self.assertTrue(task.exists())
        self.assertFalse(
            self.env["ir.attachment"].search(
                [
                    ("res_model", "=like", "mail.import.%"),
                    ("res_field", "!=", False),
                    ("res_id", "in", email.ids),
                    ("res_model", "=", "mail.import.email"),
                ]
            )
        )
        (again,) = self.receive(self.support, raw)
        self.assertEqual(again.state, "duplicate")
        self.assertFalse(again.email)

    def test_a_withdrawn_email_leaves_the_chatter_and_stays_whole(self):
        email = self.asked(attachments=[FILE])
        link, task = self.links(email), self.record(email)
        files = link.message_id.attachment_ids
        self.as_user(link, self.agent).action_unlink_email()
        self.assertFalse(link.exists() or files.exists())
        self.assertNotIn(SECRET, "".join(task.message_ids.mapped("body")))
        self.assertEqual(email.attachment_ids.raw, FILE[1])

    def test_strangers_to_mail_and_record_do_not_withdraw(self):
        link = self.links(self.asked())
        for user in self.outsiders | self.boss:
            for name in (
                "action_unlink_email",
                "action_withdraw",
                "action_publish",
                "action_dismiss",
                "action_accept",
            ):
                mine = self.as_user(link, user)
                self.assertRefused(lambda m=mine, n=name: getattr(m, n)(), (user.login, name))
        self.assertTrue(link.message_id.exists())


@tagged("post_install", "-at_install")
class TestSettings(AccessCase):
    """Mailboxes, watched folders and own folders belong to somebody too."""

    def test_a_member_neither_changes_nor_deletes_a_group_mailbox(self):
        fresh = self._mailbox("group", "fresh@company.example", member_ids=self.agent.ids)
        mine = self.as_user(fresh, self.agent)
        for values in (
            {"name": "x"},
            {"member_ids": [(4, self.colleague.id)]},
            {"trusted_authserv_ids": "mx.evil.example"},
            {"visibility": "owner"},
        ):
            self.assertRefused(lambda v=values: mine.write(v))
        self.assertRefused(mine.unlink)

    def test_nobody_makes_a_mailbox_for_others(self):
        Mailbox = self.as_user(self.env["mail.import.mailbox"], self.colleague)
        for values in (
            {"kind": "group"},
            {"kind": "personal", "owner_id": self.boss.id},
            {"kind": "personal", "reader_ids": [(4, self.boss.id)]},
        ):
            self.assertRefused(
                lambda v=values: Mailbox.create({"name": "x", "address": "x@company.example", **v})
            )

    def test_watched_folders_are_their_owners(self):
        folder = self.private.remote_folder_ids
        for user in self.outsiders - self.administrator - self.mail_administrator | self.agent:
            mine = self.as_user(folder, user)
            self.assertRefused(lambda m=mine: m.write({"name": "x"}))
            self.assertRefused(
                lambda m=mine: m.create({"mailbox_id": self.private.id, "name": "y"})
            )
        for user in self.administrator | self.boss:
            mine = self.as_user(folder, user)
            for values in ({"last_uid": 0}, {"uidvalidity": 9}, {"mailbox_id": self.support.id}):
                self.assertRefused(lambda m=mine, v=values: m.write(v))

    def test_no_dialog_is_opened_on_a_mailbox_or_email_of_others(self):
        secret = self.confided()
        task = self.env["project.task"].create({"name": "x", "project_id": self.project.id})
        for user in self.stranger | self.portal | self.colleague | self.agent:
            for model in (
                "mail.import.position.reset",
                "mail.import.folder.picker",
                "mail.import.connection.test",
            ):
                with self.subTest(user=user.login, model=model):
                    Dialog = self.as_user(self.env[model], user)
                    self.assertRefused(lambda D=Dialog: D.create({"mailbox_id": self.private.id}))
            Dialog = self.as_user(self.env["mail.import.link.to"], user)
            self.assertRefused(
                lambda D=Dialog: D.create(
                    {
                        "email_ids": [(6, 0, secret.ids)],
                        "record": f"project.task,{task.id}",
                        "publish": True,
                    }
                ).action_link()
            )
        links = self.env["mail.import.link"].search([("res_model", "=", "project.task")])
        self.assertNotIn(task.id, links.mapped("res_id"))

    def test_quarantine_is_handled_by_the_readers_of_its_mailbox(self):
        quarantine = self.env["mail.import.quarantine"].create(
            {"mailbox_id": self.private.id, "reason": "x", "raw": "aGVsbG8="}
        )
        for user in self.outsiders | self.agent:
            for name in ("action_retry", "action_release", "action_delete"):
                mine = self.as_user(quarantine, user)
                self.assertRefused(lambda m=mine, n=name: getattr(m, n)(), (user.login, name))

    def test_own_folders_are_seen_and_made_by_their_owner_alone(self):
        folder = self.env["mail.import.folder"].create(
            {"name": "Bluebird", "user_id": self.boss.id}
        )
        others = self.outsiders | self.agent
        self.assertHiddenFrom(others, folder, "name")
        for user in others:
            Folder = self.as_user(folder.browse(), user)
            self.assertRefused(lambda F=Folder: F.create({"name": "x", "user_id": self.boss.id}))
            self.assertRefused(lambda F=Folder: F.create({"name": "x", "kind": "inbox"}))
        system = self.env.ref("mail_task_import.folder_inbox")
        for user in self.outsiders | self.agent:
            self.assertRefused(lambda u=user: self.as_user(system, u).write({"name": "x"}))
            self.assertRefused(lambda u=user: self.as_user(system, u).unlink())

    def test_a_folder_below_somebody_elses_tells_not_its_name(self):
        theirs = self.env["mail.import.folder"].create(
            {"name": "Bluebird", "user_id": self.boss.id}
        )
        Folder = self.as_user(theirs.browse(), self.agent)
        with self.assertRaises(UserError):
            Folder.create({"name": "x", "user_id": self.agent.id, "parent_id": theirs.id})

    def test_signatures_are_changed_by_those_who_set_the_mailbox_up(self):
        signature = self.env["mail.import.signature"].create(
            {"mailbox_id": self.support.id, "name": "Support"}
        )
        self.assertShownTo(self.agent, signature, "name")
        for user in self.stranger | self.portal | self.colleague | self.agent:
            mine = self.as_user(signature, user)
            self.assertRefused(lambda m=mine: m.write({"name": "x"}))
            self.assertRefused(lambda m=mine: m.unlink())

    def test_a_record_keeps_a_mail_of_which_only_a_closed_mailbox_has_a_copy(self):
        """An open one received it, and its readers have thrown their copy away."""
        raw = build_mail(to="support@company.example, boss@company.example", text=SECRET)
        (mail,) = self.receive(self.support, raw)
        self.receive(self.private, raw)
        link = self.links(mail.email)
        copy = self.as_user(mail.entry, self.agent)
        copy.action_trash()
        copy.action_delete()
        self.assertTrue(link.message_id)
        self.assertShownTo(self.reader, link, "subject")
        self.assertShownTo(self.boss, mail.email, "body_text")
        self.assertHiddenFrom(self.agent, mail.email, "body_text")
        self.assertHiddenFrom(self.outsiders, link, "subject")
