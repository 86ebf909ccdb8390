"""Opting out of mailings: whose link it is, what the page does, and who gets no mailing then."""

import base64
import re
from email import message_from_bytes, policy
from urllib.parse import urlsplit

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .common import build_mail
from .test_drafts import DraftCase

ANN, BOB, EVE = "ann@customer.example", "bob@customer.example", "eve@other.example"
LINK = re.compile(r"https?://[^\s\"'<>\]]+/mail_import/opt_out/[^\s\"'<>\]]+")


class OptOutCase(DraftCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.opt_out = cls.env["mail.import.opt.out"]
        cls.server = cls.env["ir.mail_server"].create(
            {
                "name": "Company",
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.sink.port,
                "smtp_encryption": "none",
                "sequence": 1,
            }
        )
        cls.template = cls.env["mail.template"].create(
            {
                "name": "News",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "subject": "News",
                "body_html": '<p>Hello</p><a href="{optOutUrl}">no more</a> {optOutLink}',
                "email_from": "news@company.example",
                "partner_to": "{{ object.id }}",
                "mail_server_id": cls.server.id,
                "use_default_to": False,
                "auto_delete": False,
            }
        )

    def sent(self):
        """What left: address -> message."""
        self.env["mail.mail"].process_email_queue()
        return {mail.recipients: mail for mail in self.sink.messages()}

    def fails(self, address):
        """Mail to it has come back."""
        state = self.env["mail.import.address.state"]._row(address)
        state.is_left_out = True
        return state

    def html(self, message):
        return message.get_body(("html",)).get_content()

    def opt_outs(self, message):
        """Those in a message's texts and headers, each once."""
        parts = [part for part in message.walk() if part.get_content_maintype() == "text"]
        texts = [part.get_content() for part in parts]
        return set(LINK.findall("\n".join([*texts, message["List-Unsubscribe"] or ""])))

    def people(self, message):
        """To whom its links belong."""
        return {link.partition("?to=")[2].replace("%40", "@") for link in self.opt_outs(message)}

    def blacklisted(self, address=ANN):
        return bool(self.opt_out._opted_out([address]))

    def mail(self, **values):
        return self.env["mail.mail"].create(
            {
                "email_from": "news@company.example",
                "subject": "News",
                "mail_server_id": self.server.id,
                "body_html": f"<p>{self.opt_out._stand_in('https://odoo.example')}</p>",
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestLinks(OptOutCase):
    def test_a_templated_mail_carries_its_recipients_own_link(self):
        self.template.send_mail(self.customer.id)
        ((recipients, mail),) = self.sent().items()
        self.assertEqual(recipients, (ANN,))
        self.assertEqual(self.people(mail.message), {ANN})
        html = self.html(mail.message)
        self.assertNotIn("opt_out_here", html)
        self.assertEqual(len(LINK.findall(html)), 2)
        self.assertRegex(html, r'<a href="[^"]+/mail_import/opt_out/[^"]+">Unsubscribe</a>')

    def test_mail_programs_are_told_of_it(self):
        """RFC 8058: an address that is not folded into encoded words."""
        self.template.send_mail(self.customer.id)
        (mail,) = self.sent().values()
        header = re.search(rb"^List-Unsubscribe: <(.+)>\r?$", mail.raw, re.MULTILINE)
        self.assertIsNotNone(header, mail.raw[:2000])
        self.assertIn(b"/mail_import/opt_out/one_click/", header[1])
        self.assertIn(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", mail.raw)

    def test_what_is_kept_in_odoo_is_nobodys_link(self):
        self.template.send_mail(self.customer.id)
        self.sent()
        message = self.env["mail.message"].search([("subject", "=", "News")], limit=1)
        self.assertIn("/mail_import/opt_out_here", message.body)
        self.assertFalse(LINK.search(message.body))

    def test_each_of_several_addresses_gets_a_copy_of_their_own(self):
        self.mail(email_to=f"{ANN}, {BOB}", email_cc=EVE).send()
        sent = self.sent()
        self.assertEqual(set(sent), {(ANN,), (BOB,), (EVE,)})
        for (address,), mail in sent.items():
            self.assertEqual(self.people(mail.message), {address})
            self.assertIn(ANN, mail.message["To"])
            self.assertIn(BOB, mail.message["To"])
            self.assertIn(EVE, mail.message["Cc"])

    def test_one_that_is_refused_does_not_keep_others_from_theirs(self):
        self.sink.refuse(ANN)
        mail = self.mail(email_to=f"{ANN}, {BOB}", auto_delete=False)
        mail.send()
        self.assertEqual(set(self.sent()), {(BOB,)})
        self.assertEqual(mail.state, "sent")

    def test_mail_without_it_leaves_once_and_unmarked(self):
        self.mail(email_to=f"{ANN}, {BOB}", body_html="<p>Hello</p>").send()
        ((recipients, mail),) = self.sent().items()
        self.assertEqual(set(recipients), {ANN, BOB})
        self.assertNotIn("List-Unsubscribe", mail.message)

    def test_a_quoted_link_is_not_passed_on(self):
        anns, _one_click = self.opt_out._links("https://odoo.example", ANN)
        self.mail(email_to=BOB, body_html=f'<blockquote><a href="{anns}">x</a></blockquote>').send()
        (mail,) = self.sent().values()
        self.assertEqual(self.people(mail.message), {BOB})

    def test_a_link_of_another_company_stays_theirs(self):
        theirs = "https://other.example/mail_import/opt_out/1700000000/" + "0a" * 32
        self.mail(
            email_to=BOB, body_html=f'<a href="{theirs}?to=bob%40customer.example">x</a>'
        ).send()
        (mail,) = self.sent().values()
        self.assertIn(theirs, self.html(mail.message))
        self.assertNotIn("List-Unsubscribe", mail.message)

    def test_what_a_recipient_quotes_is_nobodys_link_here(self):
        anns, one_click = self.opt_out._links("https://odoo.example", ANN)
        entry = self.entry_of(text=f"> {anns}", html=f'<p>No!</p><a href="{one_click}">x</a>')
        email = entry.sudo().email_id
        self.assertFalse(LINK.search(email.body_text + str(email.body)))
        self.assertIn("/mail_import/opt_out_here", str(email.body))

    def test_employees_get_nobodys_link(self):
        self.mail(recipient_ids=[Command.set(self.colleague.partner_id.ids)]).send()
        (mail,) = self.sent().values()
        self.assertFalse(self.opt_outs(mail.message))
        self.assertIn("/mail_import/opt_out_here", self.html(mail.message))

    def test_of_one_recipient_refused_the_others_get_theirs_once(self):
        draft = self.draft_with_opt_out(to=f"{ANN}, {BOB}")
        self.sink.refuse(ANN)
        draft.action_send()
        self.assertEqual([mail.recipients for mail in self.sink.messages()], [(BOB,)])
        self.assertEqual(draft.state, "sent")
        self.assertTrue(draft.can_retry)
        self.sink.clear()
        draft.action_retry_send()
        self.assertEqual([mail.recipients for mail in self.sink.messages()], [(ANN,)])

    def draft_with_opt_out(self, **values):
        draft = self.draft(self.question())
        address = self.opt_out._stand_in("https://odoo.example")
        draft.write({"body": f'<p>Hello, <a href="{address}">no more</a></p>', **values})
        return draft

    def test_what_is_kept_of_a_sent_draft_is_nobodys_link(self):
        draft = self.draft_with_opt_out(to=f"{ANN}, {BOB}")
        draft.action_send()
        sent = {mail.recipients: mail for mail in self.sink.messages()}
        self.assertEqual(self.people(sent[(ANN,)].message), {ANN})
        self.assertEqual(self.people(sent[(BOB,)].message), {BOB})
        original = base64.b64decode(draft.sudo().entry_ids.original)
        kept = message_from_bytes(original, policy=policy.default)
        self.assertIn("/mail_import/opt_out_here", self.html(kept))
        self.assertFalse(self.opt_outs(kept))
        self.assertNotIn("List-Unsubscribe", kept)
        self.assertFalse(LINK.search(draft.body))

    def test_a_copy_that_comes_back_is_the_same_mail(self):
        """Whose link is in it makes no other mail of it."""
        office = self._mailbox("group", "office@company.example", member_ids=self.agent.ids)
        draft = self.draft_with_opt_out(to=f"{ANN}, {office.address}")
        draft.action_send()
        sent = {mail.recipients: mail for mail in self.sink.messages()}
        (outcome,) = self.receive(office, sent[(office.address,)].raw)
        self.assertEqual(outcome.email, draft)

    def test_addresses_are_not_told_apart_by_their_signature_alone(self):
        page, _one_click = self.opt_out._links("https://odoo.example", ANN, 1_700_000_000)
        token = urlsplit(page).path.rpartition("/")[2]
        self.assertTrue(self.opt_out._is_signed(ANN, 1_700_000_000, token))
        self.assertFalse(self.opt_out._is_signed(BOB, 1_700_000_000, token))
        self.assertFalse(self.opt_out._is_signed(ANN, 1_700_000_001, token))
        self.assertFalse(self.opt_out._is_signed(ANN, 1_700_000_000, "é" * 64))
        self.assertFalse(self.opt_out._is_signed("", 1_700_000_000, token))


@tagged("post_install", "-at_install")
class TestMailings(OptOutCase):
    def test_who_opts_out_after_it_was_queued_gets_none(self):
        self.template.mail_import_marketing = True
        mail = self.env["mail.mail"].browse(self.template.send_mail(self.customer.id))
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        self.assertFalse(self.sent())
        self.assertEqual((mail.state, mail.failure_type), ("cancel", "mail_bl"))

    def test_others_get_it_in_the_same_run(self):
        self.template.mail_import_marketing = True
        bob = self.env["res.partner"].create({"name": "Bob", "email": BOB})
        self.template.send_mail_batch([self.customer.id, bob.id])
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        self.assertEqual(set(self.sent()), {(BOB,)})

    def test_a_cancelled_one_that_is_sent_again_stays_here(self):
        self.template.mail_import_marketing = True
        mail = self.env["mail.mail"].browse(self.template.send_mail(self.customer.id))
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        self.sent()
        mail.mark_outgoing()
        self.assertFalse(self.sent())
        self.assertEqual(mail.state, "cancel")

    def test_one_of_several_recipients_is_left_out(self):
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        self.mail(email_to=f"{ANN}, {BOB}", body_html="<p>x</p>", mail_import_marketing=True).send()
        self.assertEqual(set(self.sent()), {(BOB,)})

    def test_a_personal_letter_still_goes(self):
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        self.template.send_mail(self.customer.id)
        self.assertEqual(set(self.sent()), {(ANN,)})

    def test_many_letters_of_the_composer_are_a_mailing(self):
        mails = self.composed("mass_mail")._action_send_mail()[0]
        self.assertEqual(mails.mapped("mail_import_marketing"), [True])
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        self.assertFalse(self.sent())

    def test_a_template_for_mailings_posted_in_a_chatter_reaches_nobody_who_is_out(self):
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        composer = self.composed("comment")
        self.assertIn(ANN, composer.mail_import_opted_out)
        self.template.mail_import_marketing = True
        message = composer._action_send_mail()[1]
        self.assertFalse(self.sent())
        self.assertEqual(message.notification_ids.mapped("notification_status"), ["canceled"])

    def test_the_composer_leaves_out_who_is_out_and_sends_to_the_others(self):
        bob = self.env["res.partner"].create({"name": "Bob", "email": BOB})
        people = {"res_ids": str((self.customer | bob).ids), "force_send": True}
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        mails = self.composed("mass_mail", people)._action_send_mail()[0]
        self.assertEqual({mail.recipients for mail in self.sink.messages()}, {(BOB,)})
        self.assertEqual(
            set(mails.mapped(lambda mail: (mail.state, mail.failure_type))),
            {("cancel", "mail_bl"), ("sent", False)},
        )

    def test_the_composer_sends_nothing_to_an_address_that_fails(self):
        self.fails(ANN)
        mails = self.composed("mass_mail", {"force_send": True})._action_send_mail()[0]
        self.assertFalse(self.sink.messages())
        self.assertEqual(mails.state, "cancel")

    def composed(self, mode, values=None):
        return self.env["mail.compose.message"].create(
            {
                "composition_mode": mode,
                "model": "res.partner",
                "res_ids": str(self.customer.ids),
                "template_id": self.template.id,
                "subject": "News",
                "body": "<p>News</p>",
                "partner_ids": [Command.set(self.customer.ids)],
                "force_send": False,
                "auto_delete": False,
                **(values or {}),
            }
        )

    def test_a_draft_says_who_opted_out_and_goes(self):
        draft = self.draft(self.question())
        self.assertFalse(draft.opted_out)
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        draft.invalidate_recordset(["opted_out"])
        with Form(draft, "mail_task_import.view_mail_import_draft_form") as form:
            self.assertIn(ANN, form.opted_out)
        draft.action_send()
        self.assertEqual(draft.state, "sent")

    def test_a_scheduled_letter_by_a_template_for_mailings_is_one(self):
        self.template.mail_import_marketing = True
        composer = self.composed("comment")
        composer.scheduled_date = "2030-01-01 00:00:00"
        later = composer._action_schedule_message()
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        later.with_user(self.env.user)._post_message()
        self.assertFalse(self.sent())

    def test_colleagues_neither_read_nor_change_who_opted_out(self):
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        entry = self.opt_out._entry(ANN)
        portal = new_test_user(self.env, login="outsider", groups="base.group_portal")
        for user in (self.agent, self.colleague, portal):
            with self.assertRaises(AccessError):
                entry.with_user(user).read(["mail_import_opted_out_at"])
            with self.assertRaises(AccessError):
                entry.with_user(user).active = False


@tagged("post_install", "-at_install")
class TestPage(HttpCase, OptOutCase):
    def setUp(self):
        super().setUp()
        self.page, self.one_click = self.opt_out._links(self.base_url(), ANN, 1_700_000_000)

    def press(self, button, url=None, what="all"):
        """A button of the page, as a browser does."""
        shown = self.url_open(url or self.page)
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)[1]
        data = {"csrf_token": token, "what": what, "do": button}
        return self.url_open(url or self.page, data=data)

    def test_looking_changes_nothing(self):
        for url in (self.page, self.one_click):
            for method in ("GET", "HEAD"):
                answer = self.url_open(url, method=method)
                self.assertEqual(answer.status_code, 200)
        self.assertFalse(self.opt_out._entry(ANN))

    def test_the_page_says_what_it_does_and_leaks_nothing(self):
        answer = self.url_open(self.page)
        self.assertIn(ANN, answer.text)
        self.assertIn("Unsubscribe</button>", answer.text)
        self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("no-store", answer.headers["Cache-Control"])
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])

    def test_its_button_opts_out_and_it_is_logged(self):
        answer = self.press("out")
        self.assertIn("Done.", answer.text)
        self.assertTrue(self.blacklisted())
        log = "".join(self.opt_out._entry(ANN).message_ids.mapped("body"))
        self.assertIn("by the link", log)
        self.assertIn("2023", log)
        self.assertTrue(self.customer.is_blacklisted)

    def test_it_can_be_undone(self):
        self.press("out")
        answer = self.press("undo")
        self.assertIn("Taken back.", answer.text)
        self.assertFalse(self.blacklisted())
        self.press("out")
        self.assertTrue(self.blacklisted())

    def test_what_an_administrator_decided_is_not_undone_by_a_link(self):
        self.env["mail.blacklist"]._add(ANN)
        self.assertNotIn('value="undo"', self.url_open(self.page).text)
        shown = self.url_open(self.opt_out._links(self.base_url(), BOB)[0])
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)[1]
        self.url_open(self.page, data={"csrf_token": token, "what": "all", "do": "undo"})
        self.assertTrue(self.blacklisted())

    def test_nor_is_what_they_decided_after_a_link_had(self):
        self.press("out")
        self.env["mail.blacklist"]._remove(ANN)
        self.env["mail.blacklist"]._add(ANN)
        self.assertNotIn('value="undo"', self.url_open(self.page).text)

    def test_what_a_colleague_decides_afterwards_is_not_undone_by_a_link(self):
        blacklist = self.env["mail.blacklist"]
        for by_hand in (lambda: blacklist.create({"email": ANN}), lambda: blacklist._add(ANN)):
            with self.subTest(by_hand):
                self.opt_out._entry(ANN).active = False
                self.assertIn("Done.", self.press("out").text)
                by_hand()
                self.assertNotIn("Taken back.", self.press("undo").text)
                self.assertTrue(self.blacklisted())

    def test_done_is_said_of_what_was_done_alone(self):
        for what in ("list-1", "list-999999", "", "nothing"):
            self.assertNotIn("Done.", self.press("out", what=what).text)
            self.assertNotIn("Taken back.", self.press("undo", what=what).text)
        self.assertNotIn("Done.", self.press("out!").text)
        self.assertFalse(self.opt_out._entry(ANN))

    def test_without_the_pages_own_token_nothing_is_pressed(self):
        self.url_open(self.page, data={"what": "all", "do": "out"})
        self.assertFalse(self.blacklisted())

    def test_a_mail_programs_button_opts_out_at_once(self):
        answer = self.url_open(self.one_click, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual((answer.status_code, answer.text), (200, ""))
        self.assertTrue(self.blacklisted())
        self.assertIn("Undo", self.url_open(self.page).text)

    def test_any_other_post_does_not(self):
        answer = self.url_open(self.one_click, data={"hello": "world"})
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.blacklisted())

    def test_a_link_speaks_for_its_own_address_only(self):
        for url in (
            self.page.replace("ann%40", "bob%40"),
            self.page.replace("/1700000000/", "/1700000001/"),
            self.page[:-3],
            self.page.partition("?")[0],
        ):
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn("csrf_token", answer.text)
        posted = self.one_click.replace("ann%40", "bob%40")
        answer = self.url_open(posted, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.blacklisted(BOB) or self.blacklisted())

    def test_it_works_as_mail_programs_spell_it(self):
        tagged_link, _one_click = self.opt_out._links(self.base_url(), "ann+news@customer.example")
        for url in (
            self.page.replace("%40", "@"),
            self.page.replace("ann%40customer", "Ann%40Customer"),
            self.page + "&utm_source=mail",
            tagged_link.replace("%40", "@").replace("%2B", "+"),
        ):
            self.assertIn("csrf_token", self.url_open(url).text, url)

    def test_what_no_mail_program_writes_is_not_complete(self):
        for url in (
            self.page.replace("/1700000000/", "/01700000000/"),
            self.page.replace("/1700000000/", f"/{'0' * 5000}1700000000/"),
            self.page.replace("/1700000000/", "/%D9%A1700000000/"),
            self.page.replace("?to=", "?to=Ann%20%3C") + "%3E",
        ):
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 404)
            self.assertNotIn("csrf_token", answer.text)

    def test_the_stand_in_explains_itself(self):
        answer = self.url_open("/mail_import/opt_out_here")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("unsubscribes nobody", answer.text)

    def test_the_link_of_a_mail_that_left_works(self):
        self.template.send_mail(self.customer.id)
        (mail,) = self.sent().values()
        link = LINK.search(self.html(mail.message))[0]
        self.press("out", self.base_url() + urlsplit(link)._replace(scheme="", netloc="").geturl())
        self.assertTrue(self.blacklisted())

    def test_it_is_in_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.customer.lang = "ru_RU"
        self.assertIn('<html lang="ru-RU"', self.url_open(self.page).text)


@tagged("post_install", "-at_install")
class TestChatter(HttpCase, OptOutCase):
    def test_the_composer_says_who_opted_out(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        (mail,) = self.receive(self.support, build_mail())
        lead = self.record(mail.email)
        self.opt_out._opt_out("all", ANN, 1_700_000_000)
        self.start_tour(f"/odoo/crm.lead/{lead.id}", "mail_task_import.opted_out", login="agent")
