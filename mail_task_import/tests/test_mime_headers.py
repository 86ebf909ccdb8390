"""Header fields: words, addresses, dates, ids and parameters, right and wrong ones."""

import unittest
from datetime import datetime, timedelta

from odoo.addons.mail_task_import.mime.addresses import normalise_email, parse_addresses
from odoo.addons.mail_task_import.mime.dates import believable, parse_date
from odoo.addons.mail_task_import.mime.headers import decode_base64, decode_words, parse_headers
from odoo.addons.mail_task_import.mime.message_id import (
    chain,
    normalise_message_id,
    parse_message_ids,
)
from odoo.addons.mail_task_import.mime.parameters import parse_parameters
from odoo.addons.mail_task_import.mime.parsed_mail import Address
from odoo.addons.mail_task_import.mime.parser import parse

from .test_mime_common import RECEIVED_AT, mail, raw_mail


class TestWords(unittest.TestCase):
    def test_encoded_words(self):
        for encoded, text in (
            ("=?utf-8?Q?Caf=C3=A9_au_lait?=", "Café au lait"),
            ("=?UTF-8?B?w5xiZXI=?=", "Über"),
            ("=?utf-8?B?w5xiZXI?=", "Über"),
            ("Re: =?iso-8859-1?q?caf=E9?= bar", "Re: café bar"),
            ("=?utf-8?q?one?= =?utf-8?q?_two?=", "one two"),
            ("=?utf-8?q?one?= =?iso-8859-1?q?_=E9?=", "one é"),
            ("=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "é"),
            ("=?utf-8?B?4pyT?==?utf-8?B?4pyT?=", "✓✓"),
            ("=?utf-8*en?Q?language?=", "language"),
            ("=?utf-8?Q?a space inside?=", "a space inside"),
            ("=?utf-8?Q?really??=", "really?"),
            ("=?koi8-r?B?8NLJ18XU?=", "Привет"),
            ("=?windows-1251?Q?=CF=F0=E8?=", "При"),
            ("=?gb2312?B?xOO6ww==?=", "你好"),
            ("=?iso-2022-jp?B?GyRCJDMbKEI=?=", "こ"),
            ("=?no-such-charset?Q?caf=C3=A9?=", "café"),
            ("=?utf-8?X?unknown?=", "=?utf-8?X?unknown?="),
            ("=?utf-8?Q?unclosed", "=?utf-8?Q?unclosed"),
        ):
            with self.subTest(encoded):
                self.assertEqual(decode_words(encoded), text)

    def test_a_word_cannot_bring_a_header_along(self):
        parsed = mail(Subject="=?utf-8?Q?x=0D=0ABcc:_evil@example.com=00?=")
        self.assertEqual(parsed.subject, "x Bcc: evil@example.com")
        self.assertEqual(parsed.bcc, [])

    def test_lone_surrogate_in_a_word(self):
        self.assertEqual(
            decode_words("=?utf-16-be?B?2AA=?=").encode().decode("utf-8", "strict"),
            decode_words("=?utf-16-be?B?2AA=?="),
        )

    def test_raw_bytes_without_a_charset(self):
        self.assertEqual(mail(Subject="Größe".encode()).subject, "Größe")
        self.assertEqual(
            mail(
                Subject="Größe".encode("latin-1"), Content_Type="text/plain; charset=iso-8859-1"
            ).subject,
            "Größe",
        )

    def test_folded_subject_is_one_line(self):
        self.assertEqual(mail(Subject="one\r\n two\r\n\tthree").subject, "one two three")

    def test_damaged_base64(self):
        self.assertEqual(decode_base64(b"SGV sbG8"), b"Hello")
        self.assertEqual(decode_base64(b"SGVsbG8*="), b"Hello")
        self.assertEqual(decode_base64(b"A"), b"")


class TestHeaderBlock(unittest.TestCase):
    def test_line_that_is_no_field_does_not_end_the_header(self):
        headers, _body = parse_headers(b"To: ann\nno field\nSubject: x\n\nbody")
        self.assertEqual(headers.text("subject"), "x")
        self.assertTrue(headers.defects)

    def test_missing_blank_line_loses_no_text(self):
        raw = b"Subject: x\nHello Bob,\nNote: tomorrow\n\nAnn"
        headers, body = parse_headers(raw)
        self.assertEqual(headers.text("subject"), "x")
        self.assertTrue(raw[body:].startswith(b"Hello Bob"))

    def test_mbox_line_is_skipped(self):
        headers, _body = parse_headers(b"From ann@example.com Mon Jun 2 2025\nSubject: x\n\n")
        self.assertEqual(headers.text("subject"), "x")

    def test_from_with_a_space_before_the_colon_is_no_mbox_line(self):
        parsed = parse(raw_mail().replace(b"From:", b"From :"), received_at=RECEIVED_AT)
        self.assertEqual(parsed.from_, Address("Ann", "ann@example.com"))

    def test_carriage_returns_only(self):
        parsed = mail()
        raw = raw_mail().replace(b"\r\n", b"\r")
        again = parse(raw, received_at=RECEIVED_AT)
        self.assertEqual((again.subject, again.digest), (parsed.subject, parsed.digest))

    def test_space_before_the_colon(self):
        headers, _body = parse_headers(b"Subject : x\n\n")
        self.assertEqual(headers.text("subject"), "x")


class TestAddresses(unittest.TestCase):
    def test_lists(self):
        for value, expected in (
            ("ann@example.com", [("", "ann@example.com")]),
            ("Ann <ANN@Example.COM>", [("Ann", "ann@example.com")]),
            ('"Doe, John" <john@example.com>', [("Doe, John", "john@example.com")]),
            ("Doe, John <john@example.com>", [("Doe, John", "john@example.com")]),
            ("a@x.com, B <b@x.com>", [("", "a@x.com"), ("B", "b@x.com")]),
            ("a@x.com; b@x.com", [("", "a@x.com"), ("", "b@x.com")]),
            (
                "Team: a@x.com, B <b@x.com>;, c@x.com",
                [("", "a@x.com"), ("B", "b@x.com"), ("", "c@x.com")],
            ),
            ("undisclosed-recipients:;", []),
            ("ann@example.com (Ann Doe)", [("Ann Doe", "ann@example.com")]),
            ("<ann@example.com>", [("", "ann@example.com")]),
            ("'ann@example.com' <ann@example.com>", [("", "ann@example.com")]),
            ('"ann@example.com" <ann@example.com>', [("", "ann@example.com")]),
            (
                "=?utf-8?Q?M=C3=BCller=2C_Ann?= <ann@example.com>",
                [("Müller, Ann", "ann@example.com")],
            ),
            ('"=?utf-8?Q?M=C3=BCller?=" <ann@example.com>', [("Müller", "ann@example.com")]),
            ("=?utf-8?Q?Ann_=3Cann=40example.com=3E?=", [("Ann", "ann@example.com")]),
            (r'"Ann \"the\" Doe" <ann@example.com>', [('Ann "the" Doe', "ann@example.com")]),
            ("<@relay.example:ann@example.com>", [("", "ann@example.com")]),
            ("Ann <mailto:ann@example.com>", [("Ann", "ann@example.com")]),
            ("Ann ann@example.com", [("Ann", "ann@example.com")]),
            ("Ann <ann@example.com", [("Ann", "ann@example.com")]),
            ("a <a@x.com> b <b@x.com>", [("a", "a@x.com"), ("b", "b@x.com")]),
            ('"Bob <bob@x.com>, al@y.com', [("Bob", "bob@x.com"), ("", "al@y.com")]),
            ('"john doe"@example.com', [("", '"john doe"@example.com')]),
            ("MAILER-DAEMON", [("MAILER-DAEMON", "")]),
            ("", []),
            (", ,;:<>()", []),
        ):
            with self.subTest(value):
                self.assertEqual(
                    [(each.name, each.email) for each in parse_addresses(value)], expected
                )

    def test_an_address_is_normal_or_none(self):
        self.assertEqual(normalise_email(" <Ann@Example.COM.> "), "ann@example.com")
        self.assertEqual(normalise_email('"Ann.Lee"@example.com'), "ann.lee@example.com")
        for text in ('"ann lee"@example.com', '"ann..lee"@example.com', '".ann"@example.com'):
            self.assertEqual(normalise_email(text), text)
        for text in (
            "ann",
            "ann@",
            "@example.com",
            "a b@example.com",
            "a@b@c",
            "x" * 400 + "@example.com",
        ):
            self.assertEqual(normalise_email(text), "", text)

    def test_address_reads_back_as_it_was(self):
        address = Address('Doe, "John"', "john@example.com")
        self.assertEqual(parse_addresses(str(address))[0].email, "john@example.com")

    def test_people_of_a_mail(self):
        parsed = mail(
            Cc="Bob <bob@example.com>",
            Bcc="carl@example.com",
            Reply_To="Desk <desk@example.com>",
            Delivered_To="info@example.org",
            X_Original_To="Sales@Example.org",
        )
        self.assertEqual(str(parsed.sender), '"Ann" <ann@example.com>')
        self.assertEqual(
            [each.email for each in parsed.to + parsed.cc + parsed.bcc],
            ["info@example.org", "bob@example.com", "carl@example.com"],
        )
        self.assertEqual(parsed.reply_to, [Address("Desk", "desk@example.com")])
        self.assertEqual(parsed.delivered_to, ["info@example.org", "sales@example.org"])

    def test_bcc_is_for_the_owner_of_the_copy_only(self):
        parsed = mail(
            Bcc="carl@example.com", Received="from a by b", X_Spam_Score="1", X_Mailer="Pen"
        )
        self.assertNotIn("carl", parsed.headers)
        self.assertNotIn("Received", parsed.headers)
        self.assertNotIn("X-Spam", parsed.headers)
        self.assertIn("X-Mailer: Pen", parsed.headers)
        self.assertIn("carl@example.com", parsed.trace_headers)
        self.assertIn("Received: from a by b", parsed.trace_headers)

    def test_no_sender_at_all(self):
        self.assertEqual(mail(From=None).sender, Address("", ""))

    def test_sender_header_stands_in_for_from(self):
        self.assertEqual(mail(From=None, Sender="bob@example.com").sender.email, "bob@example.com")


class TestDates(unittest.TestCase):
    def test_dates_are_utc(self):
        for value, expected in (
            ("Mon, 02 Jun 2025 10:11:12 +0200", datetime(2025, 6, 2, 8, 11, 12)),
            ("2 Jun 2025 10:11 EST", datetime(2025, 6, 2, 15, 11)),
            ("Mon, 02 Jun 2025 10:11:12 -0000 (UTC)", datetime(2025, 6, 2, 10, 11, 12)),
            ("2025-06-02T10:11:12Z", datetime(2025, 6, 2, 10, 11, 12)),
            ("Mon, 02 Jun 2025 10:11:60 +0000", datetime(2025, 6, 2, 10, 11, 59)),
            ("Fri, 21 Nov 97 09:55:06 -0600", datetime(1997, 11, 21, 15, 55, 6)),
            ("21 Nov 03 09:55:06 +0003", datetime(2003, 11, 21, 9, 52, 6)),
            ("1 Jan 00 00:00:00 +0000", datetime(2000, 1, 1)),
            ("1 Jan 00 00:00:00 -0000", datetime(2000, 1, 1)),
            ("1 Jan 00 00:00:00-0000", datetime(2000, 1, 1)),
            ("01-Nov-2025 00:01:02 +0000", datetime(2025, 11, 1, 0, 1, 2)),
        ):
            with self.subTest(value):
                self.assertEqual(parse_date(value), expected)

    def test_nonsense_is_no_date(self):
        for value in (
            "",
            "yesterday",
            "Mon, 99 Foo 2025 99:99:99",
            "1 Jan 99999 00:00:00",
            "9" * 5000,
            "\x00",
        ):
            with self.subTest(value[:20]):
                self.assertIsNone(parse_date(value))

    def test_absurd_dates_are_not_believed(self):
        self.assertIsNone(believable(datetime(1970, 1, 1), RECEIVED_AT))
        self.assertIsNone(believable(RECEIVED_AT + timedelta(days=3), RECEIVED_AT))
        self.assertEqual(
            believable(RECEIVED_AT + timedelta(days=1), RECEIVED_AT),
            RECEIVED_AT + timedelta(days=1),
        )
        self.assertIsNone(mail(Date="Mon, 02 Jun 2035 10:11:12 +0200").date)

    def test_dates_of_no_mail_at_all_become_the_received_date(self):
        """Nobody wrote e-mail in the year 1, nor in 1066, nor will have in 9999."""
        for value in (
            "Fri, 21 Nov 0001 09:55:06 +0000",
            "Mon, 1 Jan 0001 00:00:00 +0000",
            "1 Jan 0000 00:00:00 -0000",
            "21-Nov-0001 09:55:06 -0001",
            "Fri Nov 21 09:55:06 0025",
            "Fri, 21 Nov 001 09:55:06 +0000",
            "Fri, 21 Nov 00025 09:55:06 +0000",
            "0001-01-01T00:00:00Z",
            "Fri, 21 Nov 0097 09:55:06 +0000",
            "Fri, 21 Nov 1066 09:55:06 +0000",
            "Thu, 1 Jan 1970 00:00:00 +0000",
            "Fri, 21 Nov 70 09:55:06 +0000",
            "Fri, 31 Dec 9999 23:59:59 +0000",
        ):
            with self.subTest(value):
                self.assertIsNone(mail(Date=value).date)


class TestMessageIds(unittest.TestCase):
    def test_one_spelling(self):
        for text in ("<a@b>", "a@b", " <a@\r\n b> ", "<a @ b>"):
            self.assertEqual(normalise_message_id(text), "<a@b>")
        self.assertEqual(normalise_message_id("<>"), "")

    def test_long_ids_are_cut_and_stay_two(self):
        first, second = (
            normalise_message_id("<" + "a" * 5000 + "@x>"),
            normalise_message_id("<" + "a" * 5000 + "@y>"),
        )
        self.assertLessEqual(len(first), 250)
        self.assertNotEqual(first, second)
        self.assertTrue(first.startswith("<aaa") and first.endswith(">"))

    def test_odd_ids_become_plain(self):
        self.assertTrue(normalise_message_id("<ä\x07@b>").isascii())

    def test_chain_is_oldest_first_and_each_once(self):
        parsed = mail(
            References="<1@x> <2@x>\r\n <1@x> <3@x>", In_Reply_To="<4@x>", Message_ID="<5@x>"
        )
        self.assertEqual(parsed.references, ["<1@x>", "<2@x>", "<3@x>", "<4@x>"])
        self.assertEqual(parsed.in_reply_to, ["<4@x>"])

    def test_a_mail_does_not_answer_itself(self):
        self.assertEqual(mail(References="<1@example.com> <0@x>").references, ["<0@x>"])

    def test_phrases_in_in_reply_to(self):
        self.assertEqual(parse_message_ids('Your message of "Monday" <1@x>'), ["<1@x>"])
        self.assertEqual(parse_message_ids("1@x"), ["<1@x>"])

    def test_long_chain_keeps_root_and_newest(self):
        ids = [f"<{number}@x>" for number in range(300)]
        kept = chain(ids, [])
        self.assertEqual((len(kept), kept[0], kept[-1]), (100, "<0@x>", "<299@x>"))

    def test_own_loop_marks(self):
        self.assertEqual(mail(X_Mail_Import_Loop="abc").loop_marks, ["abc"])


class TestParameters(unittest.TestCase):
    def test_parameters(self):
        for value, name, expected in (
            ('a/b; name="x y.pdf"', "name", "x y.pdf"),
            ("a/b; name=x.pdf; charset=utf-8", "charset", "utf-8"),
            ("a/b; NAME=x.pdf", "name", "x.pdf"),
            ("a/b; name*=utf-8''caf%C3%A9.pdf", "name", "café.pdf"),
            ("a/b; name*=iso-8859-1'en'caf%E9.pdf", "name", "café.pdf"),
            ('a/b; name*0="a"; name*1="b.pdf"', "name", "ab.pdf"),
            ("a/b; name*1*=%C3%A9; name*0*=utf-8''x", "name", "xé"),
            ("a/b; name=plain; name*=utf-8''ext%20ended", "name", "ext ended"),
            ('a/b; name="=?utf-8?Q?caf=C3=A9.pdf?="', "name", "café.pdf"),
            (r'a/b; name="say \"hi\".pdf"', "name", 'say "hi".pdf'),
            (r'a/b; name="C:\dir\x.pdf"', "name", r"C:\dir\x.pdf"),
            ('a/b; name="unclosed.pdf', "name", "unclosed.pdf"),
            ('a/b; name="semi;colon.pdf"', "name", "semi;colon.pdf"),
        ):
            with self.subTest(value):
                self.assertEqual(parse_parameters(value)[1].get(name), expected)
