"""Opt-out links that somebody quotes, in whatever spelling a mail program gives them."""

import time
from html import escape
from urllib.parse import quote, urlsplit

from odoo.tests import tagged

from ..mime.opt_out import replaced
from .test_opt_out import ANN, BOB, OptOutCase


@tagged("post_install", "-at_install")
class TestQuotedLinks(OptOutCase):
    def test_a_quoted_link_is_known_in_whatever_spelling(self):
        page, one_click = self.opt_out._links("https://odoo.example", ANN, 1_700_000_000)
        token = urlsplit(page).path.rpartition("/")[2]
        decoded = page.replace("%40", "@")
        within = f"https://b.example/?v={quote(page)}"
        spelled = {
            "decoded": decoded,
            "capitals": page.replace("ann%40customer", "Ann%40CUSTOMER"),
            "more beside it": page.replace("?to=", "?x=1&to="),
            "zeros": page.replace("/17", "/0000000000000000017"),
            "path": page.replace("opt_out", "opt%5Fout"),
            "outer path": page.replace("mail_import", "mail%5Fimport"),
            "scheme": page.replace("https", "HTTPS"),
            "slashes": page.replace("/opt_out", "//opt_out"),
            "one click": one_click.replace("%40", "@"),
            "safe link": f"https://eur01.safe.example/?url={quote(page, safe='')}&data=05",
            "twice": f"https://a.example/?u={quote(within, safe='')}",
            "defended": f"https://d.example/v3/__{page.replace('%', '*')}__;JQ!!x$",
        }
        for name, url in spelled.items():
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

    def test_what_stands_beside_a_link_stays(self):
        page, _one_click = self.opt_out._links("https://odoo.example", ANN)
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
        page, _one_click = self.opt_out._links("https://odoo.example", ANN)
        token = urlsplit(page).path.rpartition("/")[2]
        for part in (f"1/{token}?to=a&to=", "&amp;", "%25", "https://", "9" * 99 + f"/{token}"):
            text = f"https://odoo.example/opt_out/{part * (400_000 // len(part))}"
            started = time.monotonic()
            replaced(text, "https://odoo.example", self.opt_out._is_signed_for)
            self.assertLess(time.monotonic() - started, 5, part)
