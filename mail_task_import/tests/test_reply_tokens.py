"""Answers find their record by the signed number of our mail, though nothing else is left of it."""

import re

from odoo.tests import tagged

from ..mime.quotes import MARK, new_text
from ..models.reply_token import SIGNED
from .common import MailImportCase, build_mail
from .test_drafts import DraftCase


class TokenCase(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.support.default_target_id = cls.env.ref("mail_task_import.target_lead")
        cls.tokens = cls.env["mail.import.reply.token"]

    def lead(self, **values):
        values = {"name": "Order", "type": "lead", "partner_id": self.customer.id, **values}
        return self.env["crm.lead"].create(values)

    def signed(self, record, public=True):
        """The number of a mail that is not known here any more."""
        return self.tokens._sign("<123.456-openerp@odoo.example>", record, public)

    def reply(self, answered, subject="Re: where is it?", **values):
        (mail,) = self.receive(self.support, build_mail(subject, in_reply_to=answered, **values))
        return mail.email

    def is_note(self, email):
        return self.links(email)._is_note()


@tagged("post_install", "-at_install")
class TestReplyTokens(TokenCase):
    def test_what_is_written_in_a_chatter_bears_one(self):
        lead = self.lead()
        for subtype, public in (("mail.mt_comment", True), ("mail.mt_note", False)):
            message = lead.message_post(body="x", message_type="comment", subtype_xmlid=subtype)
            self.assertEqual(
                self.tokens._read_token(message.message_id), ("crm.lead", lead.id, public)
            )

    def test_messages_of_other_records_have_the_hosts_numbers(self):
        channel = self.env["discuss.channel"].create({"name": "x"})
        self.assertNotIn("~", channel.message_post(body="x").message_id)

    def test_an_answer_finds_the_record_of_a_message_that_was_deleted(self):
        lead = self.lead()
        message = lead.message_post(
            body="Which one?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        number = message.message_id
        message.unlink()
        email = self.reply(number)
        self.assertEqual(self.record(email), lead)
        self.assertFalse(self.is_note(email))

    def test_an_answer_to_a_deleted_message_whose_e_mail_is_known(self):
        """A colleague's mailbox has a copy of what we sent."""
        lead = self.lead()
        public, note = (
            lead.message_post(body="Which?", message_type="comment", subtype_xmlid=subtype)
            for subtype in ("mail.mt_comment", "mail.mt_note")
        )
        for message, is_public in ((public, True), (note, False)):
            number = message.message_id
            (copy,) = self.receive(self.support, build_mail("Which?", message_id=number))
            self.assertEqual(self.record(copy.email), lead)
            message.unlink()
            stranger = self.reply(number, f"Re: 1 {number}", sender="Eve <eve@else.example>")
            answer = self.reply(number, f"Re: 2 {number}")
            self.assertEqual(self.record(answer), lead)
            self.assertTrue(self.is_note(stranger))
            self.assertEqual(self.is_note(answer), not is_public)

    def test_in_reply_to_alone_and_the_end_of_a_chain_are_enough(self):
        lead = self.lead()
        raw = build_mail("Re: x").replace(
            b"\r\nSubject:", b"\r\nIn-Reply-To: %s\r\nSubject:" % self.signed(lead).encode(), 1
        )
        (mail,) = self.receive(self.support, raw)
        self.assertEqual(self.record(mail.email), lead)
        email = self.reply(
            "<x@y.example>", "Re: y", references=[self.signed(lead), "<z@y.example>"]
        )
        self.assertEqual(self.record(email), lead)

    def test_an_answer_to_a_note_stays_a_note(self):
        lead = self.lead()
        email = self.reply(self.signed(lead, public=False))
        self.assertEqual(self.record(email), lead)
        self.assertTrue(self.is_note(email))

    def test_a_forged_one_matches_nothing(self):
        lead, other = self.lead(), self.lead()
        real = self.signed(lead)
        _left, _model, _id, kind, signature = SIGNED.match(real).groups()
        forged = [
            real.replace(f"~{lead.id}~", f"~{other.id}~"),
            real.replace("~crm.lead~", "~project.task~"),
            real.replace("<123", "<124"),
            real.replace(f"~{kind}{signature}", f"~n{signature}"),
            real.replace(signature, "0" * 32),
            real.replace(signature, signature[:-1] + ("0" if signature[-1] != "0" else "1")),
            real.replace(f"~{kind}{signature}", ""),
        ]
        for number, message_id in enumerate(forged):
            self.assertNotEqual(message_id, real)
            email = self.reply(message_id, f"Re: no. {number}", sender=f"c{number}@else.example")
            self.assertNotIn(self.record(email), lead | other, message_id)

    def test_another_database_has_another_signature(self):
        lead = self.lead()
        number = self.signed(lead)
        self.env["ir.config_parameter"].set_param("database.secret", "another")
        self.assertIsNone(self.tokens._read_token(number))

    def test_who_has_copied_one_writes_a_note(self):
        """Colleagues read it; nobody outside takes it for the customer's, or ours."""
        lead = self.lead()
        lead.message_subscribe(self.customer.ids)
        email = self.reply(self.signed(lead), sender="Eve <eve@else.example>")
        self.assertEqual(self.record(email), lead)
        self.assertTrue(self.is_note(email))
        self.assertNotIn(self.customer, self.links(email).message_id.notified_partner_ids)
        self.assertNotIn("eve@else.example", lead.message_partner_ids.mapped("email"))

    def test_a_colleague_without_access_writes_a_note(self):
        lead = self.lead()
        passed = "mx.company.example; dmarc=pass header.from=company.example"
        email = self.reply(
            self.signed(lead), sender="colleague@company.example", Authentication_Results=passed
        )
        self.assertTrue(self.is_note(email))

    def test_mail_that_was_unlinked_by_hand_stays_so(self):
        lead = self.lead()
        email = self.reply(self.signed(lead), message_id="<q@customer.example>")
        self.links(email).unlink()
        sent = self.env["mail.import.email"].create({"message_id": "x", "key": "x", "digest": ""})
        number = self.signed(lead)
        sent.write({"message_id": number, "message_id_digest": _digest(number)})
        answer = self.reply(number, "Re: again", sender="zoe@else.example")
        self.assertNotEqual(self.record(answer), lead)

    def test_a_record_that_is_gone_is_no_record(self):
        lead = self.lead()
        number = self.signed(lead)
        lead.unlink()
        email = self.reply(number)
        self.assertTrue(self.record(email).exists())

    def test_a_batch_of_answers_asks_once(self):
        leads = [self.lead(name=f"no. {n}") for n in range(8)]
        mails = [
            build_mail(f"Re: {n}", in_reply_to=self.signed(lead), text=str(n))
            for n, lead in enumerate(leads)
        ]
        outcomes = self.receive(self.support, *mails)
        self.assertEqual([self.record(mail.email) for mail in outcomes], leads)


@tagged("post_install", "-at_install")
class TestMergedLeads(TokenCase):
    """Leads that the host merges keep their mail, and what comes later follows."""

    def setUp(self):
        super().setUp()
        self.kept, self.gone = self.lead(name="Kept", type="opportunity"), self.lead(name="Gone")
        self.asked = self.reply(self.signed(self.gone), message_id="<q@customer.example>")
        self.number, self.token = self.signed(self.gone), f"[LEAD-{self.gone.id}]"

    def merge(self):
        self.merged = (self.kept | self.gone).merge_opportunity()
        self.assertEqual(self.merged, self.kept)
        self.assertFalse(self.gone.exists())

    def test_their_mail_is_kept_and_its_answers_follow(self):
        self.merge()
        self.assertEqual(self.record(self.asked), self.kept)
        self.assertEqual(self.links(self.asked).message_id.res_id, self.kept.id)
        later = self.reply("<q@customer.example>", "Re: later")
        self.assertEqual(self.record(later), self.kept)

    def test_the_signed_number_of_the_lead_that_is_gone(self):
        self.merge()
        self.assertEqual(self.record(self.reply(self.number, "Re: later")), self.kept)

    def test_the_number_in_the_subject(self):
        self.merge()
        (mail,) = self.receive(self.support, build_mail(f"Something {self.token}"))
        self.assertEqual(self.record(mail.email), self.kept)
        (mail,) = self.receive(
            self.support, build_mail(f"Something {self.token}", sender="eve@else.example")
        )
        self.assertNotEqual(self.record(mail.email), self.kept)

    def test_merged_twice(self):
        self.merge()
        last = self.lead(name="Last", type="opportunity", probability=90)
        last.type = "opportunity"
        (last | self.kept).merge_opportunity()
        left = (last | self.kept).exists()
        self.assertEqual(len(left), 1)
        self.assertEqual(self.record(self.reply(self.number, "Re: later")), left)
        (mail,) = self.receive(self.support, build_mail(f"Something {self.token}"))
        self.assertEqual(self.record(mail.email), left)

    def test_a_lead_that_became_a_deal_is_found_by_its_old_number(self):
        self.gone.convert_opportunity(self.customer)
        (mail,) = self.receive(self.support, build_mail(f"Something {self.token}"))
        self.assertEqual(self.record(mail.email), self.gone)

    def test_where_they_went_is_nobodys_to_read(self):
        self.merge()
        for user in (self.administrator, self.colleague):
            self.assertFalse(
                self.env["mail.import.merged.record"].with_user(user).has_access("read")
            )


@tagged("post_install", "-at_install")
class TestSentNumbers(DraftCase):
    def test_a_draft_that_answers_a_record_bears_one(self):
        entry = self.question()
        task = self.record(entry.sudo().email_id)
        draft = self.draft(entry)
        draft.action_send()
        read = self.env["mail.import.reply.token"]._read_token(draft.sudo().message_id)
        self.assertEqual(read, ("project.task", task.id, True))

    def test_a_mail_of_no_record_bears_none(self):
        draft = self.draft(self.entry_of(sender="Zoe <zoe@nowhere.example>"))
        draft.action_send()
        self.assertNotIn("~", draft.sudo().message_id)

    def test_what_leaves_begins_with_the_mark_that_nobody_sees(self):
        self.draft(self.question()).action_send()
        (sent,) = self.sink.messages()
        mail = self.env["mail.mail"].new(
            {"body_html": "<html><body class='x'><p>Dear Ann</p></body></html>"}
        )
        mail.mail_import_mailbox_id = self.support
        for text in (
            sent.message.get_body(("html",)).get_content(),
            str(mail._prepare_outgoing_body()),
        ):
            self.assertEqual(text.count(MARK), 1)
            shown = re.sub(r"(?s)<head>.*?</head>|<[^>]*>", "", text).strip()
            self.assertTrue(shown.startswith(MARK), shown[:60])
            self.assertEqual(new_text(f"Blue.\n\nSomebody in Klingon:\n\n{shown}"), "Blue.")
        self.assertIn(MARK, sent.message.get_body(("plain",)).get_content())
        mailing = self.env["mail.mail"].new({"body_html": "<p>News</p>"})
        self.assertNotIn(MARK, mailing._prepare_outgoing_body())


def _digest(message_id):
    from ..models.reference import digest_of

    return digest_of(message_id)
