"""What of a mail is new, and what is quoted, as programs in many languages write it."""

import random
import re
import time
import unittest

from odoo.addons.mail_task_import.mime.harmless import make_harmless
from odoo.addons.mail_task_import.mime.parser import parse
from odoo.addons.mail_task_import.mime.quoted_html import QUOTED, new_html
from odoo.addons.mail_task_import.mime.quotes import MARK, MAX_LINES, new_text, quoted_lines
from odoo.addons.mail_task_import.mime.subjects import FORWARD, kind_of
from odoo.addons.mail_task_import.mime.text import preview, text_to_html

from .test_mime_common import html_mail, mail, raw_mail

SECONDS = 5

ABOVE = {
    "Gmail, English": "On Fri, 3 May 2024 at 12:30, Support <support@company.example> wrote:",
    "Gmail, wrapped": "On Fri, 3 May 2024 at 12:30, The Support of the Company\n"
    "<support@company.example> wrote:",
    "Apple Mail, English": "On 3 May 2024, at 12:30, Support <support@company.example> wrote:",
    "Gmail, German": "Am Fr., 3. Mai 2024 um 12:30 Uhr schrieb Support <support@company.example>:",
    "Thunderbird, German": "Am 03.05.24 um 12:30 schrieb Support:",
    "Gmail, French": "Le ven. 3 mai 2024 à 12:30, Support <support@company.example> a écrit :",
    "Gmail, Spanish": "El vie, 3 may 2024 a las 12:30, Support (<support@company.example>) "
    "escribió:",
    "Gmail, Italian": "Il giorno ven 3 mag 2024 alle ore 12:30 Support <support@company.example> "
    "ha scritto:",
    "Gmail, Portuguese": "Em sex., 3 de mai. de 2024 às 12:30, Support <support@company.example> "
    "escreveu:",
    "Gmail, Dutch": "Op vr 3 mei 2024 om 12:30 schreef Support <support@company.example>:",
    "Gmail, Polish": "pt., 3 maj 2024 o 12:30 Support <support@company.example> napisał(a):",
    "Gmail, Czech": "pá 3. 5. 2024 v 12:30 odesílatel Support <support@company.example> napsal:",
    "Thunderbird, Danish": "Den 03.05.2024 kl. 12.30 skrev Support:",
    "Gmail, Swedish": "Den fre 3 maj 2024 kl 12:30 skrev Support <support@company.example>:",
    "Gmail, Norwegian": "fre. 3. mai 2024 kl. 12:30 skrev Support <support@company.example>:",
    "Gmail, Finnish": "pe 3. toukok. 2024 klo 12.30 Support <support@company.example> kirjoitti:",
    "Gmail, Hungarian": "Support <support@company.example> ezt írta (időpont: 2024. máj. 3., P, "
    "12:30):",
    "Gmail, Turkish": "Support <support@company.example>, 3 May 2024 Cum, 12:30 tarihinde şunu "
    "yazdı:",
    "Gmail, Russian": "пт, 3 мая 2024 г. в 12:30, Support <support@company.example>:",
    "Yandex, Russian": '03.05.2024, 12:30, "Support" <support@company.example>:',
    "Mail.ru, Russian": "Пятница, 3 мая 2024, 12:30 +03:00 от Support <support@company.example>:",
    "Thunderbird, Russian": "03.05.2024 12:30, Support пишет:",
    "The Bat!, Russian": "Вы писали 3 мая 2024 г., 12:30:30:",
    "Gmail, Ukrainian": "пт, 3 трав. 2024 р. о 12:30 Support <support@company.example> пише:",
    "Gmail, Greek": "Στις Παρ 3 Μαΐ 2024 στις 12:30 μ.μ., ο χρήστης Support "
    "<support@company.example> έγραψε:",
    "Gmail, Japanese": "2024年5月3日(金) 12:30 Support <support@company.example>:",
    "Gmail, Chinese": "Support <support@company.example> 于2024年5月3日周五 12:30写道：",
    "Gmail, Korean": "2024년 5월 3일 (금) 오후 12:30, Support <support@company.example>님이 작성:",
    "Gmail, Estonian (no list knows it)": "Kuupäev R, 3. mai 2024 kell 12:30 kirjutas Support "
    "<support@company.example>:",
}

HEADERS = {
    "English": ("From", "Sent", "To", "Subject"),
    "German": ("Von", "Gesendet", "An", "Betreff"),
    "French": ("De ", "Envoyé ", "À ", "Objet "),
    "Spanish": ("De", "Enviado el", "Para", "Asunto"),
    "Italian": ("Da", "Inviato", "A", "Oggetto"),
    "Portuguese": ("De", "Enviada em", "Para", "Assunto"),
    "Dutch": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "Polish": ("Od", "Wysłano", "Do", "Temat"),
    "Czech": ("Od", "Odesláno", "Komu", "Předmět"),
    "Swedish": ("Från", "Skickat", "Till", "Ämne"),
    "Danish": ("Fra", "Sendt", "Til", "Emne"),
    "Finnish": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "Hungarian": ("Feladó", "Elküldve", "Címzett", "Tárgy"),
    "Turkish": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "Russian": ("От", "Отправлено", "Кому", "Тема"),
    "Russian, Outlook 2010": ("From", "Дата", "Кому", "Тема"),
    "Ukrainian": ("Від", "Надіслано", "Кому", "Тема"),
    "Japanese": ("差出人", "送信日時", "宛先", "件名"),
    "Chinese": ("发件人", "发送时间", "收件人", "主题"),
    "Korean": ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
}
VALUES = ("Support", "Friday, 3 May 2024 12:30", "Ann Customer", "Re: Order")


def header(names, mark=""):
    return "\n".join(
        f"{mark}{name}:{mark} {value}" for name, value in zip(names, VALUES, strict=True)
    )


class TestText(unittest.TestCase):
    def assertNew(self, text, new="New text"):
        self.assertEqual(new_text(text), new, text)
        self.assertEqual(preview(text), " ".join(new.split()), text)
        shown = text_to_html(text)
        self.assertEqual(new_html(shown).count(QUOTED), 0)
        self.assertIn(QUOTED, shown, text)

    def test_lines_above_quoted_lines(self):
        for name, line in ABOVE.items():
            with self.subTest(name):
                self.assertNew(f"New text\n\n{line}\n\n> Old\n>\n> more\n")

    def test_lines_above_text_that_is_not_marked(self):
        for name, line in ABOVE.items():
            with self.subTest(name):
                self.assertNew(f"New text\n\n{line}\nOld text\nmore\n\nAnn")

    def test_headers_that_outlook_copies(self):
        for name, names in HEADERS.items():
            for mark in ("", "*"):
                with self.subTest(name, mark=mark):
                    self.assertNew(f"New text\n\n{header(names, mark)}\n\nOld text")
                    self.assertNew(f"New text\n{'_' * 32}\n{header(names, mark)}\n\nOld text")

    def test_separators(self):
        for line in (
            "-----Original Message-----",
            "-----Ursprüngliche Nachricht-----",
            "-----Message d'origine-----",
            "-----Исходное сообщение-----",
            "-----Oorspronkelijk bericht-----",
            "-------- Original-Nachricht --------",
            "-----原始邮件-----",
        ):
            with self.subTest(line):
                self.assertNew(f"New text\n\n{line}\nOld text")

    def test_answers_between_and_below_the_quoted_lines_are_new(self):
        line = ABOVE["Gmail, English"]
        text = f"{line}\n> One?\n\nYes.\n\n> Two?\n\nNo.\nBest, Ann"
        self.assertEqual(new_text(text), "Yes.\n\n\nNo.\nBest, Ann")
        shown = text_to_html(text)
        self.assertEqual(shown.count(QUOTED), 2)
        self.assertIn("<br/>\nNo.<br/>\nBest, Ann</span>", shown)

    def test_a_mail_that_is_only_quoted_stays_whole(self):
        for text in (
            f"{ABOVE['Gmail, English']}\n> Old",
            f"\n{header(HEADERS['English'])}\n\nOld",
            "> Old",
            "",
        ):
            self.assertEqual(new_text(text), text)
            self.assertNotIn(QUOTED, text_to_html(text))

    def test_what_is_forwarded_is_no_quotation(self):
        for line in (
            "---------- Forwarded message ---------",
            "Begin forwarded message:",
            "-------- Пересылаемое сообщение --------",
            "-------- Weitergeleitete Nachricht --------",
        ):
            text = f"Please look\n\n{line}\n{header(HEADERS['English'])}\n\n> Old text"
            self.assertEqual(new_text(text), text)
        text = f"Please look\n\n{header(HEADERS['German'])}\n\nOld text"
        self.assertEqual(new_text(text, kind_of("WG: Bestellung", True)), text)
        self.assertEqual(new_text(text, kind_of("AW: WG: Bestellung", False)), "Please look")
        self.assertNotIn(QUOTED, mail(text, Subject="Fwd: Order").body_html)
        self.assertIn(QUOTED, mail(text, Subject="Re: Order").body_html)

    def test_what_people_write_is_not_taken_for_a_quotation(self):
        for text in (
            "Please send it to ann@customer.example before 12:30, here is the list:\n1 chair",
            "The order of 3.5.2024 has these faults:\nit is late",
            "From: Berlin\nTo: Paris\nDate: Friday",
            "Name: Ann\nSubject: Order\nDate: 3 May 2024\nMessage: where is it?",
            "Ann wrote:\nthis is what she said",
            "On Monday at 12:30 we tried the following:\nit failed",
            "Von der Firma:\nzwei Teile",
            "A: first\nB: second",
            "- one\n- two: three\n-- \nAnn",
            "if a\n    >b: c",
        ):
            with self.subTest(text):
                self.assertEqual(new_text(text), text)

    def test_our_mark_tells_in_every_language(self):
        for above in (
            "Ku 2024-05-03, 12:30, Support ayaa qoray:",
            "Ku qoray: Support <support@company.example>,\n2024-05-03 12:30 saacadood:",
            "Ka: Support\nLoo diray: Jimce\nKu: Ann\nMawduuc: Dalab",
        ):
            for old in (f"{MARK}Dear Ann", f"> {MARK}Dear Ann\n> more"):
                with self.subTest(above):
                    self.assertNew(f"New text\n\n{above}\n\n{old}\n\nBest, Support")

    def test_our_own_mail_is_new_itself(self):
        self.assertEqual(new_text(f"{MARK}Dear Ann\nyours"), f"{MARK}Dear Ann\nyours")
        self.assertEqual(preview(f"{MARK}Dear Ann\nyours"), "Dear Ann yours")


class TestHtml(unittest.TestCase):
    def assertNew(self, html, *new, old=("Old text",)):
        shown = make_harmless(html)[0]
        self.assertIn(QUOTED, shown)
        kept = new_html(shown)
        for text in new:
            self.assertIn(text, kept)
        for text in old:
            self.assertIn(text, shown)
            self.assertNotIn(text, kept)
        self.assertEqual(make_harmless(html)[1], make_harmless(html, kind=FORWARD)[1])

    def test_gmail(self):
        self.assertNew(
            '<div dir="ltr">New text<br></div><br><div class="gmail_quote"><div dir="ltr" '
            'class="gmail_attr">Some language &lt;<a href="mailto:s@c.example">s@c.example</a>&gt; '
            'klo:<br></div><blockquote class="gmail_quote" style="margin:0"><div>Old text</div>'
            "</blockquote></div>",
            "New text",
            old=("Old text", "Some language"),
        )

    def test_answers_between_the_lines_of_gmail_stay_in_sight(self):
        html = (
            '<div class="gmail_quote"><div class="gmail_attr">On Fri, 3 May 2024 at 12:30, S &lt;'
            's@c.example&gt; wrote:</div><blockquote class="gmail_quote">Old text</blockquote>'
            '<div>New text</div><blockquote class="gmail_quote">Older text</blockquote>'
            "<div>Last text</div></div>"
        )
        self.assertNew(html, "New text", "Last text", old=("Old text", "Older text"))
        # the host folds every element of this class, with all that is in it
        self.assertNotIn("gmail_quote", new_html(make_harmless(html)[0]))

    def test_outlook(self):
        for names in HEADERS.values():
            lines = "<br>".join(
                f"<b><span lang=EN>{name}:</span></b> {value}"
                for name, value in zip(names, VALUES, strict=True)
            )
            self.assertNew(
                '<div class="WordSection1"><p class="MsoNormal">New text<o:p></o:p></p>'
                '<p class="MsoNormal">Best</p><div><div style="border:none;border-top:solid '
                f'#E1E1E1 1.0pt"><p class="MsoNormal">{lines}</p></div></div>'
                '<p class="MsoNormal">Old text</p></div>',
                "New text",
                "Best",
                old=("Old text", VALUES[1]),
            )

    def test_outlook_on_the_web_in_a_language_that_nobody_knows(self):
        self.assertNew(
            '<div>New text</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">'
            "<b>Xx:</b> S<br><b>Yy:</b> T</div><div>Old text</div>",
            "New text",
            old=("Old text", "Xx:"),
        )

    def test_thunderbird_with_an_answer_below(self):
        self.assertNew(
            '<p>New text</p><div class="moz-cite-prefix">Xx 03.05.24 12:30 yy S:<br></div>'
            '<blockquote type="cite">Old text</blockquote><p>Last<br>lines</p>',
            "New text",
            "Last<br>lines",
            old=("Old text", "03.05.24"),
        )

    def test_apple_mail(self):
        self.assertNew(
            'New text<br><div><br><blockquote type="cite"><div>On 3 May 2024, at 12:30, S &lt;'
            "s@c.example&gt; wrote:</div><br><div>Old text</div></blockquote></div><br>",
            "New text",
            old=("Old text", "wrote:"),
        )

    def test_yandex_mail_ru_and_proton(self):
        self.assertNew(
            '<div>New text</div><div>03.05.2024, 12:30, "S" &lt;s@c.example&gt;:</div>'
            "<blockquote><p>Old text</p></blockquote>",
            "New text",
            old=("Old text", "s@c.example"),
        )
        self.assertNew(
            "<div>New text<br></div><blockquote>Пятница, 3 мая 2024, 12:30 +03:00 от S &lt;"
            "s@c.example&gt;:<br><div>Old text</div></blockquote>",
            "New text",
        )
        self.assertNew(
            '<div>New text</div><div class="protonmail_quote">Xx 12:30 S:<br><blockquote>Old text'
            "</blockquote></div>",
            "New text",
            old=("Old text", "12:30"),
        )

    def test_text_in_pre_and_between_line_breaks(self):
        line = ABOVE["Gmail, English"].replace("<", "&lt;").replace(">", "&gt;")
        self.assertNew(
            f"<pre>New text\n\n{line}\n&gt; Old text\n\nLast text</pre>", "New text", "Last text"
        )
        self.assertNew(
            f"New text<br><br>{line}<br>Old text<br>more", "New text", old=("Old text", "more")
        )

    def test_our_mark_in_html(self):
        self.assertNew(
            f"<div>New text</div><div>Xx, Yy zzz:</div><div><p>{MARK}Old text</p></div>",
            "New text",
            old=("Old text", "zzz"),
        )

    def test_mails_without_a_quotation_stay_as_they_are(self):
        html = "<div><p>One</p><p>Two: 12:30</p><ul><li>three</li></ul></div>"
        self.assertIn(html, make_harmless(html)[0])
        self.assertEqual(new_html(html), html)

    def test_a_mail_that_is_only_quoted_stays_whole(self):
        shown = make_harmless("<div><blockquote><p>Old text</p></blockquote></div>")[0]
        # the host folds this element, whatever the mail is
        self.assertNotIn("<blockquote", shown)
        self.assertIn("<p>Old text</p>", new_html(shown))

    def test_pictures_and_tables_are_not_lost(self):
        shown = make_harmless(
            '<table><tr><td>New<img src="cid:a"></td></tr></table><blockquote>Old<img src="cid:b">'
            "</blockquote>"
        )[0]
        self.assertIn('src="cid:b"', shown)
        self.assertIn('src="cid:a"', new_html(shown))
        self.assertNotIn('src="cid:b"', new_html(shown))

    def test_marks_of_a_sender_are_not_believed(self):
        shown = html_mail(f'<p {QUOTED}="1">New text</p><p>More</p>').body_html
        self.assertNotIn(QUOTED, shown)


class TestHostile(unittest.TestCase):
    def assertQuick(self, work, *arguments):
        started = time.perf_counter()
        result = work(*arguments)
        self.assertLess(time.perf_counter() - started, SECONDS)
        return result

    def test_long_lines_and_many_of_them(self):
        for text in (
            "On " * 300_000 + "wrote:",
            ("On " * 80 + "wrote:\n") * 20_000,
            ("On 3 May 2024 12:30 " + "a " * 100 + "wrote :x:\n") * 20_000,
            "> " * 500_000,
            "From: a\n" * 100_000,
            "Von: a@b.c\nAn:" * 60_000,
            ("_" * 40 + "\n") * 20_000,
            "\n" * 500_000 + MARK,
            (f"x\n{MARK}\n" * 100_000),
            "<" * 300_000 + "@" * 300_000 + ":",
            ("<" + "a" * 200 + "@" + "a" * 190 + ":\n") * 3_000,
            "a:\n" * 200_000,
            "2024年5月3日(金) 12:30" * 30_000 + ":",
        ):
            for work in (new_text, preview, text_to_html):
                with self.subTest(text[:30], work=work.__name__):
                    self.assertQuick(work, text)

    def test_hostile_html(self):
        for html in (
            "<blockquote>" * 150 + "x<br>" * 5_000,
            "x<blockquote>y</blockquote>" * 20_000,
            "x<br>&gt;y<br>" * 20_000,
            "new<blockquote>" + "<b>x</b>" * 50_000,
            "new<br>" + '<div class="gmail_attr">' * 150 + "<p>x</p>" * 10_000,
            "new<pre>" + "&gt;\nx\n" * 20_000,
            "<span>" * 150 + "x<div id=divRplyFwdMsg>" + "<i>y</i>" * 10_000,
        ):
            with self.subTest(html[:40]):
                self.assertQuick(make_harmless, html)
                self.assertQuick(parse, raw_mail(html, Content_Type="text/html; charset=utf-8"))

    def test_more_lines_than_are_looked_at(self):
        text = "x\n" * (MAX_LINES + 10) + "> Old"
        self.assertEqual(new_text(text), text)

    def test_nothing_is_lost_or_moved_whatever_the_mail(self):
        """Marking changes neither text nor pictures, and what is new is part of it."""
        random_ = random.Random(7)
        pieces = [
            "<div>", "</div>", "<p>", "</p>", "<br>", "<b>", "</b>",
            "<blockquote>", "</blockquote>",
            "<pre>", "</pre>", "\n", "&gt; ", "text ", "a:",
            "<table><tr><td>", "</td></tr></table>",
            "<ul><li>", "</ul>", '<div class="gmail_quote">', '<div id="divRplyFwdMsg">', "<hr>",
            ABOVE["Thunderbird, German"], "From: a@b.c<br>To: x<br>Subject: y<br>", MARK,
            '<img src="cid:x">', '<span style="display:none">hidden</span>',
        ]  # fmt: skip
        for _time in range(1_500):
            html = "".join(random_.choices(pieces, k=random_.randint(1, 40)))
            plain, text = make_harmless(html, kind=FORWARD)[:2]
            marked, same = make_harmless(html)[:2]
            self.assertEqual(same, text, html)
            self.assertEqual(marked.count("<img"), plain.count("<img"), html)
            again = make_harmless(marked, kind=FORWARD)[1]
            self.assertEqual(_letters(again), _letters(text), html)
            self.assertIsInstance(new_html(marked), str)
            lines = text.split("\n")
            self.assertLessEqual(len(quoted_lines(lines)), len(lines))


def _letters(text):
    return re.sub(r"[\s>]", "", text)
