"""Bodies and attachments: the right version and charset, nothing lost, names that are names."""

import base64
import unittest

from odoo.addons.mail_task_import.mime.attachments import safe_mimetype, safe_name
from odoo.addons.mail_task_import.mime.charsets import decode
from odoo.addons.mail_task_import.mime.parser import TRUNCATED_NOTE, parse
from odoo.addons.mail_task_import.mime.text import preview, text_to_html, unflow

from .test_mime_common import RECEIVED_AT, html_mail, mail, multipart, raw_mail, unstorable

TEXT = "Content-Type: text/plain; charset=utf-8"
HTML = "Content-Type: text/html; charset=utf-8"


def winmail(*attributes):
    """Return a winmail.dat (MS-OXTNEF) of attachment attributes, each (id, data)."""
    content = b"\x78\x9f\x3e\x22\x01\x00"
    for identity, data in attributes:
        header = b"\x02" + identity.to_bytes(4, "little") + len(data).to_bytes(4, "little")
        content += header + data + (sum(data) % 65_536).to_bytes(2, "little")
    return content


def names(parsed):
    return [attachment.name for attachment in parsed.attachments]


class TestVersions(unittest.TestCase):
    def test_text_only_is_shown_as_html(self):
        parsed = mail("Dear all,\r\n\r\n<b> & http://example.com/a?b=1.\r\n")
        self.assertEqual(parsed.body_text, "Dear all,\n\n<b> & http://example.com/a?b=1.")
        self.assertIn('&lt;b&gt; &amp; <a href="http://example.com/a?b=1"', parsed.body_html)

    def test_html_only_has_a_text(self):
        parsed = html_mail(
            "<html><head><title>t</title></head><body><p>One</p><p>Two<br>Three</p><ul><li>x</li></ul></body></html>"
        )
        self.assertEqual(parsed.body_text, "One\n\nTwo\nThree\n\n* x")
        self.assertNotIn("title", parsed.body_html)

    def test_quotation_in_html_reads_as_one(self):
        parsed = html_mail("<p>New</p><blockquote><p>Old</p></blockquote>", Subject="Re: it")
        self.assertIn("> Old", parsed.body_text)
        self.assertEqual(parsed.preview, "New")

    def test_alternative_takes_both_versions(self):
        parsed = multipart((TEXT, "plain"), (HTML, "<p>rich</p>"), subtype="alternative")
        self.assertEqual(
            (parsed.body_text, "rich" in parsed.body_html, "plain" in parsed.body_html),
            ("plain", True, False),
        )

    def test_empty_text_version_gives_way(self):
        self.assertEqual(
            multipart((TEXT, " \n"), (HTML, "<p>rich</p>"), subtype="alternative").body_text, "rich"
        )

    def test_invitation_is_a_file(self):
        parsed = multipart(
            (TEXT, "come"),
            ("Content-Type: text/calendar; method=REQUEST", "BEGIN:VCALENDAR"),
            subtype="alternative",
        )
        self.assertEqual((parsed.body_text, names(parsed)), ("come", ["attachment.ics"]))

    def test_mixed_texts_are_joined(self):
        parsed = multipart((TEXT, "one"), (HTML, "<p>two</p>"), (TEXT, "three"))
        self.assertEqual(parsed.body_text.split(), ["one", "two", "three"])
        self.assertLess(parsed.body_html.index("one"), parsed.body_html.index("two"))

    def test_empty_html_gives_way_to_the_text(self):
        for html in (
            "<p>&nbsp;</p>",
            "<style>p{}</style>",
            "<div>&zwnj;&shy;&#847;<br></div>",
            "<!--[if mso]><xml><o:Pixels>96</o:Pixels></xml><![endif]--><p></p>",
        ):
            parsed = multipart((TEXT, "It is cold."), (HTML, html), subtype="alternative")
            self.assertIn("It is cold.", parsed.body_html, html)
            self.assertEqual(parsed.body_text, "It is cold.")
            self.assertNotIn("96", parsed.body_html)

    def test_html_of_pictures_only_does_not(self):
        for html in ('<img src="https://a.example/a.png">', '<img src="cid:i@x">'):
            parsed = multipart((TEXT, "It is cold."), (HTML, html), subtype="alternative")
            self.assertIn("<img", parsed.body_html)
            self.assertNotIn("cold", parsed.body_html)

    def test_related_root_may_come_last(self):
        parsed = multipart(
            (
                "Content-Type: image/png\r\nContent-ID: <i@x>\r\n"
                "Content-Disposition: inline; filename=i.png",
                "PNG",
            ),
            (HTML + "\r\nContent-ID: <root@x>", '<p>see <img src="cid:i@x"></p>'),
            Content_Type='multipart/related; boundary="b"; start="<root@x>"',
        )
        self.assertIn('src="cid:i@x"', parsed.body_html)
        self.assertEqual(
            [(a.name, a.cid, a.inline) for a in parsed.attachments], [("i.png", "i@x", True)]
        )

    def test_content_id_written_with_percent_signs(self):
        for cid, source in (
            ("i[1]@x", "i[1]@x"),
            ("i 1@x", "i1@x"),
            ("i@x", "i%40x"),
            ("a&b@x", "a&amp;b@x"),
        ):
            parsed = multipart(
                (HTML, f'<img src="cid:{source}">'),
                (f"Content-Type: image/png; name=i.png\r\nContent-ID: <{cid}>", "PNG"),
                subtype="related",
            )
            (image,) = parsed.attachments
            self.assertTrue(image.inline, cid)
            self.assertIn(f"cid:{image.cid}", parsed.body_html.replace("&amp;", "&"))

    def test_image_that_is_not_shown_is_not_inline(self):
        parsed = multipart(
            (HTML, "<p>x</p>"),
            ("Content-Type: image/png; name=i.png\r\nContent-ID: <i@x>", "PNG"),
            subtype="related",
        )
        self.assertFalse(parsed.attachments[0].inline)

    def test_only_a_named_text(self):
        parsed = mail(
            "hello",
            Content_Type="text/plain; name=note.txt",
            Content_Disposition="inline; filename=note.txt",
        )
        self.assertEqual((parsed.body_text, parsed.attachments), ("hello", []))

    def test_attached_text_is_a_file(self):
        parsed = multipart(
            (TEXT, "body"), (TEXT + "\r\nContent-Disposition: attachment; filename=n.txt", "note")
        )
        self.assertEqual(
            (parsed.body_text, names(parsed), parsed.attachments[0].content),
            ("body", ["n.txt"], b"note"),
        )

    def test_forwarded_mail_is_kept_byte_by_byte(self):
        inner = "Subject: =?utf-8?Q?Caf=C3=A9?=\r\n\r\n  odd   bytes \t\r\n"
        parsed = multipart((TEXT, "see"), ("Content-Type: message/rfc822", inner))
        self.assertEqual(
            (names(parsed), parsed.attachments[0].content), (["Café.eml"], inner.encode())
        )

    def test_empty_mails(self):
        for raw in (
            b"",
            b"\r\n",
            b"Subject: x\r\n\r\n",
            b"Content-Type: multipart/mixed\r\n\r\n",
            b"\0",
        ):
            parsed = parse(raw)
            self.assertEqual(
                (parsed.body_text, parsed.body_html, parsed.preview, unstorable(parsed)),
                ("", "", "", []),
            )

    def test_truncated_mail_says_so(self):
        parsed = parse(raw_mail(b""), truncated=True)
        self.assertEqual(
            (parsed.body_text, TRUNCATED_NOTE in parsed.body_html, parsed.subject),
            (TRUNCATED_NOTE, True, "Offer"),
        )
        self.assertNotEqual(
            parsed.digest, parse(raw_mail(b"", Subject="Other"), truncated=True).digest
        )


class TestBrokenStructure(unittest.TestCase):
    def assertShown(self, parsed, text="the text"):
        self.assertIn(text, parsed.body_text)
        self.assertIn(text, parsed.body_html)
        self.assertTrue(parsed.defects)

    def test_no_boundary(self):
        self.assertShown(mail("the text", Content_Type="multipart/mixed"))

    def test_unused_boundary(self):
        self.assertShown(mail("the text", Content_Type='multipart/mixed; boundary="zzz"'))

    def test_wrong_boundary_is_found_in_the_body(self):
        body = (
            "--real\r\nContent-Type: text/plain\r\n\r\nthe text\r\n"
            "--real\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nx\r\n--real--"
        )
        parsed = mail(body, Content_Type='multipart/mixed; boundary="wrong"')
        self.assertShown(parsed)
        self.assertEqual(names(parsed), ["a.pdf"])

    def test_doubled_boundary(self):
        inner = (
            'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nthe text\r\n--b--"
        )
        self.assertIn("the text", multipart(("X: y", ""), (inner, "")).body_text)

    def test_two_content_types(self):
        self.assertShown(mail("the text", Content_Type="nonsense\r\nContent-Type: text/plain"))

    def test_text_after_the_closing_boundary(self):
        raw = raw_mail(
            b"--b\r\n\r\nbody\r\n--b--\r\n\r\nScanned by Foo\r\n",
            Content_Type="multipart/mixed; boundary=b",
        )
        self.assertIn("Scanned by Foo", parse(raw).body_text)

    def test_preamble_is_not_shown(self):
        raw = raw_mail(
            b"This is a multi-part message.\r\n--b\r\n\r\nbody\r\n--b--",
            Content_Type="multipart/mixed; boundary=b",
        )
        self.assertEqual(parse(raw).body_text, "body")

    def test_preamble_is_shown_where_there_is_no_part(self):
        raw = raw_mail(
            b"above\r\n--b\r\n\r\n--b--\r\nbelow\r\n",
            Content_Type="multipart/mixed; boundary=b",
        )
        self.assertEqual(parse(raw).body_text.split(), ["above", "below"])

    def test_missing_closing_boundary(self):
        raw = raw_mail(
            b"--b\r\n\r\nbody\r\n--b\r\nContent-Type: text/plain\r\n\r\nmore",
            Content_Type="multipart/mixed; boundary=b",
        )
        self.assertEqual(parse(raw).body_text.split(), ["body", "more"])

    def test_boundaries_that_begin_alike(self):
        raw = raw_mail(
            b"--b\r\nContent-Type: multipart/alternative; boundary=b1\r\n\r\n"
            b"--b1\r\n\r\ninner\r\n--b1--\r\n--b\r\n\r\nouter\r\n--b--",
            Content_Type="multipart/mixed; boundary=b",
        )
        self.assertEqual(parse(raw).body_text.split(), ["inner", "outer"])

    def test_content_type_is_nonsense(self):
        self.assertEqual(mail("hello", Content_Type="text").body_text, "hello")
        self.assertEqual(mail("hello", Content_Type="plain/;;;=").body_text, "hello")


class TestCharsets(unittest.TestCase):
    def test_declared(self):
        for text, charset in (
            ("Grüße", "iso-8859-1"),
            ("€5", "windows-1252"),
            ("Привет", "koi8-r"),
            ("你好", "big5"),
            ("こんにちは", "iso-2022-jp"),
            ("안녕", "euc-kr"),
            ("naïve", "utf-16"),
            ("żółw", "iso-8859-2"),
        ):
            with self.subTest(charset):
                parsed = mail(text.encode(charset), Content_Type=f"text/plain; charset={charset}")
                self.assertEqual(parsed.body_text, text)

    def test_wrong_unknown_or_missing(self):
        for declared in (
            "; charset=us-ascii",
            "; charset=iso-8859-1",
            "; charset=foo-8",
            "; charset=unknown-8bit",
            "",
        ):
            with self.subTest(declared):
                self.assertEqual(
                    mail("Grüße €".encode(), Content_Type=f"text/plain{declared}").body_text,
                    "Grüße €",
                )

    def test_western_text_that_calls_itself_utf_8(self):
        text = "Sehr geehrte Frau Müller, schöne Grüße aus Köln, bis nächste Woche früh."
        self.assertEqual(decode(text.encode("cp1252"), "utf-8"), text)

    def test_one_damaged_byte_does_not_change_the_charset(self):
        self.assertEqual(
            decode("Привет мир, как дела".encode() + b"\xff", "utf-8"), "Привет мир, как дела\ufffd"
        )

    def test_russian_without_a_charset(self):
        for charset in ("cp1251", "koi8-r"):
            parsed = mail("Добрый день, пришлите счёт.".encode(charset))
            self.assertEqual(parsed.body_text, "Добрый день, пришлите счёт.", charset)
            parsed = mail(
                "Добрый день, пришлите счёт.".encode(charset), Subject="Счёт".encode(charset)
            )
            self.assertEqual(parsed.subject, "Счёт", charset)

    def test_header_in_utf_8_above_a_body_that_is_not(self):
        parsed = mail(b"\xc4\xc1", Subject="Да", Content_Type="text/plain; charset=koi8-r")
        self.assertEqual((parsed.subject, parsed.body_text), ("Да", "да"))

    def test_charset_of_the_html_itself(self):
        parsed = mail(
            '<meta charset="koi8-r"><p>Привет</p>'.encode("koi8-r"), Content_Type="text/html"
        )
        self.assertEqual(parsed.body_text, "Привет")

    def test_transfer_encodings(self):
        for encoding, content in (
            ("base64", base64.b64encode("Grüße".encode())),
            ("quoted-printable", b"Gr=C3=BC=C3=\r\n=9Fe"),
            ("8bit", "Grüße".encode()),
            ("7-bit", "Grüße".encode()),
            (" Base64 ", b"R3LDvMOfZQ"),
        ):
            with self.subTest(encoding):
                parsed = mail(
                    content,
                    Content_Type="text/plain; charset=utf-8",
                    Content_Transfer_Encoding=encoding,
                )
                self.assertEqual(parsed.body_text, "Grüße")

    def test_nothing_unstorable_survives(self):
        parsed = mail(
            b"a\0b\xed\xa0\x80c\x1b", Subject=b"x\0\xed\xa0\x80", From=b"\xed\xb0\x80 <a@b.c>"
        )
        self.assertEqual(unstorable(parsed), [])
        self.assertEqual(unstorable(html_mail("<p>&#0;&#xD800;\ud7ff&#xFFFF;x</p>")), [])

    def test_codecs_that_are_no_charsets(self):
        for charset in ("rot13", "zlib", "hex", "unicode_escape", "idna", "punycode"):
            self.assertEqual(decode(b"caf\xc3\xa9", charset), "café", charset)


class TestAttachments(unittest.TestCase):
    def test_names_are_names(self):
        for name, expected in (
            ("../../etc/passwd", "passwd"),
            (r"C:\temp\a.pdf", "a.pdf"),
            ("a\r\nb.pdf", "a b.pdf"),
            ("", "attachment.pdf"),
            ("..", "attachment.pdf"),
            ("/", "attachment.pdf"),
            ("a\x00.pdf", "a .pdf"),
            ("x\u202efdp.exe", "xfdp.exe"),
            ("x" * 400 + ".pdf", "x" * 146 + ".pdf"),
            ("über.pdf", "über.pdf"),
        ):
            with self.subTest(name[:20]):
                self.assertEqual(safe_name(name, "application/pdf"), expected)

    def test_doubles_get_names_of_their_own(self):
        part = ("Content-Type: image/png; name=a.png", "x")
        other = ("Content-Type: image/png; name=A (2).png", "x")
        found = names(multipart((TEXT, "t"), part, part, other, part))
        self.assertEqual(len({name.lower() for name in found}), 4)
        self.assertEqual(found[:2], ["a.png", "a (3).png"])

    def test_names_in_all_encodings(self):
        for header in (
            "filename*=utf-8''r%C3%A9sum%C3%A9.pdf",
            'filename="=?utf-8?B?csOpc3Vtw6kucGRm?="',
            'filename="résumé.pdf"',
        ):
            parsed = multipart(
                (TEXT, "t"),
                (
                    f"Content-Type: application/pdf\r\nContent-Disposition: attachment; {header}",
                    "x",
                ),
            )
            self.assertEqual(names(parsed), ["résumé.pdf"], header)

    def test_types(self):
        self.assertEqual(safe_mimetype("APPLICATION/PDF", "x"), "application/pdf")
        self.assertEqual(safe_mimetype("application/octet-stream", "a.pdf"), "application/pdf")
        self.assertEqual(safe_mimetype("a/b/c\n", "x"), "application/octet-stream")

    def test_winmail_gives_its_files(self):
        content = winmail(
            (0x00069002, b"\x01\x00" + b"\0" * 12),  # attAttachRendData begins a file
            (0x00018010, b"..\\offer.pdf\0"),  # attAttachTitle
            (0x0006800F, b"%PDF-1.4"),  # attAttachData
        )
        parsed = multipart(
            (TEXT, "t"), (b"Content-Type: application/ms-tnef; name=winmail.dat", content)
        )
        (offer,) = parsed.attachments
        self.assertEqual(
            (offer.name, offer.content, offer.mimetype),
            ("offer.pdf", b"%PDF-1.4", "application/pdf"),
        )

    def test_broken_winmail_is_kept_as_it_is(self):
        parsed = multipart(
            (TEXT, "t"), ("Content-Type: application/ms-tnef; name=winmail.dat", "junk")
        )
        self.assertEqual((names(parsed), parsed.attachments[0].content), (["winmail.dat"], b"junk"))

    def test_image_in_the_html_becomes_a_file(self):
        png = base64.b64encode(b"\x89PNG1234").decode()
        parsed = html_mail(
            f'<p><img src="data:image/png;base64,{png[:6]}\r\n{png[6:]}">'
            f"<img src=data:image/png;base64,{png}></p>"
        )
        (image,) = parsed.attachments
        self.assertEqual(
            (image.name, image.mimetype, image.content, image.inline),
            ("image-1.png", "image/png", b"\x89PNG1234", True),
        )
        self.assertEqual(parsed.body_html.count(f'src="cid:{image.cid}"'), 2)
        self.assertNotIn("data:", parsed.body_html)


class TestText(unittest.TestCase):
    def test_flowed(self):
        self.assertEqual(
            unflow("one \ntwo\n> q1 \n> q2\n-- \nAnn\n  stuffed"),
            "one two\n> q1 q2\n-- \nAnn\n stuffed",
        )
        parsed = mail("one \r\ntwo\r\n", Content_Type="text/plain; format=flowed; delsp=yes")
        self.assertEqual(parsed.body_text, "onetwo")

    def test_links(self):
        self.assertIn('href="http://www.example.com"', text_to_html("(see www.example.com)."))
        self.assertIn('href="mailto:ann@example.com"', text_to_html("to ann@example.com."))
        self.assertNotIn("<script", text_to_html("http://x/<script>"))
        self.assertIn("a<br/>\n&nbsp;", text_to_html("a\n  b"))

    def test_preview_is_what_is_new(self):
        for text in (
            "New\n> old",
            "New\n\nOn Mon, Jun 2, 2025 at 10:11, Ann <a@b.c> wrote:\nold",
            "New\n-----Original Message-----\nold",
            "New\nAm 02.06.2025 um 10:11 schrieb Ann:\nold",
            "New\n-- \nAnn",
            "New\nOn Mon, Jun 2, 2025 at 10:11 AM Ann Doe <ann.doe@\nexample.com> wrote:\nold",
            "New\n2 июня 2025 г., Анна пишет:\nold",
            "New\nFrom: Ann <a@b.c>\nSent: Monday\nTo: x",
            "\n\n New \n________________________________\nFrom: x\nSent: 2.6.2025 10:11\nTo: y",
        ):
            self.assertEqual(preview(text), "New", text)
        self.assertEqual(preview("> only\n> quoted"), "> only > quoted")
        self.assertEqual((len(preview("word " * 100)), preview("")), (200, ""))


class TestDigest(unittest.TestCase):
    def test_same_mail_by_two_ways(self):
        first = parse(
            raw_mail("Grüße, Ann\r\n", Received="from a by b", Delivered_To="x@y.z"),
            received_at=RECEIVED_AT,
        )
        second = mail(
            base64.b64encode("Grüße,  Ann\n\n".encode()),
            Content_Type="text/plain; charset=utf-8",
            Content_Transfer_Encoding="base64",
        )
        self.assertEqual(
            (first.key, first.digest, first.headers == second.headers),
            (second.key, second.digest, False),
        )

    def test_footer_makes_a_twin(self):
        self.assertEqual(mail("a").key, mail("a\nfooter").key)
        self.assertNotEqual(mail("a").digest, mail("a\nfooter").digest)

    def test_html_counts_even_beside_a_text(self):
        digests = {
            multipart((TEXT, "t"), (HTML, f"<p>{word}</p>"), subtype="alternative").digest
            for word in "ab"
        }
        self.assertEqual(len(digests), 2)

    def test_attachment_makes_another_content(self):
        digests = {
            multipart((TEXT, "t"), ("Content-Type: application/pdf", word)).digest for word in "ab"
        }
        self.assertEqual(len(digests), 2)

    def test_without_message_id_the_content_names_the_mail(self):
        self.assertEqual(mail("a", Message_ID=None).key, mail("a\r\n", Message_ID=None).key)
        self.assertNotEqual(mail("a", Message_ID=None).key, mail("b", Message_ID=None).key)
        self.assertNotEqual(mail("a").key, mail("a", From="bob@example.com").key)
