"""Writing begins anywhere: from a record, an address, the inbox; for whom, and for whom not."""

import contextlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..exceptions import DraftChangedError
from .common import build_mail
from .test_drafts import DraftCase


class ComposingCase(DraftCase):
    def setUp(self):
        super().setUp()
        self.emails = self.env["mail.import.email"].with_user(self.agent)

    def begun(self, *args, **kwargs):
        action = self.emails.begin(*args, **kwargs)
        self.assertEqual(action["res_model"], "mail.import.email")
        return self.emails.browse(action["res_id"])

    def task(self, **values):
        return self.env["project.task"].create(
            {
                "name": "Chairs",
                "project_id": self.project.id,
                "partner_id": self.customer.id,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestBegin(ComposingCase):
    def test_from_a_record_it_goes_to_the_customer_and_belongs_to_the_record(self):
        task = self.task(user_ids=self.agent.ids)
        draft = self.begun("project.task", task.id)
        self.assertEqual(draft.to, '"Ann Customer" <ann@customer.example>')
        draft.write({"subject": "Your chairs", "body": "<p>They are here.</p>"})
        draft.action_send()
        (sent,) = self.sink.messages()
        self.assertEqual(sent.recipients, ("ann@customer.example",))
        self.assertIn(f"[TASK-{task.id}]", sent.message["Subject"])
        self.assertIn("They are here.", task.message_ids[0].body)
        self.assertEqual(self.links(draft.sudo())._get_record(), task)

    def test_a_draft_is_found_again_on_its_record_by_its_writer(self):
        task = self.task()
        draft = self.begun("project.task", task.id)
        mine = self.env["mail.import.link"].with_user(self.agent)
        domain = task.with_user(self.agent)._mail_import_link_domain()
        self.assertFalse(mine.search(domain), "nobody has written in it yet")
        draft.subject = "Chairs"
        link = mine.search(domain)
        self.assertEqual(link.sudo().email_id, draft.sudo())
        self.assertEqual(link.action_edit_draft()["res_id"], draft.id)
        for other in (self.boss, self.administrator):
            theirs = task.with_user(other)._mail_import_link_domain()
            self.assertFalse(mine.with_user(other).search(theirs))
            with self.assertRaises(AccessError):
                link.with_user(other).action_edit_draft()

    def test_a_lead_without_a_contact_is_written_to_by_its_own_address(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Desks",
                "type": "lead",
                "contact_name": "Carl New",
                "email_from": "Carl <carl@new.example>",
                "user_id": self.agent.id,
            }
        )
        self.agent.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        self.assertEqual(self.begun("crm.lead", lead.id).to, '"Carl New" <carl@new.example>')

    def test_from_an_address_that_is_clicked_on(self):
        draft = self.begun("res.partner", self.customer.id, "ANN@customer.example")
        self.assertEqual(draft.to, '"Ann Customer" <ann@customer.example>')
        self.assertEqual(self.begun(address="Bob <bob@x.example>").to, '"Bob" <bob@x.example>')

    def test_what_is_no_address_is_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "nobody"):
            self.emails.begin(address="nobody")

    def test_a_record_that_the_user_does_not_read_tells_nothing(self):
        task = self.task()
        self.project.privacy_visibility = "followers"
        with self.assertRaises(AccessError):
            self.emails.begin("project.task", task.id)

    def test_a_record_that_the_user_may_not_post_on_is_not_posted_on(self):
        self.agent.group_ids = self.env.ref("base.group_user")
        lead = self.env["crm.lead"].create({"name": "Desks", "email_from": "c@new.example"})
        with self.assertRaises(AccessError):
            self.emails.begin("crm.lead", lead.id)
        user = self.env["res.users"].browse(self.agent.id)
        draft = self.begun("res.users", user.id)
        self.assertFalse(draft.sudo().link_ids)

    def test_only_who_has_a_mailbox_to_send_from_begins(self):
        with self.assertRaisesRegex(UserError, "No mailbox of yours"):
            self.emails.with_user(self.colleague).begin()
        self.assertFalse(self.customer.with_user(self.colleague).mail_import_can_write)
        self.assertTrue(self.customer.with_user(self.agent).mail_import_can_write)

    def test_a_portal_user_begins_nothing_and_asks_for_nobody(self):
        portal = new_test_user(self.env, "portal.writer", groups="base.group_portal")
        emails = self.emails.with_user(portal)
        for ask in (
            emails.begin,
            lambda: emails.begin("res.partner", self.customer.id),
            lambda: emails.suggest_recipients("ann"),
        ):
            with self.assertRaises(AccessError):
                ask()

    def test_it_leaves_by_the_mailbox_of_the_records_mail(self):
        other = self._mailbox("group", "sales@company.example", member_ids=self.agent.ids)
        other.write({"smtp_host": "127.0.0.1", "smtp_port": self.sink.port})
        self.receive(other, build_mail(message_id="<s@customer.example>"))
        draft = self.begun("res.partner", self.customer.id)
        self.assertEqual(draft.mailbox_id, other)

    def test_models_that_are_none_are_refused(self):
        for model in ("no.such.model", "mail.thread", "mail.import.move.to"):
            with self.subTest(model), self.assertRaises(UserError):
                self.emails.begin(model, 1)


@tagged("post_install", "-at_install")
class TestRecipientsOffered(ComposingCase):
    def offered(self, text, user=None, **kwargs):
        emails = self.emails.with_user(user or self.agent)
        return {one["address"]: one["kind"] for one in emails.suggest_recipients(text, **kwargs)}

    def test_contacts_colleagues_and_people_of_ones_own_mail(self):
        self.entry_of(sender="Zed Stranger <zed@stranger.example>")
        self.assertEqual(self.offered("zed"), {"zed@stranger.example": "mail"})
        self.assertEqual(self.offered("ann cust")["ann@customer.example"], "contact")
        self.assertEqual(
            self.offered(self.boss.name)[self.boss.partner_id.email_normalized], "colleague"
        )

    def test_who_was_written_to_is_offered_again(self):
        draft = self.draft(self.entry_of())
        draft.to = "Yves <yves@far.example>"
        draft.action_send()
        self.assertEqual(self.offered("yves"), {"yves@far.example": "mail"})

    def test_people_of_mail_that_one_does_not_read_are_not_told(self):
        self.entry_of(sender="Zed Stranger <zed@stranger.example>")
        self.assertEqual(self.offered("zed", self.colleague), {})
        self.assertEqual(self.offered("zed", self.administrator), {})

    def test_contacts_that_one_does_not_read_are_not_told(self):
        secret = self.env["res.partner"].create(
            {"name": "Zara Hidden", "email": "zara@hidden.example"}
        )
        self.assertTrue(self.offered("zara"))
        self.env["ir.rule"].create(
            {
                "name": "hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {secret.id})]",
            }
        )
        self.assertEqual(self.offered("zara"), {})

    def test_signs_of_a_pattern_are_letters_like_others(self):
        self.entry_of(sender="Zed Stranger <zed@stranger.example>")
        self.assertEqual(self.offered("%"), {})
        self.assertEqual(self.offered("z_d"), {})

    def test_who_is_there_already_is_left_out(self):
        self.assertEqual(self.offered("ann@cust", without=["Ann@customer.example"]), {})


@tagged("post_install", "-at_install")
class TestSavedDraft(ComposingCase):
    def test_an_older_state_does_not_overwrite_a_newer_one(self):
        draft = self.draft(self.entry_of())
        seen = draft.version
        draft.write({"body": "<p>one</p>", "version": seen})
        self.assertEqual(draft.version, seen + 1)
        with self.assertRaises(DraftChangedError):
            draft.write({"body": "<p>two</p>", "version": seen})
        self.assertIn("one", draft.body)

    def test_a_version_is_nobodys_to_write(self):
        draft = self.draft(self.entry_of())
        draft.write({"subject": "x", "version": draft.version})
        seen = draft.version
        with self.assertRaises(AccessError):
            draft.write({"version": None})
        with self.assertRaises(AccessError):
            draft.write({"unwritten": True})
        self.assertEqual(draft.version, seen)

    def test_what_nobody_wrote_in_is_dropped(self):
        draft = self.draft(self.entry_of())
        self.assertTrue(draft.unwritten)
        draft.drop_unwritten()
        self.assertFalse(draft.exists())

    def test_what_somebody_wrote_in_stays(self):
        for write in (
            lambda draft: draft.write({"body": "<p>Hello</p>"}),
            lambda draft: draft.write({"to": "x@y.example", "version": draft.version}),
        ):
            draft = self.draft(self.entry_of())
            write(draft)
            draft.drop_unwritten()
            self.assertTrue(draft.exists())
            draft.action_discard()

    def test_a_colleague_drops_nothing(self):
        draft = self.draft(self.entry_of())
        self.support.member_ids |= self.boss
        with contextlib.suppress(AccessError):
            draft.with_user(self.boss).drop_unwritten()
        self.assertTrue(draft.exists())
        with self.assertRaises(AccessError):
            draft.with_user(self.colleague).drop_unwritten()

    def test_what_was_sent_without_a_word_is_not_lost_when_it_fails(self):
        draft = self.draft(self.entry_of())
        self.sink.refuse("ann@*", "550 5.1.1 No such user")
        draft.action_send()
        self.assertEqual(draft.state, "failed")
        draft.action_edit_failed()
        draft.drop_unwritten()
        self.assertTrue(draft.exists())

    def test_forgotten_ones_go_after_two_days(self):
        old, new = self.draft(self.entry_of()), self.begun()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_import_email SET write_date = now() - interval '3 days' WHERE id = %s",
            [old.id],
        )
        self.env.invalidate_all()
        self.env["mail.import.email"]._gc_unwritten()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists())


@tagged("post_install", "-at_install")
class TestQuote(ComposingCase):
    def test_quote_goes_and_comes_back_once(self):
        draft = self.draft(self.entry_of(text="Where is my order?"))
        draft.body = draft.body.replace("<p><br></p>", "<p>Tomorrow.</p>", 1)
        draft.switch_quote(False)
        self.assertNotIn("Where is my order?", draft.body)
        self.assertIn("Tomorrow.", draft.body)
        self.assertIn("Kind regards, Azure", draft.body)
        for _again in range(2):
            draft.switch_quote(True)
            self.assertEqual(draft.body.count("Where is my order?"), 1)
        self.assertIn("Tomorrow.", draft.body)

    def test_what_was_written_between_its_lines_comes_back(self):
        draft = self.draft(self.entry_of(text="Where is my order?"))
        draft.body = draft.body.replace("Where is my order?", "Where is my order? <b>Here!</b>")
        draft.switch_quote(False)
        draft.switch_quote(True)
        self.assertIn("Here!", draft.body)

    def test_the_next_answer_begins_as_the_last_one(self):
        self.draft(self.entry_of()).switch_quote(False)
        draft = self.draft(self.entry_of(text="And my chair?", minutes_ago=3))
        self.assertNotIn("And my chair?", draft.body)
        draft.switch_quote(True)
        self.assertIn("And my chair?", draft.body)
        self.assertTrue(self.agent.mail_import_quotes)

    def test_a_forwarded_mail_is_always_there(self):
        self.agent.mail_import_quotes = False
        draft = self.draft(self.entry_of(text="Where is my order?"), "forward")
        self.assertIn("Where is my order?", draft.body)
        self.assertFalse(draft.can_quote)
        with self.assertRaises(UserError):
            draft.switch_quote(False)

    def test_pictures_of_a_quote_that_is_off_do_not_leave(self):
        draft = self.draft(self.entry_of())
        picture = self.env["ir.attachment"].create(
            {"name": "p.png", "raw": b"x", "res_model": draft._name, "res_id": draft.id}
        )
        draft.sudo().attachment_ids |= picture
        draft.body = draft.body.replace(
            "</blockquote>", f'<img src="/web/image/{picture.id}"></blockquote>'
        )
        self.assertIn(f"/web/image/{picture.id}", draft.body)
        draft.switch_quote(False)
        self.assertFalse(draft.attachment_ids)
        draft.switch_quote(True)
        self.assertEqual(draft.attachment_ids, picture)
        draft.switch_quote(False)
        draft.action_send()
        self.assertFalse(picture.exists())
        (sent,) = self.sink.messages()
        self.assertNotIn("image/png", [part.get_content_type() for part in sent.message.walk()])
