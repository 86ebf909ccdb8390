"""Opt-out links that somebody quotes, in whatever spelling a mail program gives them."""

import re
import time
from base64 import b64encode, urlsafe_b64encode
from html import escape
from urllib.parse import quote, urlsplit

from odoo.tests import tagged

from ..mime.opt_out import quoted_impersonal, replaced
from .test_opt_out import ANN, BOB, OptOutCase


def packed(text):
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def defended(url):
    """Proofpoint's second way."""
    codes = re.sub(r"[^\w./]|_", lambda match: f"-{ord(match[0]):02X}", url, flags=re.ASCII)
    return f"https://urldefense.proofpoint.com/v2/url?u={codes.replace('/', '_')}&d=DwMFaQ&c=eu-3A"


def spelled(page, one_click):
    """``{name: url}`` of ways in which programs and gateways write it."""
    two = page[page.index("?") :][:2]
    within = f"https://b.example/?v={quote(page)}"
    safe = f"https://eur01.safelinks.protection.outlook.com/?url={quote(page, safe='')}&data=05%7C"
    return {
        "decoded": page.replace("%40", "@"),
        "capitals": page.replace("ann%40customer", "Ann%40CUSTOMER"),
        "more beside it": page.replace("?to=", "?x=1&to="),
        "zeros": page.replace("/17", "/0000000000000000017"),
        "path": page.replace("opt_out", "opt%5Fout"),
        "outer path": page.replace("mail_import", "mail%5Fimport"),
        "scheme": page.replace("https", "HTTPS"),
        "slashes": page.replace("/opt_out", "//opt_out"),
        "one click": one_click.replace("%40", "@"),
        "safe link": safe,
        "twice": f"https://a.example/?u={quote(within, safe='')}",
        "thrice": f"https://a.example/?u={quote(quote(within, safe=''), safe='')}",
        "defended": defended(page),
        "defended safe link": defended(safe),
        "defended again": f"https://urldefense.com/v3/__{page.replace('%', '*')}__;JQ!!x$",
        "defended, several": "https://urldefense.com/v3/__"
        + page.replace(two, "**A").replace("%", "*")
        + f"__;{packed(two + '%')}!!x!y$",
        "packed": f"https://eu.sophos.example/?d=odoo.example&u={b64encode(page.encode()).decode()}&i=N",
        "packed in a path": f"https://c.example/CL0/{packed(page)}/1/0100",
        "packed with more": f"https://c.example/v2/x{packed('{' + page + '}')}.sig",
        "packed, encoded": f"https://c.example/?u={packed(quote(quote(page, safe=''), safe=''))}",
        "packed within": f"https://a.example/?u={quote('https://c.example/' + packed(page))}",
    }


@tagged("post_install", "-at_install")
class TestQuotedLinks(OptOutCase):
    def links(self):
        """``(page, one click, token)`` of Ann."""
        page, one_click = self.opt_out._links("https://odoo.example", ANN, 1_700_000_000)
        return page, one_click, urlsplit(page).path.rpartition("/")[2]

    def test_a_quoted_link_is_known_in_whatever_spelling(self):
        page, one_click, token = self.links()
        for name, url in spelled(page, one_click).items():
            with self.subTest(spelling=name):
                self.sink.clear()
                html = f'<p><a href="{escape(url)}">x</a> ({escape(url)}).</p>'
                self.mail(email_to=BOB, body_html=html).send()
                (mail,) = self.sent().values()
                self.assertNotIn(token, mail.raw.decode().replace("=\r\n", ""))
                self.assertNotIn(token, self.html(mail.message))
                bobs = (
                    r"https?://[^\s<\"/]+/mail_import/opt_out/\d+/\w{64}\?to=bob%40customer.example"
                )
                self.assertRegex(
                    self.html(mail.message), f'^<p><a href="{bobs}">x</a> \\({bobs}\\)\\.</p>'
                )

    def test_what_a_recipient_quotes_is_nobodys_in_whatever_spelling(self):
        page, one_click, token = self.links()
        stand_in = r"https?://[^\s<\"/]+/mail_import/opt_out_here"
        for number, (name, url) in enumerate(spelled(page, one_click).items()):
            with self.subTest(spelling=name):
                entry = self.entry_of(
                    subject=f"No {number}",
                    text=f"No more.\n> Unsubscribe ({url}), please\n",
                    html=f'<p>No <a href="{escape(url)}">more</a>, {escape(url)}</p>',
                )
                email = entry.sudo().email_id
                self.assertRegex(str(email.body), f'<a href="{stand_in}"')
                self.assertRegex(str(email.body), f"</a>, {stand_in}</p>")
                self.assertRegex(email.body_text, stand_in)
                kept = f"{email.body}{email.body_text}{email.preview}{entry.preview}"
                for secret in (token, packed(token)[8:40], packed(f"/{token}")[8:40], "Ann%40"):
                    self.assertNotIn(secret, kept)

    def test_a_short_answer_shows_nobodys_link_in_lists(self):
        page, _one_click, token = self.links()
        entry = self.entry_of(text=f"{page} no")
        self.assertNotIn(token, entry.preview)
        self.assertIn("opt_out_here", entry.preview)

    def test_line_breaks_within_the_address_of_a_link_hide_nothing(self):
        page, _one_click, token = self.links()
        for gap in ("\n", "\t", "\r\n", "&#10;", "&#x9;", "&Tab;"):
            broken = page[:60] + gap + page[60:80] + gap + page[80:]
            html = f"<p>No <a class='x' href='{broken}'>more</a>\n<a href='https://a.example'>a</a>"
            with self.subTest(gap=gap):
                self.sink.clear()
                self.mail(email_to=BOB, body_html=html).send()
                (mail,) = self.sent().values()
                self.assertNotIn(token[-10:], self.html(mail.message))
                self.assertEqual(self.people(mail.message), {BOB})
                body = str(self.entry_of(subject=repr(gap), html=html).sudo().email_id.body)
                self.assertNotIn(token[-10:], body)
                self.assertIn("/mail_import/opt_out_here", body)

    def test_line_breaks_in_other_links_make_no_opt_out_of_them(self):
        html = "<p><a href='https://shop.example/a\nb'>shop</a></p>"
        self.mail(email_to=BOB, body_html=html).send()
        (mail,) = self.sent().values()
        self.assertNotIn("List-Unsubscribe", mail.message)

    def test_what_others_have_signed_stays_as_it_is_written(self):
        theirs = "https://other.example/mail_import/opt_out/1700000000/" + "0a" * 32 + "?to=a@b.cc"
        for url in spelled(theirs, theirs).values():
            text = f"Look: {url} (or <{url}>)"
            for change in (replaced, quoted_impersonal):
                changed = change(text, "https://odoo.example", self.opt_out._is_signed_for)
                self.assertEqual(changed, text)

    def test_what_stands_beside_a_link_stays(self):
        page, _one_click, _token = self.links()
        other = "https://shop.example/" + "0a" * 32 + "?to=ann@customer.example&amp;a=b"
        url = page.replace("%40", "@")
        html = f'<p><a href="{other}">shop</a> &lt;{url}&gt; <a href="{url}">x</a>, end</p>'
        self.mail(email_to=BOB, body_html=html).send()
        (mail,) = self.sent().values()
        html = self.html(mail.message)
        self.assertIn(f'<a href="{other}">shop</a> &lt;http', html)
        self.assertIn('to=bob%40customer.example&gt; <a href="http', html)
        self.assertIn('">x</a>, end</p>', html)

    def test_long_texts_are_read_in_time(self):
        _page, _one_click, token = self.links()
        signed = f"1/{token}?to=a&to="
        parts = (
            *(signed, "&amp;", "%25", "https://", "9" * 99 + f"/{token}", "href='", 'href="'),
            *("-3A_", f"/v3/__{signed}", "**A", "&#10;", packed(signed * 8), f"{packed(signed)} "),
            *(f"{signed * 20} ", f"-3A__{token}/v3/__", "href =" + " " * 99, "__;", "\n"),
        )
        for part in parts:
            text = f"https://odoo.example/opt_out/{part * (400_000 // len(part))}"
            for change in (replaced, quoted_impersonal):
                started = time.monotonic()
                change(text, "https://odoo.example", self.opt_out._is_signed_for)
                self.assertLess(time.monotonic() - started, 5, part[:200])
