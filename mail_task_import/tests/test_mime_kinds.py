"""First mails, answers and forwarded mails: what of each is quoted."""

import unittest

from odoo.tools import html_sanitize

from odoo.addons.mail_task_import.mime.quoted_html import QUOTED, new_html
from odoo.addons.mail_task_import.mime.quotes import MARK, new_text
from odoo.addons.mail_task_import.mime.subjects import ANSWER, FIRST, FORWARD, kind_of

from .test_mime_common import html_mail, mail
from .test_mime_quotes import ABOVE, HEADERS, header

FORM = "New request.\n\nFrom: Ann <ann@customer.example>\nSubject: Chair\nTo: Us\n\nIt is broken."
GMAIL_FORWARDS = (
    '<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message<br></div>'
    "<blockquote>It is broken.</blockquote></div>"
)


class TestKinds(unittest.TestCase):
    """What a mail answers says what it may quote."""

    def test_what_a_subject_says(self):
        for subject, kind in (
            ("Order", FIRST),
            ("Regarding: order", FIRST),
            ("Ref: order 77", FIRST),
            ("[Shop] Order", FIRST),
            ("", FIRST),
            ("Re: Order", ANSWER),
            ("[Shop] AW: Order", ANSWER),
            ("Re: Fwd: Order", ANSWER),
            ("回复：Order", ANSWER),
            ("Fwd: Re: Order", FORWARD),
            ("[EXT] WG: Order", FORWARD),
            ("Пересл: Order", FORWARD),
        ):
            self.assertEqual(kind_of(subject, False), kind, subject)
            self.assertEqual(kind_of(subject, True), ANSWER if kind == FIRST else kind, subject)

    def test_a_first_mail_is_shown_whole(self):
        above, names = ABOVE["Gmail, English"], header(HEADERS["English"])
        for text in (
            FORM,
            f"Hello\n\n{above}\n\n> It is broken.",
            f"Hello\n{'_' * 32}\n{names}\n\nIt is broken.",
            "Hello\n-----Original Message-----\nIt is broken.",
        ):
            with self.subTest(text):
                shown = mail(text, Subject="Chair")
                self.assertNotIn(QUOTED, shown.body_html)
                self.assertIn("broken", shown.preview)
                for values in ({"In_Reply_To": "<a@b.example>"}, {"References": "<a@b.example>"}):
                    answer = mail(text, Subject="Chair", **values)
                    self.assertEqual(QUOTED in answer.body_html, text != FORM)

    def test_the_host_folds_nothing_of_what_answers_nothing(self):
        """It knows elements, classes and ids, and looks at them whatever the mail is."""
        for html in (
            f"<div>Please look</div>{GMAIL_FORWARDS}",
            '<div>Please look</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: x'
            "</div><div>It is broken.</div>",
            '<p>Please look</p><blockquote type="cite">It is broken.</blockquote>',
            '<div>Please look<div class="yahoo_quoted"><p>It is broken.</p></div></div>',
        ):
            for subject in ("Chair", "Fwd: Chair"):
                shown = html_sanitize(html_mail(html, Subject=subject).body_html)
                self.assertNotIn(QUOTED, shown)
                self.assertIn("It is broken.", shown)
            self.assertIn(QUOTED, html_sanitize(html_mail(html, Subject="Re: Chair").body_html))

    def test_our_mark_tells_in_a_first_mail_too(self):
        text = f"New text\n\nKu 2024-05-03 qoray:\n\n{MARK}Dear Ann"
        self.assertEqual(new_text(text, FIRST), "New text")
        html = f"<p>New text</p><p>Ku qoray:</p><blockquote>{MARK}Dear Ann</blockquote>"
        self.assertNotIn("Dear Ann", new_html(html_mail(html, Subject="Chair").body_html))

    def test_what_a_server_writes_above_our_mail_is_no_answer(self):
        text = f"This mail comes from outside.\n\n{MARK}Dear Ann"
        self.assertEqual(new_text(text, FIRST), text)

    def test_an_answer_without_anything_to_say_is_shown_whole(self):
        quoted = f"{ABOVE['Gmail, English']}\n> It is broken."
        for text in (
            f"-- \nAnn\n\n{quoted}",
            f"Sent from my telephone\n\n{quoted}",
            f"* * *\n\n{quoted}",
        ):
            self.assertEqual(new_text(text), text)
        for answer in ("?", "👍", "ok", ":)", "是"):
            self.assertEqual(new_text(f"{answer}\n\n{quoted}"), answer)

    def test_what_people_write_in_an_answer_is_no_quotation(self):
        for text in (
            f"Opening hours\n{'-' * 20}\nFrom: Monday to Friday\nopen 9-18",
            "Hello,\nInvoice 2026-11-21 17:30 <a@b.example>:\nitem 1",
            "Hello,\n\n2026-11-21 17:30 <a@b.example>:\nitem 1",
            "Termin\n\n21.11.2026 17:30 (Max <max@y.example>):\nAgenda",
            "Details:\nVon: Berlin\nNach: Rom\nDatum: 3.12.2026\nBetreff: Reise\nbitte",
            FORM,
        ):
            with self.subTest(text):
                self.assertEqual(new_text(text), text)

    def test_further_programs(self):
        for above in (
            "\u202bבתאריך שבת, 21 בנוב׳ 2026 ב-17:30 מאת \u202aSales\u202c\u200f "
            "<\u202as@y.example\u202c\u200f>:\u202c",
            "Sales/COMPANY\n21.11.2026 17:30\n\nAn\tAnn\nKopie\n\nThema\tQuotation",
            "Sales/COMPANY\n21.11.2026 17:30\nTo\tAnn\ncc\t\nSubject\tQuotation",
        ):
            for old in ("Old text", "> Old text"):
                with self.subTest(above):
                    self.assertEqual(new_text(f"New text\n\n{above}\n\n{old}"), "New text")
