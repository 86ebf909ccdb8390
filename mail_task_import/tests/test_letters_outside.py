"""A mailbox writes to people outside the company only where that is ticked, whichever way."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from .common import ServerCase, build_mail

NAMED = "“Support” writes to people inside the company only. Outside: ann@customer.example"


@tagged("post_install", "-at_install")
class TestLettersOutside(ServerCase):
    def setUp(self):
        super().setUp()
        self.support.letters_outside = False
        self.mine = self.support.with_user(self.agent)

    def draft(self, to, **values):
        email = self.env["mail.import.email"].with_user(self.agent)
        return email._new_draft(
            self.mine, {"subject": "Offer", "to": to, "written_as": "new", **values}
        )

    def lead(self):
        """A lead that a customer's mail became, as the agent sees it."""
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        (mail,) = self.receive(self.support, build_mail())
        return self.record(mail.email).with_user(self.agent)

    def answer(self, record, **values):
        return record.message_post(
            body="Soon",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
            **values,
        )

    def sent(self):
        self.env["mail.mail"].process_email_queue()
        return [address for mail in self.sink.messages() for address in mail.recipients]

    # -- drafts ---------------------------------------------------------------------------------

    def test_it_is_off_until_it_is_ticked(self):
        mailbox = self.env["mail.import.mailbox"].create(
            {"name": "New", "kind": "group", "address": "new@company.example"}
        )
        self.assertFalse(mailbox.letters_outside)

    def test_a_draft_to_a_customer_stays_a_draft(self):
        draft = self.draft("colleague@company.example, Ann <ann@customer.example>")
        with self.assertRaisesRegex(UserError, NAMED):
            draft.action_send()
        self.assertEqual(draft.state, "draft")
        self.assertEqual(draft.entry_ids.folder_id.kind, "drafts")
        self.assertFalse(self.sent())
        self.support.letters_outside = True
        draft.action_send()
        self.assertIn("ann@customer.example", self.sent())

    def test_copies_count_too_and_so_do_answers_and_forwarded_mail(self):
        copy = self.draft("colleague@company.example", cc="ann@customer.example")
        (mail,) = self.receive(self.support, build_mail())
        entry = mail.entry.with_user(self.agent)
        answer = entry._draft("reply")
        forward = entry._draft("forward")
        forward.to = "ann@customer.example"
        for draft in (copy, answer, forward):
            with self.assertRaisesRegex(UserError, "Letters Outside"):
                draft.action_send()
            self.assertEqual(draft.state, "draft")

    def test_colleagues_own_mailboxes_and_own_domains_are_inside(self):
        self._mailbox("group", "sales@company.example")
        self.boss.partner_id.email = "boss@gmail.com"
        draft = self.draft(
            "boss@gmail.com, sales@company.example, new.colleague@company.example, "
            "support@company.example"
        )
        draft.action_send()
        self.assertEqual(len(self.sent()), 4)

    def test_domains_that_look_like_ours_and_the_providers_are_outside(self):
        self._mailbox("group", "shop@gmail.com")
        for address in ("ann@c0mpany.example", "ann@gmail.com", "ann@company.example.evil.example"):
            with self.assertRaisesRegex(UserError, "inside the company only"):
                self.draft(address).action_send()

    def test_what_failed_is_not_sent_again_to_the_outside(self):
        self.support.letters_outside = True
        self.sink.refuse("ann@customer.example", "450 4.2.0 later")
        draft = self.draft("ann@customer.example")
        draft.action_send()
        self.sent()
        self.assertEqual(draft.state, "failed")
        self.support.letters_outside = False
        with self.assertRaisesRegex(UserError, NAMED):
            draft.entry_ids.action_retry_send()
        self.assertEqual(draft.state, "failed")

    def test_what_was_queued_before_it_was_switched_off_does_not_leave(self):
        self.support.letters_outside = True
        draft = self.draft("ann@customer.example")
        with self.stopped_queue():
            draft.action_send()
        self.support.letters_outside = False
        self.assertFalse(self.sent())
        self.assertEqual(draft.state, "failed")
        self.assertIn("people inside the company only", draft.failure_reason)

    def stopped_queue(self):
        """The host sends drafts at once; here they wait for its queue."""
        return patch.object(type(self.env["mail.mail"]), "send_after_commit", lambda mails: None)

    # -- answers in chatters --------------------------------------------------------------------

    def test_an_answer_in_a_chatter_is_refused_in_words_and_not_posted(self):
        lead = self.lead()
        before = lead.message_ids
        with self.assertRaisesRegex(UserError, NAMED), self.env.cr.savepoint():
            self.answer(lead)
        self.assertEqual(lead.message_ids, before)
        self.assertFalse(self.sent())
        self.support.letters_outside = True
        self.answer(lead)
        self.assertEqual(self.sent(), ["ann@customer.example"])

    def test_a_note_to_colleagues_is_not_refused(self):
        lead = self.lead()
        lead.message_post(body="Look", partner_ids=self.colleague.partner_id.ids)
        self.assertEqual(len(lead.message_ids.filtered(lambda m: "Look" in m.body)), 1)

    def test_what_a_program_posts_goes_the_hosts_own_way(self):
        lead = self.lead()
        message = self.answer(
            lead.with_user(1).with_context(mail_notify_force_send=False),
            author_id=self.agent.partner_id.id,
        )
        (mail,) = message.sudo().mail_ids
        self.assertFalse(mail.mail_server_id)
        self.assertNotIn("support@company.example", mail.email_from)

    def test_a_scheduled_answer_is_refused_in_its_turn_and_its_author_has_the_text(self):
        lead = self.lead()
        scheduled = (
            self.env["mail.scheduled.message"]
            .with_user(self.agent)
            .create(
                {
                    "model": "crm.lead",
                    "res_id": lead.id,
                    "author_id": self.agent.partner_id.id,
                    "body": "The chair comes tomorrow",
                    "partner_ids": self.customer.ids,
                    "scheduled_date": "2999-01-01 00:00:00",
                    "notification_parameters": '{"message_type": "comment"}',
                }
            )
        )
        scheduled.sudo()._post_message(raise_exception=False)
        self.assertFalse(self.sent_by(self.support))
        told = self.env["mail.message"].search([("partner_ids", "=", self.agent.partner_id.id)])
        self.assertTrue(told.filtered(lambda m: "The chair comes tomorrow" in m.body))

    def sent_by(self, mailbox):
        return self.env["mail.mail"].search([("mail_server_id", "=", mailbox.mail_server_id.id)])

    def test_who_may_not_send_from_the_mailbox_writes_as_before(self):
        lead = self.lead()
        seller = self._employee(
            "seller", "seller@company.example", "sales_team.group_sale_salesman_all_leads"
        )
        message = self.answer(lead.with_user(seller).with_context(mail_notify_force_send=False))
        self.assertFalse(message.sudo().mail_ids.mail_server_id)

    # -- whoever names its server ---------------------------------------------------------------

    def test_composers_templates_and_the_queue(self):
        lead, server = self.lead(), self.support.mail_server_id
        values = {
            "email_from": "support@company.example",
            "reply_to": "support@company.example",
            "mail_server_id": server.id,
            "body": "x",
            "subject": "x",
        }
        composer = self.env["mail.compose.message"].with_user(self.agent)
        for mode in ("comment", "mass_mail"):
            wizard = composer.create(
                {
                    **values,
                    "model": "crm.lead",
                    "res_ids": repr(lead.ids),
                    "composition_mode": mode,
                    "partner_ids": self.customer.ids,
                }
            )
            with self.assertRaisesRegex(UserError, NAMED), self.env.cr.savepoint():
                wizard._action_send_mail()
        mail = self.env["mail.mail"].create(
            {**values, "email_to": "ann@customer.example", "body_html": "x"}
        )
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            mail.send()
        self.assertEqual(mail.state, "exception")
        self.assertIn("people inside the company only", mail.failure_reason)
        self.assertFalse(self.sent())

    # -- who ticks it ---------------------------------------------------------------------------

    def test_administrators_tick_it_for_groups_and_owners_for_their_own(self):
        private = self._mailbox(
            "personal", "boss@company.example", owner_id=self.boss.id, letters_outside=False
        )
        private.with_user(self.boss).letters_outside = True
        self.support.with_user(self.administrator).letters_outside = True
        self.support.letters_outside = False
        for mailbox, user in (
            (self.support, self.agent),
            (self.support, self.colleague),
            (private, self.colleague),
            (private, self.agent),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mailbox.with_user(user).write({"letters_outside": True})

    def test_a_setting_keeps_all_personal_mailboxes_inside(self):
        private = self._at_server(
            self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        )
        settings = self.env["res.config.settings"].create({"mail_import_personal_inside": True})
        settings.execute()
        draft = (
            self.env["mail.import.email"]
            .with_user(self.boss)
            ._new_draft(
                private.with_user(self.boss), {"subject": "x", "to": "ann@customer.example"}
            )
        )
        with self.assertRaisesRegex(UserError, "for all personal mailboxes"):
            draft.action_send()
        private.letters_outside = False
        with self.assertRaises(ValidationError):
            private.with_user(self.boss).letters_outside = True
        self.support.letters_outside = True

    def test_a_test_mail_goes_to_the_mailbox_itself(self):
        self.support.action_send_test_mail()
        self.assertEqual(self.sent(), ["support@company.example"])

    def test_the_form_of_a_new_mailbox_shows_it(self):
        with Form(self.env["mail.import.mailbox"].with_user(self.administrator)) as form:
            form.name, form.address = "Help", "help@company.example"
            self.assertFalse(form.letters_outside)
            form.letters_outside = True
        self.assertTrue(form.record.letters_outside)


@tagged("post_install", "-at_install")
class TestRefusedAnswer(HttpCase, ServerCase):
    def test_it_stays_in_the_composer(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        (mail,) = self.receive(self.support, build_mail())
        lead = self.record(mail.email)
        self.support.letters_outside = False
        self.start_tour(
            f"/odoo/crm.lead/{lead.id}", "mail_task_import.letters_outside", login="agent"
        )
        self.assertNotIn("A new chair", "".join(lead.message_ids.mapped("body")))
        self.assertFalse(self.sink.messages())
