"""Every mail of the corpus is read, quickly, and into values that a database takes."""

import unittest
from pathlib import Path

from odoo.addons.mail_task_import.mime.parser import parse

from .test_mime_common import seconds_busy, unstorable

CORPUS = Path(__file__).parent / "corpus"
SECONDS = 1


def read(name):
    return parse((CORPUS / name).read_bytes())


class TestCorpus(unittest.TestCase):
    def test_every_mail_is_read_quickly_and_cleanly(self):
        files = [
            path for folder in ("mail", "cpython") for path in sorted((CORPUS / folder).iterdir())
        ]
        self.assertEqual(len(files), 150)
        for path in files:
            with self.subTest(path.name):
                started = seconds_busy()
                parsed = parse(path.read_bytes())
                self.assertLess(seconds_busy() - started, SECONDS)
                self.assertEqual(unstorable(parsed), [])
                self.assertFalse([each for each in parsed.defects if "could not be parsed" in each])
                self.assertTrue(parsed.key and parsed.digest)

    def test_line_ends_make_no_other_mail(self):
        for name in ("mail/plain_emails__basic_email", "mail/attachment_emails__attachment_pdf"):
            with self.subTest(name):
                crlf, lf = read(f"{name}.eml"), read(f"{name}_lf.eml")
                self.assertEqual((crlf.key, crlf.digest), (lf.key, lf.digest))

    def test_japanese(self):
        self.assertEqual(read("mail/multi_charset__japanese.eml").subject, "まみむめも")
        self.assertEqual(
            read("mail/multi_charset__japanese_iso_2022.eml").body_text, "すみません。"
        )
        self.assertIn("あいうえお", read("mail/multi_charset__japanese_shift_jis.eml").body_text)
        attached = read("mail/multi_charset__japanese_attachment_long_name.eml").attachments
        self.assertEqual([each.name for each in attached], ["かきくけこ" * 5 + ".txt"])

    def test_korean_under_its_old_name(self):
        self.assertEqual(read("mail/multi_charset__ks_c_5601-1987.eml").body_text, "스티해")

    def test_header_in_utf_8(self):
        parsed = read("mail/rfc6532__utf8_headers.eml")
        self.assertEqual(parsed.subject, "Säying Hello")
        self.assertEqual(parsed.sender.email, "jdöe@mächine.example")

    def test_forwarded_mail_is_a_file_to_open(self):
        parsed = read("mail/attachment_emails__attachment_message_rfc822.eml")
        self.assertEqual([each.name for each in parsed.attachments], ["ForwardedMessage.eml"])
        self.assertEqual(len(parsed.attachments[0].content), 3781)

    def test_bounce_of_several_recipients(self):
        bounce = read("mail/multipart_report_emails__multi_address_bounce1.eml").bounce
        self.assertEqual(len(bounce.recipients), 5)
        self.assertIn("kfhejkfbsjkjsbhds@gmail.com", bounce.recipients)
        self.assertEqual((bounce.status, bounce.hard, bounce.delayed), ("5.1.1", True, False))
        self.assertEqual(
            bounce.original_message_ids, ["<118707422.15521266992174819.JavaMail.root@lvmail01>"]
        )

    def test_warning_is_a_delay_and_not_hard(self):
        parsed = read("mail/multipart_report_emails__report_422.eml")
        self.assertEqual(parsed.automatic, "bounce")
        self.assertEqual(
            (parsed.bounce.status, parsed.bounce.delayed, parsed.bounce.hard),
            ("4.2.2", True, False),
        )
        self.assertIn("Mailbox full", parsed.bounce.diagnostic)

    def test_report_in_the_second_of_two_status_parts(self):
        bounce = read("mail/multipart_report_emails__multipart_report_multiple_status.eml").bounce
        self.assertEqual((bounce.recipients, bounce.status), (["u@ci.com"], "5.3.0"))

    def test_comments_in_addresses_are_no_part_of_them(self):
        parsed = read("mail/rfc2822__example10.eml")
        self.assertEqual((parsed.sender.name, parsed.sender.email), ("Pete", "pete@silly.test"))

    def test_two_content_types_still_show_the_text(self):
        self.assertEqual(read("mail/error_emails__multiple_content_types.eml").body_text, "foo")

    def test_digest_is_shown_with_its_mails_attached(self):
        parsed = read("cpython/msg_02.txt")
        self.assertEqual(len(parsed.attachments), 5)
        self.assertIn("[Ppp] testing #1.eml", [each.name for each in parsed.attachments])

    def test_parts_without_a_closing_boundary(self):
        parsed = read("cpython/msg_15.txt")
        self.assertIn("Some removed text.", parsed.body_text)
        self.assertEqual(parsed.attachments[0].mimetype, "image/gif")

    def test_empty_parts_show_nothing(self):
        self.assertEqual(read("cpython/msg_24.txt").body_text, "")

    def test_mail_without_header_is_all_body(self):
        parsed = read("cpython/msg_19.txt")
        self.assertEqual(parsed.sender.email, "")
        self.assertIn("Ppp mailing list", parsed.body_text)
