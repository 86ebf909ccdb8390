"""New mail in a personal mailbox is announced to its owner, and to nobody else."""

import json

from odoo import fields
from odoo.tests import tagged

from ..receivers.raw_mail import RawMail
from .common import build_mail
from .test_folders import FolderCase

TO_BOSS = {"to": "boss@company.example"}


class NoticeCase(FolderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parameters = cls.env["ir.config_parameter"]
        for name in ("private", "public"):
            parameters.set_param(f"mail.web_push_vapid_{name}_key", "key")
        for user in cls.boss | cls.agent | cls.reader | cls.administrator:
            cls.env["mail.push.device"].create(
                {
                    "endpoint": f"https://push.example/{user.login}",
                    "keys": "{}",
                    "partner_id": user.partner_id.id,
                }
            )
        cls.boss.notification_type = "inbox"

    def arrives(self, *mails, mailbox=None, **options):
        """Import mails, and forget what was told before."""
        self.env["mail.push"].search([]).unlink()
        self.env.cr.precommit.run()
        self.env["bus.bus"].search([]).unlink()
        outcomes = self.receive(mailbox or self.private, *mails, **options)
        self.env.flush_all()
        self.env.cr.precommit.run()
        return [mail.entry for mail in outcomes]

    def bell(self, user=None):
        """Messages that wait in somebody's bell."""
        user = user or self.boss
        return (
            self.env["mail.notification"]
            .search(
                [
                    ("res_partner_id", "=", user.partner_id.id),
                    ("notification_type", "=", "inbox"),
                    ("is_read", "=", False),
                    ("mail_message_id.model", "=", "mail.import.entry"),
                ],
                order="id",
            )
            .mail_message_id
        )

    def pushed(self):
        """``{login: payload}`` of what waits for the push servers."""
        return {
            push.mail_push_device_id.endpoint.rsplit("/", 1)[1]: json.loads(push.payload)
            for push in self.env["mail.push"].search([])
        }

    def bus(self):
        """``(channel, message)`` of what the bus carries."""
        return [(row.channel, row.message) for row in self.env["bus.bus"].search([])]


@tagged("post_install", "-at_install")
class TestNotices(NoticeCase):
    def test_new_mail_is_in_the_bell_and_pushed(self):
        (entry,) = self.arrives(build_mail("Broken chair", **TO_BOSS))
        message = self.bell()
        self.assertIn("New e-mail from Ann Customer", message.body)
        self.assertIn("Broken chair", message.body)
        self.assertEqual((message.model, message.res_id), (entry._name, entry.id))
        payload = self.pushed()["boss"]
        self.assertEqual(payload["title"], "New e-mail from Ann Customer")
        self.assertEqual(payload["options"]["body"], "Broken chair")
        self.assertEqual(payload["options"]["data"], {"model": entry._name, "res_id": entry.id})

    def test_many_at_once_are_told_once(self):
        mails = [
            build_mail(f"Mail {n}", sender=f"{name} <{name}@customer.example>", **TO_BOSS)
            for n, name in enumerate(("Ann", "Bob", "Cid", "Dan", "Eve"))
        ]
        self.arrives(*mails)
        message = self.bell()
        self.assertEqual(len(message), 1)
        self.assertIn("5 new e-mails", message.body)
        self.assertIn("and 2 more", message.body)
        self.assertNotIn("Mail 1", message.body)
        self.assertEqual(list(self.pushed()), ["boss"])

    def test_no_mail_is_sent_about_mail(self):
        for choice in ("inbox", "email"):
            self.boss.notification_type = choice
            before = self.env["mail.mail"].search_count([])
            self.arrives(build_mail(f"For {choice}", **TO_BOSS))
            self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_who_has_no_bell_hears_of_it_in_the_browser(self):
        self.boss.notification_type = "email"
        (entry,) = self.arrives(build_mail("Broken chair", **TO_BOSS))
        self.assertFalse(self.bell())
        notices = [(c, m) for c, m in self.bus() if "mail_import/notice" in m]
        ((channel, message),) = notices
        self.assertIn(f'"res.partner",{self.boss.partner_id.id}', channel.replace(" ", ""))
        self.assertEqual(json.loads(message)["payload"], {"entry_ids": entry.ids})
        self.assertEqual(list(self.pushed()), ["boss"])

    def test_what_is_old_read_ones_own_automatic_or_history_is_not_announced(self):
        quiet = {
            "old": {"minutes_ago": 60 * 24 * 3},
            "own": {
                "sender": "boss@company.example",
                "Authentication_Results": self.passed(),
            },
            "automatic": {"Auto_Submitted": "auto-generated"},
            "list": {"List_Id": "<news.customer.example>"},
        }
        for name, values in quiet.items():
            with self.subTest(name):
                self.arrives(build_mail(name, **{**TO_BOSS, **values}))
                self.assertFalse(self.bell() or self.pushed())
        with self.subTest("read"):
            raw = self.raw_mail(build_mail("read", **TO_BOSS), ("\\Seen",))
            self.arrives(raw)
            self.assertFalse(self.bell() or self.pushed())
        with self.subTest("history"):
            self.arrives(build_mail("history", **TO_BOSS), history=True)
            self.assertFalse(self.bell() or self.pushed())

    def raw_mail(self, content, flags):
        return RawMail(content=content, flags=flags)

    def test_mail_that_came_long_ago_by_the_servers_clock_is_not_announced(self):
        raw = self.raw_mail(build_mail("Old", **TO_BOSS), ())
        raw.received_at = fields.Datetime.subtract(fields.Datetime.now(), days=3)
        self.arrives(raw)
        self.assertFalse(self.bell() or self.pushed())

    def test_folders_that_skip_it_are_silent(self):
        folder = self.folder("News")
        self.private.local_folder_id = folder
        self.arrives(build_mail("Loud", **TO_BOSS))
        self.assertEqual(len(self.bell()), 1)
        folder.skip_notification = True
        self.arrives(build_mail("Quiet", **TO_BOSS))
        self.assertEqual(len(self.bell()), 1)
        self.assertFalse(self.pushed())
        self.private.local_folder_id = self.system("archive")
        self.arrives(build_mail("Archived", **TO_BOSS))
        self.assertEqual(len(self.bell()), 1)

    def test_who_switched_it_off_is_left_alone(self):
        self.boss.with_user(self.boss).mail_import_notify = False
        self.arrives(build_mail("Broken chair", **TO_BOSS))
        self.assertFalse(self.bell() or self.pushed())
        self.assertTrue(any("mail_import/new_mail" in message for _c, message in self.bus()))

    def test_a_known_mail_is_news_to_another_owner(self):
        raw = build_mail(to="support@company.example, boss@company.example")
        self.arrives(raw, mailbox=self.support)
        self.assertFalse(self.bell())
        self.arrives(raw)
        self.assertEqual(len(self.bell()), 1)
        self.arrives(raw)
        self.assertEqual(len(self.bell()), 1)

    def test_group_mail_is_in_nobodys_bell(self):
        self.agent.notification_type = "inbox"
        self.support.default_target_id = False
        self.arrives(build_mail("Broken chair", sender="x@new.example"), mailbox=self.support)
        self.assertFalse(self.bell(self.agent) or self.pushed())

    def test_a_folder_of_a_group_that_skips_it_keeps_followers_quiet_too(self):
        self.agent.notification_type = "inbox"
        email = self.asked("First", text="Question")
        task = self.record(email)
        task.message_subscribe(self.agent.partner_id.ids, self.env.ref("mail.mt_comment").ids)
        folder = self.shared()
        self.support.local_folder_id = folder
        for skips in (False, True):
            folder.skip_notification = skips
            raw = build_mail(f"Skips: {skips}", in_reply_to=email.message_id, text="Answer")
            (entry,) = self.arrives(raw, mailbox=self.support)
            message = self.links(entry.email_id).message_id
            self.assertEqual(not self.notified(message), skips)

    def test_reading_it_takes_it_out_of_the_bell(self):
        first, second = (
            self.arrives(build_mail(name, **TO_BOSS))[0] for name in ("First", "Second")
        )
        self.assertEqual(len(self.bell()), 2)
        self.as_user(first, self.boss).action_mark_read()
        self.as_user(second, self.boss).action_trash()
        self.assertFalse(self.bell())

    def test_it_goes_with_its_mail(self):
        (entry,) = self.arrives(build_mail("Broken chair", **TO_BOSS))
        message = self.bell()
        mine = self.as_user(entry, self.boss)
        mine.action_trash()
        mine.action_delete()
        self.assertFalse(message.exists())

    def test_an_unverified_sender_is_announced_as_one(self):
        self.private.trusted_authserv_ids = "mx.company.example"
        (entry,) = self.arrives(build_mail("Pay", sender="agent@company.example", **TO_BOSS))
        self.assertEqual(entry.verdict, "fail")
        self.assertIn("unverified sender", self.bell().body)
        self.assertIn("unverified sender", self.pushed()["boss"]["title"])

    def test_what_is_pushed_fits_however_long_the_mail_makes_it(self):
        name = "Ж" * 5000
        self.arrives(build_mail("Я" * 5000, sender=f"{name} <x@customer.example>", **TO_BOSS))
        self.assertLess(len(json.dumps(self.pushed()["boss"])), 3990)

    def test_a_hostile_subject_is_shown_as_text(self):
        self.arrives(build_mail("<img src=x onerror=alert(1)>", **TO_BOSS))
        self.assertNotIn("<img", self.bell().body)


@tagged("post_install", "-at_install")
class TestNoticesLeakNothing(NoticeCase):
    def test_nobody_else_reads_the_notice(self):
        self.arrives(build_mail("Bluebird", **TO_BOSS))
        message = self.bell()
        self.assertShownTo(self.boss, message, "body")
        others = self.stranger | self.colleague | self.mail_administrator | self.administrator
        self.assertHiddenFrom(others | self.agent, message, "body")

    def test_its_sender_does_not_read_it_though_he_has_a_login(self):
        self.arrives(build_mail("Bluebird", sender="portal@customer.example", **TO_BOSS))
        self.assertTrue(self.refused(lambda: self.as_user(self.bell(), self.portal).read(["body"])))

    def test_only_the_owners_channel_carries_it(self):
        for choice in ("inbox", "email"):
            self.boss.notification_type = choice
            self.arrives(build_mail(f"Bluebird {choice}", **TO_BOSS))
            partner = f'"res.partner",{self.boss.partner_id.id}]'
            for channel, message in self.bus():
                self.assertTrue(channel.replace(" ", "").endswith(partner), channel)
                self.assertTrue(choice == "inbox" or "Bluebird" not in message)

    def test_the_queue_of_pushes_is_closed_to_administrators(self):
        self.arrives(build_mail("Bluebird", **TO_BOSS))
        pushes = self.env["mail.push"].search([])
        self.assertEqual(len(pushes), 1)
        self.assertHiddenFrom(self.administrator, pushes, "payload")

    def test_mail_in_records_is_pushed_to_their_followers_after_the_import(self):
        self.agent.notification_type = "inbox"
        email = self.asked("First", text="Question")
        task = self.record(email)
        task.message_subscribe(self.agent.partner_id.ids, self.env.ref("mail.mt_comment").ids)
        self.arrives(
            build_mail("Bluebird", in_reply_to=email.message_id, text="Answer"),
            mailbox=self.support,
        )
        self.assertEqual(list(self.pushed()), ["agent"])
        self.assertHiddenFrom(self.administrator, self.env["mail.push"].search([]), "payload")


@tagged("post_install", "-at_install")
class TestNoticesOfRecords(NoticeCase):
    def followed(self):
        """A task that a mail made, followed by an employee and by a customer."""
        self.support.default_target_id = self.env.ref("mail_task_import.target_task")
        self.support.default_project_id = self.project
        first = build_mail("Chair", message_id="<chair@customer.example>")
        (entry,) = self.arrives(first, mailbox=self.support)
        task = self.record(entry.email_id)
        task.message_unsubscribe(task.message_partner_ids.ids)
        self.agent.notification_type = "inbox"
        customer = self.env["res.partner"].create({"name": "Tom", "email": "tom@customer.example"})
        followers = self.agent.partner_id | customer
        task.message_subscribe(followers.ids, self.env.ref("mail.mt_comment").ids)
        return customer

    def notified(self, flags):
        """Who is notified of an answer."""
        answer = build_mail(
            "Re: Chair",
            text=f"Still broken. {flags}",
            message_id=f"<{len(flags)}@customer.example>",
            in_reply_to="<chair@customer.example>",
        )
        raw = RawMail(answer, flags=flags)
        (entry,) = self.arrives(raw, mailbox=self.support)
        message = entry.email_id.link_ids.message_id
        self.assertTrue(message)
        return message.notification_ids.res_partner_id

    def test_employees_are_told_of_unread_mail_in_a_record_that_they_follow(self):
        customer = self.followed()
        self.assertEqual(self.notified(()), self.agent.partner_id | customer)

    def test_employees_are_not_told_of_mail_that_was_read_on_the_server(self):
        customer = self.followed()
        self.assertEqual(self.notified(("\\Seen",)), customer)
        self.assertFalse(self.pushed())
