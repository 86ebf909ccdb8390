"""*Try it on the last 500 e-mails*, and *Make a filter from this e-mail*."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..receivers.raw_mail import RawMail
from .common import build_mail
from .test_filters import FilterCase

AWAY = {"Auto_Submitted": "auto-replied"}
PDF = ("order.pdf", b"%PDF-1.4", "application/pdf")
NEWS = {"List_Id": "News of the Firm <news.firm.example>", "sender": "Al <al@news.example>"}


@tagged("post_install", "-at_install")
class TestFilterTrying(FilterCase):
    def trial(self, one):
        action = one.with_user(self.agent).action_try()
        return self.env[action["res_model"]].browse(action["res_id"]).with_user(self.agent)

    def test_it_tells_what_it_would_have_caught_and_changes_nothing(self):
        orders = self.one(subject="Order 1").entry | self.one(subject="Order 2").entry
        other = self.one(subject="Hello").entry
        one = self.for_group("skip", subject="order*", mark_read=True)
        trial = self.trial(one)
        self.assertEqual(trial.caught_ids, orders)
        self.assertEqual(
            trial.summary, "Of the last 3 e-mails that you read there, it would have caught 2."
        )
        self.assertFalse(trial.doubts)
        self.assertEqual((orders | other).mapped("is_read"), [False] * 3)
        self.assertFalse(one.caught)

    def test_it_judges_as_the_importer_does(self):
        """With the originals, and, once these are gone, by what is stored."""
        passed = "mx.company.example; dmarc=pass header.from=company.example"
        mails = {
            "plain": {},
            "away": AWAY,
            "news": NEWS,
            "colleague": {"sender": "agent@company.example", "Authentication_Results": passed},
            "forged": {"sender": "agent@company.example"},
            "stranger": {"sender": "Tom <tom@stranger.example>", "Cc": "Carl <carl@cc.example>"},
            "file": {"attachments": [PDF], "X_Spam_Flag": "YES"},
            "html": {"html": "<p>The <b>in</b>voice</p>", "X_Project": "Apollo"},
        }
        entries = {name: self.one(subject=name, **mail).entry for name, mail in mails.items()}
        conditions = (
            ({"sender": "stranger.example"}, {"stranger"}),
            ({"recipients": "carl@*"}, {"stranger"}),
            ({"subject": "html\nfile"}, {"html", "file"}),
            ({"header_name": "X-Project", "header_value": "apollo"}, {"html"}),
            ({"header_name": "X-Spam-Flag"}, {"file"}),
            ({"body_any": "the invoice"}, {"html"}),
            ({"has_attachments": True}, {"file"}),
            ({"is_list": True}, {"news"}),
            ({"is_automatic": True}, {"away"}),
            ({"is_unverified": True}, {"forged"}),
            ({"sender_is": "employee"}, {"colleague"}),
            ({"sender_is": "unknown"}, {"stranger", "news"}),
            ({"larger_than": 1, "subject": "plain"}, set()),
        )
        for kept in (True, False):
            if not kept:
                self.env["mail.import.entry"].search([]).write(
                    {"original": False, "has_original": False}
                )
            for condition, names in conditions:
                with self.subTest(condition=condition, original_kept=kept):
                    one = self.for_group(**condition)
                    caught = one.with_user(self.agent)._try().caught
                    self.assertEqual({n for n, e in entries.items() if e in caught}, names)
                    one.unlink()

    def test_it_says_what_it_could_not_judge(self):
        head = build_mail(subject="Large").split(b"\r\n\r\n")[0]
        (large,) = self.receive(
            self.support, RawMail(head, size=30_000_000, truncated=True)
        )  # fmt: skip
        self.one(subject="Small", text="An invoice")
        trial = self.trial(self.for_group(body_any="invoice", sender="customer.example"))
        self.assertEqual(trial.caught_ids.mapped("subject"), ["Small"])
        self.assertEqual(trial.unjudged_ids, large.entry)
        self.assertIn("only the headers are here, not the text", trial.doubts)
        trial = self.trial(self.for_group(body_any="invoice", sender="other.example"))
        self.assertFalse(trial.unjudged_ids)

    def test_it_looks_at_mail_in_its_scope_only(self):
        other = self._mailbox("personal", "boss2@company.example", owner_id=self.boss.id)
        self.one()
        self.one(self.private, to="boss@company.example", message_id="<p@x.example>")
        self.one(other, to="boss2@company.example", message_id="<o@x.example>")
        boss = self.Filter.with_user(self.boss)
        for values, mailboxes in (
            ({"scope": "own"}, self.private | other),
            ({"scope": "mailbox", "mailbox_id": other.id}, other),
        ):
            caught = boss.create({"sender": "customer.example", **values})._try().caught
            self.assertEqual(caught.mailbox_id, mailboxes)

    # -- Make a filter from this e-mail ---------------------------------------------------------

    def form(self, entries, user=None):
        action = entries.with_user(user or self.boss).action_make_filter()
        Filter = self.env[action["res_model"]].with_user(user or self.boss)
        return Form(Filter.with_context(**action["context"]))

    def test_it_proposes_the_sender(self):
        entry = self.one(self.private).entry
        with self.form(entry) as form:
            self.assertEqual(form.sender, "ann@customer.example")
            form.destination = "archive"
        self.assertEqual((form.record.scope, form.record.user_id), ("own", self.boss))
        self.assertEqual(self.one(self.private, text="Next").entry.folder_id, self.archive)

    def test_it_proposes_the_number_of_a_list(self):
        entry = self.one(self.private, **NEWS).entry
        with self.form(entry) as form:
            self.assertEqual(
                (form.header_name, form.header_value), ("List-Id", "news.firm.example")
            )
            self.assertFalse(form.sender)
            form.destination = "skip"
        another = {**NEWS, "sender": "Bea <bea@elsewhere.example>"}
        self.assertEqual(self.one(self.private, **another).state, "filtered")

    def test_it_proposes_the_senders_of_several(self):
        senders = ("ann@customer.example", "tom@stranger.example", "ann@customer.example")
        entries = self.env["mail.import.entry"]
        for number, sender in enumerate(senders):
            entries |= self.one(self.private, sender=sender, subject=f"No. {number}").entry
        self.assertEqual(
            set(self.form(entries).sender.split(", ")),
            {"ann@customer.example", "tom@stranger.example"},
        )

    def test_an_administrator_makes_one_for_the_group(self):
        self.support.member_ids |= self.administrator
        entry = self.one().entry
        form = self.form(entry, self.administrator)
        self.assertEqual((form.scope, form.mailbox_id), ("group", self.support))
        form.save()
        both = entry | self.one(self.private, text="Another").entry
        with self.assertRaises(UserError):
            both.sudo().action_make_filter()

    def test_own_mail_makes_none(self):
        self.private.write({"smtp_host": "127.0.0.1", "smtp_port": 2525, "smtp_security": "none"})
        passed = "mx.company.example; dmarc=pass header.from=company.example"
        sent = self.one(
            self.private, sender="boss@company.example", Authentication_Results=passed
        ).entry  # fmt: skip
        self.assertEqual(sent.direction, "outgoing")
        self.assertFalse(sent.with_user(self.boss).can_filter)
        with self.assertRaises(UserError):
            sent.with_user(self.boss).action_make_filter()
