"""Bodies that break the rules and are read all the same: base64, charsets, other kinds of text."""

import base64
import time
import unittest

from odoo.addons.mail_task_import.mime.charsets import decode
from odoo.addons.mail_task_import.mime.parser import parse

from .test_mime_common import mail, multipart, raw_mail

TEXT = "Grüße aus Köln, bitte Angebot 4711 lesen?>~"
FOOTER = b"_____________________\nlist mailing list\nhttps://x.example?list=a&b=c"
RUSSIAN = "В комнате двенадцать не работает отопление."
CHINESE = "十二号房间的暖气坏了。"
JAPANESE = "こんにちは、請求書を送ってください。"


def encoded(text, times=1):
    return base64.encodebytes((text * times).encode())


def base64_mail(content, encoding="base64", content_type="text/plain; charset=utf-8"):
    return mail(content, Content_Type=content_type, Content_Transfer_Encoding=encoding)


class TestBase64(unittest.TestCase):
    def assertRead(self, content, text=TEXT, encoding="base64"):
        self.assertEqual(base64_mail(content, encoding).body_text, text)

    def test_footer_under_it_is_text(self):
        footed = f"{{}}\n{FOOTER.decode()}"
        for times in (1, 2, 20):
            content = encoded(TEXT, times)
            for body in (content, content.rstrip(b"=\n") + b"\n", content + b"\n"):
                with self.subTest(body):
                    self.assertRead(body + FOOTER, footed.format(TEXT * times))

    def test_footer_under_html_is_text(self):
        html = encoded(f"<html><body><p>{TEXT}</p></body></html>")
        shown = base64_mail(html + FOOTER, content_type="text/html; charset=utf-8")
        self.assertIn(TEXT, shown.body_text)
        self.assertIn("list mailing list", shown.body_text)

    def test_footer_does_not_damage_a_file(self):
        content = bytes(range(256)) * 20
        body = base64.encodebytes(content) + FOOTER
        shown = base64_mail(body, content_type="application/pdf; name=a.pdf")
        self.assertEqual(shown.attachments[0].content, content)

    def test_several_pieces(self):
        for times in (1, 20):
            piece = encoded(TEXT, times)
            self.assertTrue(piece.endswith(b"=\n"))
            for between in (b"", b"\r\n\r\n"):
                with self.subTest((times, between)):
                    self.assertRead(piece + between + piece, TEXT * times * 2)
        self.assertRead((encoded("a").strip() + encoded("b")), "ab")

    def test_written_otherwise(self):
        content = encoded(TEXT, 20)
        self.assertRead(b"\r\n".join(b"> " + line for line in content.split()), TEXT * 20)
        url_safe = base64.urlsafe_b64encode(TEXT.encode())
        self.assertRead(url_safe)
        self.assertRead(url_safe + b"\n-- \nx y", f"{TEXT}\n-- \nx y")
        self.assertRead(encoded(TEXT), encoding="BASE-64")

    def test_damaged_line_between_others(self):
        lines = encoded(TEXT, 20).split(b"\n")
        lines[1:1] = [b"*!*"]
        self.assertRead(b"\n".join(lines), TEXT * 20)

    def test_hostile_pieces_are_read_in_one_go(self):
        for content in (b"A=" * 5_000_000, b"\n" * 10_000_000 + b"*", b"AAAA\n" * 2_000_000 + b"*"):
            start = time.process_time()
            base64_mail(content, content_type="application/x-y; name=a.bin")
            self.assertLess(time.process_time() - start, 5)

    def test_text_that_is_no_base64_stays(self):
        for text in ("Hello\nplease read this.", "Donaudampfschiff\nplease read this"):
            self.assertRead(text.encode(), text)

    def test_words_that_could_be_decoded_stay(self):
        for text in ("Danke.", "heating", "Hello\nheating\nbye", "OK"):
            with self.subTest(text):
                self.assertRead(text.encode(), text)

    def test_short_texts_are_decoded(self):
        for text in ("a", "Ja", "Hi!", "Tür", "Danke.", "Да", "好的"):
            with self.subTest(text):
                self.assertRead(base64.b64encode(text.encode()), text)


class TestLineEnds(unittest.TestCase):
    def test_lines_that_end_in_two_carriage_returns(self):
        raw = raw_mail(
            "--b\r\n\r\nOne\r\ntwo\r\n--b\r\nContent-Type: application/pdf\r\n\r\nPDF\r\n--b--\r\n",
            Content_Type="multipart/mixed; boundary=b",
        )
        doubled = raw.replace(b"\r\n", b"\r\r\n")
        for each in (doubled, b"Received: by the last server\r\n" + doubled):
            shown = parse(each)
            self.assertEqual((shown.subject, shown.body_text), ("Offer", "One\ntwo"))
            self.assertEqual([file.content for file in shown.attachments], [b"PDF"])

    def test_two_carriage_returns_within_a_file_are_its_own(self):
        shown = multipart(("Content-Type: application/x-y", b"a\r\r\nb"))
        self.assertEqual(shown.attachments[0].content, b"a\r\r\nb")

    def test_blanks_after_a_soft_line_break(self):
        for blanks in ("", " ", " \t  "):
            shown = mail(
                f"The hea={blanks}\r\nting = 1, ={blanks}",
                Content_Transfer_Encoding="quoted-printable",
            )
            self.assertEqual(shown.body_text.rstrip(), "The heating = 1,")


class TestUndeclaredCharsets(unittest.TestCase):
    def test_japanese_in_escape_sequences(self):
        content = JAPANESE.encode("iso-2022-jp")
        for content_type in (None, "text/plain; charset=us-ascii", "text/plain; charset=utf-8"):
            shown = mail(content, Subject=content, Content_Type=content_type)
            self.assertEqual((shown.body_text, shown.subject), (JAPANESE, JAPANESE))

    def test_eastern_texts_are_told_apart(self):
        for charset, text in (
            ("euc_jp", JAPANESE),
            ("cp932", JAPANESE),
            ("cp949", "안녕하세요, 견적서를 보내 주시기 바랍니다. 감사합니다."),
            ("gb18030", "您好，请把报价单发给我们，谢谢。我们等待您的答复。"),
        ):
            with self.subTest(charset):
                content = text.encode(charset)
                shown = mail(content, Subject=content)
                self.assertEqual((shown.body_text, shown.subject), (text, text))

    def test_short_chinese_is_no_korean(self):
        chinese = "十二号房间的暖气坏了,请尽快派人来修理。"
        korean = "십이호실 난방이 고장났습니다. 빨리 수리해 주세요."
        for charset, text in (("gb18030", chinese), ("cp949", korean)):
            self.assertEqual(decode(text.encode(charset)), text)

    def test_utf_8_with_a_damaged_byte_stays_utf_8(self):
        for charset in ("", "us-ascii", "x-unknown"):
            damaged = RUSSIAN.encode() + b"\xff" + RUSSIAN.encode()
            self.assertEqual(decode(damaged, charset), f"{RUSSIAN}\ufffd{RUSSIAN}")

    def test_lines_in_utf_8_and_in_another_charset(self):
        for many, charset in ((1, ""), (30, "utf-8"), (30, "")):
            utf_8, western = "Tür – ok\n" * many, "Größe, naïf\n"
            with self.subTest((many, charset)):
                content = utf_8.encode() + western.encode("cp1252")
                self.assertEqual(decode(content, "").strip(), (utf_8 + western).strip())
        content = f"{RUSSIAN}\n".encode() + "Grüße".encode("cp1252")
        self.assertEqual(decode(content), f"{RUSSIAN}\nGrüße")

    def test_utf_16_without_its_mark(self):
        for text in (RUSSIAN, "Grüße aus Köln", "Καλημέρα σας", "שלום לכם"):
            for charset in ("utf-16-le", "utf-16-be", "utf-16"):
                for declared in ("", "utf-8", "us-ascii", charset):
                    with self.subTest((text, charset, declared)):
                        self.assertEqual(decode(text.encode(charset), declared), text)

    def test_charsets_of_seven_bits(self):
        for charset, texts in (
            ("hz", (CHINESE, RUSSIAN)),
            ("utf-7", (CHINESE, RUSSIAN, "난방이 고장났습니다.")),
            ("iso-2022-jp-2", (CHINESE, RUSSIAN, "난방이 고장났습니다.", JAPANESE)),
        ):
            for text in texts:
                for declared in ("", "utf-8", "us-ascii", charset):
                    with self.subTest((text, charset, declared)):
                        self.assertEqual(decode(text.encode(charset), declared), text)

    def test_ascii_that_looks_like_them_stays(self):
        for text in (
            '(format t "~{~a, ~}" names) and ~{name~} and ~{NAME~}',
            "Call +49 30 123456, +4930123456 or +12025550123; 1+1=2, C++",
            "https://x.example/?q=heating+cold+room+twelve&key=+AbCdEfGhIjKlMnOpQrStUv",
            "+" + "VGhlIGhlYXRpbmcgb2Ygcm9vbSAxMiBpcyBjb2xkLCBwbGVhc2Ug",
            "a+-b +AGE- +AOQ-",
        ):
            for declared in ("", "us-ascii", "utf-8"):
                self.assertEqual(decode(text.encode(), declared), text)

    def test_surrogates_within_utf_8(self):
        pair = "\U0001f600".encode("utf-16-be")
        units = [chr(int.from_bytes(pair[at : at + 2], "big")) for at in (0, 2)]
        content = "Grüße ".encode() + "".join(units).encode("utf-8", "surrogatepass")
        for charset in ("utf-8", "iso-8859-1", ""):
            self.assertEqual(decode(content, charset), "Grüße \U0001f600")


INVITATION = """BEGIN:VCALENDAR
BEGIN:VTIMEZONE
DTSTART:19700101T000000
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=Europe/Berlin:20261201T100000
DTEND:20261201T110000Z
SUMMARY;LANGUAGE=de;X="a:b":Be
 sprechung\\, groß
BEGIN:VALARM
DESCRIPTION:Reminder
END:VALARM
LOCATION:Room 1
DESCRIPTION:one\\ntwo <b>
END:VEVENT
BEGIN:VEVENT
SUMMARY:another
END:VEVENT
END:VCALENDAR
"""
INVITED = (
    "Besprechung, groß\n2026-12-01 10:00 Europe/Berlin – 2026-12-01 11:00 UTC\nRoom 1\n\n"
    "one\ntwo <b>"
)


class TestOtherKindsOfText(unittest.TestCase):
    def test_mail_that_is_an_invitation_shows_it(self):
        content_type = "text/calendar; charset=utf-8; method=REQUEST"
        alone = mail(INVITATION, Content_Type=content_type)
        for shown in (alone, multipart((f"Content-Type: {content_type}", INVITATION))):
            self.assertEqual(shown.body_text, INVITED)
            self.assertIn("two &lt;b&gt;", shown.body_html)
            self.assertIn(b"VALARM", shown.attachments[0].content)

    def test_text_beside_an_invitation_is_enough(self):
        shown = multipart(
            ("Content-Type: text/plain", "Please come"),
            ("Content-Type: text/calendar; charset=utf-8", INVITATION),
        )
        self.assertEqual(shown.body_text, "Please come")

    def test_hostile_invitation_is_bounded(self):
        for line in ("SUMMARY" + ';"' * 90_000, "SUMMARY" + ";" * 190_000, "SUMMARY:x\n y" * 9_000):
            body = f"BEGIN:VEVENT\n{line}\nEND:VEVENT"
            self.assertLessEqual(len(mail(body, Content_Type="text/calendar").body_text), 200_000)

    def test_xhtml_is_html(self):
        page = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>x</p></body></html>'
        shown = mail(page, Content_Type="application/xhtml+xml")
        self.assertEqual((shown.body_html, shown.attachments), ("<div><p>x</p></div>", []))
