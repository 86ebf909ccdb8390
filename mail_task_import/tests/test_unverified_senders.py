"""Mail in a colleague's name that nobody vouches for bears a mark wherever people see it."""

import re
from email.header import Header
from types import SimpleNamespace
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.mail.tools.discuss import Store

from environment.smtp_sink import SmtpSink

from ..mime.parsed_mail import Address
from ..receivers.raw_mail import RawMail
from .common import build_mail
from .test_access_senders import AGENT, FAILED, SenderCase

ELSEWHERE = "mx.company.example; dkim=pass header.d=evil.example"
STRANGER = "x@evil.example"


class UnverifiedCase(SenderCase):
    def setUp(self):
        super().setUp()
        self.boss.name = "Big Boss"

    def mark(self, mailbox=None, **values):
        """``(verdict, posing)`` of the entry of such a mail."""
        email = self.sent(mailbox=mailbox, **values)
        entry = email.entry_ids.filtered(lambda one: one.mailbox_id == (mailbox or self.support))
        return entry.verdict, entry.posing

    def assertMarked(self, posing, **values):
        self.assertEqual(self.mark(**values), ("fail", posing))

    def assertUnmarked(self, **values):
        verdict, posing = self.mark(**values)
        self.assertNotEqual(verdict, "fail")
        self.assertFalse(posing)


@tagged("post_install", "-at_install")
class TestColleaguesAddresses(UnverifiedCase):
    def test_marked_without_the_word_of_a_trusted_server(self):
        for name, verdicts in {
            "nothing": [],
            "another domain": [ELSEWHERE],
            "a failure": [FAILED],
            "neither": ["mx.company.example; dmarc=none header.from=company.example"],
            "not trusted": ["mx.evil.example; dmarc=pass header.from=company.example"],
        }.items():
            with self.subTest(name):
                self.assertMarked("address", subject=name, sender=AGENT, verdicts=verdicts)

    def test_marked_however_it_is_quoted(self):
        self.boss.email = "big.boss@company.example"
        for number, sender in enumerate(
            ('"big.boss"@company.example', 'Somebody <"big.boss"@company.example>')
        ):
            with self.subTest(sender):
                self.assertMarked("address", subject=f"Quoted {number}", sender=sender)

    def test_unmarked_where_a_trusted_server_vouches(self):
        self.assertUnmarked(sender=AGENT, verdicts=[self.passed()])

    def test_the_mailboxes_own_address_is_as_good_as_a_colleagues(self):
        self.assertMarked("address", sender="support@company.example")
        self.assertUnmarked(
            sender="support@company.example", subject="Passed", verdicts=[self.passed()]
        )

    def test_strangers_and_customers_are_as_ever(self):
        self.assertUnmarked(sender=STRANGER)
        self.assertUnmarked(sender="Ann Customer <ann@customer.example>", subject="Ann")
        (mail,) = self.receive(self.support, b"Subject: no sender\r\n\r\nx")
        self.assertFalse(mail.entry.verdict)

    def test_our_own_mail_in_the_sent_folder_is_ours(self):
        folder = self.env["mail.import.remote.folder"].create(
            {"mailbox_id": self.support.id, "name": "Sent", "role": "sent"}
        )
        for uid, sender in enumerate((AGENT, "support@company.example"), 1):
            raw = RawMail(uid=uid, content=build_mail(sender=sender, to=STRANGER))
            (mail,) = self.importer.import_mails(self.support, [raw], folder, 1)
            self.assertFalse(mail.entry.verdict)
            self.assertFalse(mail.email.unverified)

    def test_what_we_sent_is_ours_where_it_comes_in_again(self):
        """As a recipient in the house gets it, from a server that says nothing."""
        own = self._mailbox("personal", "agent@company.example", owner_id=self.agent.id)
        raw = build_mail(subject="Round", sender=AGENT, to="support@company.example")
        folder = self.env["mail.import.remote.folder"].create(
            {"mailbox_id": own.id, "name": "Sent", "role": "sent"}
        )
        self.importer.import_mails(own, [RawMail(uid=1, content=raw)], folder, 1)
        (mail,) = self.receive(self.support, raw)
        self.assertFalse(mail.entry.verdict)
        self.assertFalse(mail.email.unverified)

    def test_an_owners_sent_folder_speaks_for_nobody_else(self):
        mine = self._mailbox("personal", "colleague@company.example", owner_id=self.colleague.id)
        folder = self.env["mail.import.remote.folder"].create(
            {"mailbox_id": mine.id, "name": "Sent", "role": "sent"}
        )
        raw = build_mail(subject="Forged", sender="boss@company.example")
        self.importer.import_mails(mine, [RawMail(uid=1, content=raw)], folder, 1)
        (mail,) = self.receive(self.support, raw)
        self.assertEqual(mail.entry.verdict, "fail")
        self.assertTrue(mail.email.unverified)


@tagged("post_install", "-at_install")
class TestColleaguesNames(UnverifiedCase):
    def test_an_address_for_a_name(self):
        for name in (
            "boss@company.example",
            "BOSS@company.example via X",
            "<boss@company.example>",
        ):
            with self.subTest(name):
                self.assertMarked("name", subject=name, sender=f'"{name}" <{STRANGER}>')

    def test_an_address_for_a_name_in_letters_that_look_alike(self):
        for number, name in enumerate(
            (
                "boss\uff20company.example",
                "bo\u200bss@company.example",
                '\\"boss\\"@company.example',
            )
        ):
            sender = Header(name, "utf-8").encode() if not name.isascii() else f'"{name}"'
            with self.subTest(ascii(name)):
                self.assertMarked("name", subject=f"At {number}", sender=f"{sender} <{STRANGER}>")

    def test_a_pass_of_ones_own_domain_lends_no_colleagues_name(self):
        evil = ["mx.company.example; dmarc=pass header.from=evil.example"]
        self.assertMarked("name", sender=f"Big Boss <{STRANGER}>", verdicts=evil)

    def test_the_whole_name_however_it_is_written(self):
        for name in ("Big Boss", "BIG BOSS", "big  boss"):
            self.assertMarked("name", subject=name, sender=f'"{name}" <{STRANGER}>')

    def test_what_looks_like_the_name(self):
        for number, name in enumerate(
            (
                "Bi\u200bg Boss", "Bi\u00adg Boss", "\u202essoB giB\u202c", "Big \u202essoB\u202c",
                "B\u0456g Boss", "B\u0131g Boss", "\uff22\uff49\uff47 Boss", "B\u00edg Boss",
                "Bi\u0261 \u0392oss", "Big\u3164Boss", "Big\u00a0Boss", "Blg B0ss",
                "Boss, Big", "Big.Boss", "Big Boss - YourCompany", "Big Boss via Support",
                "Big Boss (Head of Sales)", "Dr. Big Boss", "Big Boss Ltd",
            )
        ):  # fmt: skip
            encoded = Header(name, "utf-8").encode()
            with self.subTest(ascii(name)):
                self.assertMarked(
                    "name", subject=f"Alike {number}", sender=f"{encoded} <{STRANGER}>"
                )

    def test_a_name_of_other_letters_however_it_is_written(self):
        self.boss.name = "Γιάννης Ворон"
        for number, name in enumerate(("ΓΙΆΝΝΗΣ ВОРОН", "Ворон Γιάννης", "γιάννης ворон")):
            encoded = Header(name, "utf-8").encode()
            with self.subTest(name):
                self.assertMarked(
                    "name", subject=f"Greek {number}", sender=f"{encoded} <{STRANGER}>"
                )

    def test_colleagues_names_cost_one_query_a_batch_and_domains_two(self):
        Target = self.env["mail.import.target"]
        for many in (2, 40):
            senders = [Address(f"Nobody Number{n}", f"n{n}@evil.example") for n in range(many)]
            mails = [SimpleNamespace(parsed=SimpleNamespace(sender=one)) for one in senders]
            Target._own_domains()
            self.env.flush_all()
            with self.assertQueryCount(1):
                staff = Target._staff()
                Target._colleagues_named(SimpleNamespace(under_way=mails), staff)
            with self.assertQueryCount(2):
                Target._own_domains()

    def test_a_first_name_and_other_names_are_anybodys(self):
        self.agent.name = "Ann"
        for name in ("Ann", "Boss", "Bigger Boss", "Big Brother Boss", "Bob Big", "B. Boss"):
            self.assertUnmarked(subject=name, sender=f"{name} <{STRANGER}>")

    def test_a_contact_of_that_name_whom_somebody_entered(self):
        self.env["res.partner"].with_user(self.administrator).create(
            {"name": "Big Boss", "email": "namesake@customer.example"}
        )
        self.assertUnmarked(sender="Big Boss <namesake@customer.example>")

    def test_a_contact_that_the_first_mail_made_does_not_clear_the_second(self):
        lead = self.env.ref("mail_task_import.target_lead")
        lead.creates_contact = True
        self.support.default_target_id = lead
        for subject in ("First", "Second"):
            self.assertMarked("name", subject=subject, sender=f"Big Boss <{STRANGER}>")
        self.assertTrue(self.env["res.partner"].search([("email", "=", STRANGER)]))

    def test_a_vouched_colleague_of_the_same_name(self):
        self.agent.name = "Big Boss"
        self.assertUnmarked(sender="Big Boss <agent@company.example>", verdicts=[self.passed()])

    def test_a_vouched_colleague_with_anothers_address_for_a_name(self):
        self.assertMarked(
            "name",
            sender='"boss@company.example" <agent@company.example>',
            verdicts=[self.passed()],
        )


@tagged("post_install", "-at_install")
class TestWhereTheMarkIs(UnverifiedCase):
    def shown(self, messages, user):
        """What the web client of a user gets of these messages."""
        store = Store().add(messages.with_user(user).with_env(self.env(user=user)))
        return {
            data["id"]: data.get("mail_import_unverified")
            for data in store.get_result()["mail.message"]
        }

    def message(self, **values):
        return self.links(self.sent(**values)).message_id

    def test_in_chatters_for_employees_who_read_the_record(self):
        forged = self.message(subject="Forged", sender="boss@company.example")
        honest = self.message(subject="Honest", sender=AGENT, verdicts=[self.passed()])
        self.assertEqual(self.shown(forged, self.reader), {forged.id: "posing"})
        self.assertEqual(self.shown(honest, self.reader), {honest.id: False})

    def test_in_the_mails_that_followers_get(self):
        sink = self.enterContext(SmtpSink())
        self.enterContext(patch.object(IrMail_Server, "_disable_send", lambda *_a: False))
        self.env["ir.mail_server"].create(
            {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": sink.port}
        )
        for number, (sender, verdicts) in enumerate(
            (("boss@company.example", []), (AGENT, [self.passed()]))
        ):
            question = f"<q{number}@customer.example>"
            task = self.record(self.sent(f"Question {number}", message_id=question))
            task.message_subscribe(
                self.reader.partner_id.ids,
                [self.env.ref("mail.mt_comment").id, self.env.ref("mail.mt_note").id],
            )
            email = self.sent(
                "Re: Question", sender=sender, verdicts=verdicts, in_reply_to=question,
                text=f"Answer {number}",
            )  # fmt: skip
            self.links(email).message_id.mail_ids.send()
        forged, honest = (
            sent for sent in sink.messages() if sent.recipients == ("reader@company.example",)
        )
        self.assertEqual(forged.message["Subject"], "[Unverified sender] Re: Question")
        self.assertEqual(honest.message["Subject"], "Re: Question")
        for kind in ("plain", "html"):
            for sent, is_marked in ((forged, True), (honest, False)):
                text = sent.message.get_body((kind,)).get_content()
                self.assertIn("Answer", text)
                self.assertEqual("nobody vouches for it" in text, is_marked)
                self.assertNotIn("&lt;", text)

    def test_above_the_html_of_the_notification_which_stays_as_it_is(self):
        task = self.record(self.sent("Question", message_id="<q8@customer.example>"))
        self.reader.notification_type = "email"
        task.message_subscribe(self.reader.partner_id.ids)
        email = self.sent(
            "Re: Question", sender="boss@company.example", in_reply_to="<q8@customer.example>"
        )
        message = self.links(email).message_id
        mail = message.mail_ids
        marked = [values["body"] for values in mail._prepare_outgoing_list()]
        message.mail_import_unverified = False
        plain = [values["body"] for values in mail._prepare_outgoing_list()]
        self.assertTrue(plain)
        for with_line, without in zip(marked, plain, strict=True):
            head, line, rest = re.split(r"(<p [^>]*><strong>Unver[^<]*</strong></p>)", with_line)
            self.assertIn("nobody vouches for it", line)
            self.assertRegex(head, r"<body[^>]*>$")
            self.assertEqual(head + rest, without)

    def test_nobody_takes_the_mark_off(self):
        message = self.message(subject="Forged", sender="boss@company.example")
        for user in (self.agent, self.reader, self.administrator):
            with self.assertRaises(AccessError):
                message.with_user(user).write({"mail_import_unverified": False})

    def test_in_the_history_of_the_record(self):
        link = self.links(self.sent(sender="boss@company.example"))
        self.assertTrue(link.with_user(self.reader).unverified)

    def test_in_the_inbox_notification_that_is_pushed(self):
        task = self.record(self.sent("Question", message_id="<q7@customer.example>"))
        self.agent.notification_type = "inbox"
        task.message_subscribe(self.agent.partner_id.ids, self.env.ref("mail.mt_comment").ids)
        self.env["bus.bus"].search([]).unlink()
        self.sent(
            "Re: Question", sender="boss@company.example", in_reply_to="<q7@customer.example>"
        )
        self.env.cr.precommit.run()
        pushed = "".join(self.env["bus.bus"].search([]).mapped("message"))
        self.assertIn('"mail_import_unverified":"posing"', pushed.replace(": ", ":"))

    def test_a_personal_mailboxs_own_server_convinces_its_owner_only(self):
        mine = self._mailbox(
            "personal",
            "colleague@company.example",
            owner_id=self.colleague.id,
            visibility="linked",
            trusted_authserv_ids="mx.colleague.example",
        )
        email = self.sent(
            mailbox=mine, sender=AGENT, verdicts=[self.passed("mx.colleague.example")]
        )
        self.assertEqual(email.entry_ids.verdict, "pass")
        self.assertTrue(email.unverified)

    def test_a_vouched_copy_clears_the_mail_in_the_chatter(self):
        mine = self._mailbox("personal", "colleague@company.example", owner_id=self.colleague.id)
        raw = build_mail(subject="Both", sender=AGENT, to="support@company.example")
        (first,) = self.receive(mine, raw)
        self.assertTrue(first.email.unverified)
        (second,) = self.receive(
            self.support, f"Authentication-Results: {self.passed()}\r\n".encode() + raw
        )
        self.assertEqual(second.email, first.email)
        self.assertFalse(first.email.unverified)
        self.assertFalse(self.links(first.email).message_id.mail_import_unverified)
        self.assertEqual((first.entry.verdict, second.entry.verdict), ("fail", "pass"))

    def test_no_query_for_each_mail(self):
        """Neither on the way in, nor in a list, nor in a chatter."""

        def forged(first, count):
            return [
                build_mail(subject=f"Forged {n}", sender=f"Big Boss <b{n}@evil.example>")
                for n in range(first, first + count)
            ]

        entries = self.env["mail.import.entry"].browse(
            mail.entry.id for mail in self.receive(self.support, *forged(0, 12))
        )
        fields = {"verdict": {}, "posing": {}, "can_remember": {}}
        messages = entries.email_id.link_ids.message_id
        self.assertEqual(len(messages), 12)
        self.shown(messages, self.agent)
        for read in (
            lambda some: some.with_user(self.agent).web_read(fields),
            lambda some: self.shown(some.email_id.link_ids.message_id, self.agent),
        ):
            read(entries)
            costs = []
            for some in (entries[:2], entries):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                read(some)
                costs.append(self.env.cr.sql_log_count - before)
            self.assertEqual(*costs)


@tagged("post_install", "-at_install")
class TestRememberingIsNotOffered(UnverifiedCase):
    def offered(self, **values):
        entry = self.sent(**values).entry_ids.filtered(lambda e: e.mailbox_id == self.support)
        return entry.with_user(self.agent).can_remember

    def test_for_strangers_only(self):
        self.assertTrue(self.offered(sender=STRANGER))
        for address in ("boss@company.example", "support@company.example"):
            self.assertFalse(self.offered(subject=address, sender=address))
        self.env.company.partner_id.email = "info@company.example"
        self.assertFalse(self.offered(subject="Own company", sender="info@company.example"))

    def test_who_asks_all_the_same_is_told_at_once(self):
        entry = self.sent(sender="boss@company.example").entry_ids
        self.agent.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        with self.assertRaisesRegex(UserError, "address of a colleague"):
            entry.with_user(self.agent).action_remember_address()


@tagged("post_install", "-at_install")
class TestMarkInTheBrowser(HttpCase, UnverifiedCase):
    def test_in_the_inbox_the_form_and_the_chatter(self):
        self.agent.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        self.sent("Lunch", sender=AGENT, verdicts=[self.passed()])
        self.sent("Pay at once", text="Pay at once", sender="boss@company.example")
        self.start_tour("/odoo/mail-inbox", "mail_task_import.unverified", login="agent")
