"""The host's links of a mailing, quoted in answers and letters: nobody else gets them."""

import re
import time
from html import escape, unescape

from odoo.tests import tagged

from odoo.addons.mail_task_import.tests.common import build_mail
from odoo.addons.mail_task_import.tests.test_opt_out_quoted import spelled

from .mailing_common import MailingCase

SECRET = re.compile(r"[0-9a-f]{128}")
TRACE = re.compile(r"/r/(\w+)/m/\d+")


@tagged("post_install", "-at_install")
class TestQuotedMailingLinks(MailingCase):
    def links(self, mailing, address="ann@news.example"):
        """The way out, its button, and the page of the letter."""
        number = self.people[0].id
        return (
            mailing._get_unsubscribe_url(address, number),
            mailing._get_unsubscribe_oneclick_url(address, number),
            mailing._get_view_url(address, number),
        )

    def answer(self, html, **values):
        values = {"sender": "Ann <ann@news.example>", "text": unescape(html), **values}
        (outcome,) = self.receive(self.support, build_mail(html=html, **values))
        return outcome.email

    def kept(self, email):
        return f"{email.body}{email.body_text}{email.preview}{email.entry_ids.mapped('preview')}"

    def test_a_letter_that_its_recipient_quotes_speaks_for_nobody(self):
        body = (
            "<p><a href='https://shop.example/new'>Shop</a> <a href='/view'>Look</a> "
            "<a href='/unsubscribe_from_list'>Out</a></p>"
        )
        sent = self.sent(self.mailing(body))
        html = self.html(sent["ann@news.example"])
        self.assertTrue(SECRET.search(html) and TRACE.search(html))
        email = self.answer(f"<p>No more</p><blockquote>{html}</blockquote>")
        kept = self.kept(email)
        self.assertFalse(SECRET.search(kept), kept)
        self.assertFalse(TRACE.search(kept), kept)
        self.assertRegex(str(email.body), r'<a href="[^"]+/mail_import/opt_out_here"[^>]*>Out</a>')
        self.assertRegex(str(email.body), r'<a href="[^"]+/mailing/\d+/view"[^>]*>Look</a>')
        self.assertRegex(str(email.body), rf'<a href="[^"]+/r/{TRACE.search(html)[1]}"[^>]*>Shop')

    def test_in_whatever_spelling(self):
        mailing = self.mailing()
        out, one_click, view = self.links(mailing)
        spellings = {
            **spelled(out, one_click),
            "old": out.replace("confirm_", "").replace("document_id", "res_id"),
            "view": view,
            "view in another": f"https://safe.example/?url={escape(view)}",
        }
        for ours in ("more beside it", "path", "outer path", "slashes", "zeros"):
            spellings.pop(ours)
        for number, (name, url) in enumerate(spellings.items()):
            with self.subTest(spelling=name):
                link = escape(url)
                html = f'<p>No <a href="{link}">more</a> ({link}).</p>'
                email = self.answer(html, subject=f"No {number}")
                stand_in = "/mail_import/opt_out_here"
                page = r"/mailing/\d+/view" if name.startswith("view") else stand_in
                self.assertRegex(
                    str(email.body),
                    rf'<p>No <a href="https?://[^"/]+{page}"[^>]*>more</a> \(https?://[^</]+{page}\)',
                )
                self.assertFalse(SECRET.search(self.kept(email)))
                self.assertNotIn(url, self.kept(email))

    def test_what_others_have_signed_stays(self):
        out, _one_click, _view = self.links(self.mailing())
        theirs = SECRET.sub("0a" * 64, out)
        counted = "https://other.example/r/NoSuchCode/m/5"
        email = self.answer(f'<a href="{escape(theirs)}">x</a> <a href="{counted}">y</a>')
        self.assertIn(theirs, email.body_text)
        self.assertIn(escape(theirs), str(email.body))
        self.assertIn(counted, str(email.body))

    def test_a_letter_that_quotes_one_passes_on_none(self):
        out, _one_click, view = self.links(self.mailing())
        tracker = self.env["link.tracker"].create({"url": "https://shop.example/a"})
        counted = f"{tracker.short_url}/m/12"
        self.env["mail.mail"].create(
            {
                "email_from": "news@company.example",
                "email_to": "bob@news.example",
                "subject": "News",
                "mail_server_id": self.server.id,
                "body_html": f'<a href="{escape(out)}">x</a> <a href="{escape(view)}">y</a> '
                f'<a href="{counted}">z</a>',
            }
        ).send()
        (mail,) = self.sink.messages()
        for text in (self.html(mail), self.text(mail)):
            self.assertFalse(SECRET.search(text))
            self.assertNotIn("/m/12", text)
            self.assertIn(tracker.short_url, text)
            self.assertIn("to=bob%40news.example", text)
        self.assertIn("bob%40news.example", mail.message["List-Unsubscribe"])

    def test_the_page_of_a_letter_alone_makes_no_mailing_of_a_mail(self):
        _out, _one_click, view = self.links(self.mailing())
        self.env["mail.mail"].create(
            {
                "email_from": "news@company.example",
                "email_to": "bob@news.example",
                "mail_server_id": self.server.id,
                "body_html": f'<a href="{escape(view)}">y</a>',
            }
        ).send()
        (mail,) = self.sink.messages()
        self.assertNotIn("List-Unsubscribe", mail.message)

    def test_a_mailing_that_is_made_of_a_letter_has_each_recipients_own(self):
        out, _one_click, view = self.links(self.mailing(), "eve@news.example")
        body = f'<p><a href="{escape(out)}">x</a> <a href="{escape(view)}">y</a></p>'
        for address, mail in self.sent(self.mailing(body)).items():
            links = re.findall(r'href="([^"]+hash_token=[^"]+)"', self.html(mail))
            self.assertEqual(len(links), 2, self.html(mail))
            for link in links:
                self.assertIn(f"email={address.replace('@', '%40')}", link)

    def test_of_a_mailing_that_cannot_be(self):
        out, _one_click, _view = self.links(self.mailing())
        nobodys = re.sub(r"mailing/\d+/", "mailing/0/", out)
        email = self.answer(f'<a href="{escape(nobodys)}">x</a>')
        self.assertIn(nobodys, email.body_text)

    def test_many_parts_of_links_in_one_address_are_read_in_time(self):
        numbers = range(1, 21)
        run = "".join(
            [
                *(f"mailing/{n}/page{n}?" for n in numbers),
                *(f"&res_id={n}" for n in numbers),
                *(f"&email=A%2525{n}" for n in numbers),
                *(f"&{n:0128x}" for n in numbers),
                "%" + "25" * 24,
            ]
        )
        started = time.monotonic()
        email = self.answer(f"<p>{escape(run)} {escape(run)}</p>")
        self.assertLess(time.monotonic() - started, 5)
        self.assertIn(run, email.body_text)

    def test_long_texts_are_read_in_time(self):
        out, _one_click, _view = self.links(self.mailing())
        impersonal = self.env["mail.import.opt.out"]._impersonal
        for part in (out, f"&{out}", "/r/a", "/r/abc/m/1 ", "_r_a_m_", "mailing/1/x", f"{out} "):
            text = part * (400_000 // len(part))
            started = time.monotonic()
            impersonal(text)
            self.assertLess(time.monotonic() - started, 5, part[:99])
