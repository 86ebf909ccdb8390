"""Mails made to stop an import: each is read within bounds, and what it says is still there.

The bounds are generous (a slow machine under load); what they guard against took minutes.
"""

import base64
import random
import time
import tracemalloc
import unittest
import unittest.mock

from odoo.addons.mail_task_import.mime import parser
from odoo.addons.mail_task_import.mime.addresses import parse_addresses
from odoo.addons.mail_task_import.mime.headers import parse_headers
from odoo.addons.mail_task_import.mime.parser import parse

from .test_mime_common import RECEIVED_AT, raw_mail, unstorable

SECONDS = 5
MEGABYTE = 1_000_000
MIXED = 'multipart/mixed; boundary="b"'


def nested(depth, boundary="b%d"):
    levels = []
    for level in range(depth):
        name = boundary % level if "%" in boundary else boundary
        levels.append(f'Content-Type: multipart/mixed; boundary="{name}"\n\n--{name}\n'.encode())
    return (
        b"From: ann@example.com\nSubject: nested\n" + b"".join(levels) + b"\nthe innermost text\n"
    )


def html(text):
    return raw_mail(text[:MEGABYTE], Content_Type="text/html; charset=utf-8")


def parts(part, number, end=b"--b--"):
    return raw_mail((b"--b\r\n" + part + b"\r\n") * number + end, Content_Type=MIXED)


def noise(length):
    """Bytes above ASCII, others each time, without the one that some take for a line end."""
    return bytes(DICE.randrange(134, 256) for _number in range(length))


def encoded_names(charset, names):
    """Return a list of recipients with these names, which are bytes."""
    return b",\n ".join(
        b"=?%s?b?%s?= <n%d@example.com>" % (charset, base64.b64encode(name), number)
        for number, name in enumerate(names)
    )


DICE = random.Random(7)
HOSTILE = {
    "10,000 parts": parts(b"Content-Type: text/plain\r\n\r\nhello", 10_000),
    "10,000 files of one name": parts(b"Content-Type: a/b; name=a.pdf\r\n\r\nx", 10_000),
    "1,000 hostile HTML parts": parts(b"Content-Type: text/html\r\n\r\n" + b"<b>x" * 200, 1_000),
    "nested 1,000 deep": nested(1_000),
    "nested 1,000 deep in one boundary": nested(1_000, "b"),
    "nested, and a body of lines": nested(1_000) + b"x\n" * 450_000,
    "nested, and lines like boundaries": nested(29) + b"\n--b1x" * 160_000,
    "forwarded 1,000 times": b"Subject: x\n" + b"Content-Type: message/rfc822\n\n" * 1_000 + b"x",
    "boundary lines alone": raw_mail(b"--b\n" * 250_000, Content_Type=MIXED),
    "boundary lines of carriage returns": raw_mail(b"\r--b" * 250_000, Content_Type=MIXED),
    "header of 1 MB": b"X-A: " + b"a" * MEGABYTE + b"\n\nhello",
    "100,000 header fields": b"".join(b"X-%d: v\n" % number for number in range(100_000))
    + b"\nhello",
    "folds": raw_mail(Subject=b"x" + b"\n a" * 300_000),
    "junk in the header": b"Subject: x\n" + b"junk\n" * 200_000 + b"From: ann@example.com\n\nhello",
    "no line at all": b"x" * MEGABYTE,
    "colons": b"x:\n" * 300_000,
    "unclosed words": raw_mail(Subject=b"?=" + b"=?utf-8?q?a" * 80_000),
    "words": raw_mail(Subject=b"=?utf-8?q?a?= " * 70_000),
    "10,000 recipients": raw_mail(
        To=b", ".join(b'"N %d" <n%d@example.com>' % (n, n) for n in range(10_000))
    ),
    **{
        f"recipients {each!r}": raw_mail(To=each * (MEGABYTE // len(each)))
        for each in (
            b"(",
            b"<",
            b'"',
            b'"\\',
            b",",
            b":",
            b"@",
            b"a@b ",
            b"x,",
            b"a:a@b",
            b"<a@b>",
            b"(a)",
            b"=?a?q?=40?=,",
        )
    },
    "40,000 recipients in no charset": raw_mail().replace(
        b"To: ", b"".join(b"To: %s <n%d@example.com>\n" % (noise(9), n) for n in range(40_000))
    ),
    "names in charsets that nobody knows": raw_mail(
        **{
            name: encoded_names(
                b"x", (f"Ķiršu ēdājs šūpojās {name} {n}".encode("cp1257") for n in range(5_000))
            )
            for name in ("To", "Cc", "Bcc", "Reply_To")
        }
    ),
    "message id of 5,000": raw_mail(
        Message_ID=b"<" + b"a" * 5_000 + b"@x>", References=b"<" * 50_000
    ),
    "100,000 references": raw_mail(
        References=b"".join(b"<%d@x> " % number for number in range(100_000))
    ),
    "NUL": raw_mail(b"\0" * MEGABYTE, Subject=b"a\0b", From=b"a\0 <a@b\0.c>"),
    "all bytes": bytes(range(256)) * 4_000,
    "no charset": raw_mail(b"\xe9\xe8 caf\xe9 \xff" * 100_000),
    "surrogates": raw_mail(
        b"\xff\xfe\x00\xd8" * 250_000, Content_Type="text/plain; charset=utf-16"
    ),
    "punycode": raw_mail(b"a-b" * 300_000, Content_Type="text/plain; charset=punycode"),
    "empty lines": raw_mail(b"\n" * MEGABYTE),
    "quote marks": raw_mail(b">\n" * 500_000),
    "flowed": raw_mail(b"> a \n" * 200_000, Content_Type="text/plain; format=flowed"),
    "links": raw_mail(b"www.a.b " * 120_000),
    "half addresses": raw_mail(b"a@a." * 250_000),
    "qmail": raw_mail(b"qmail-send program" + b"\n<a@b.c>:\nx" * 90_000),
    "delivery status": raw_mail(
        b"--b\nContent-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * 60_000,
        Content_Type=MIXED,
    ),
    "parameters": raw_mail(Content_Type=b"text/plain" + b';a="' * 250_000),
    "verdicts": raw_mail(Authentication_Results=b"x; " + b"(" * 8_000 + b"dkim=pass " * 1_000),
    "date": raw_mail(Date=b"9" * MEGABYTE),
    "winmail.dat": raw_mail(
        b"\x78\x9f\x3e\x22\x01\x00" + b"\x01" + b"\0" * 10 * 90_000,
        Content_Type="application/ms-tnef",
    ),
}
HOSTILE_HTML = {
    "unclosed tags": "<a " * 333_000,
    "100,000 attributes": "<a " + " ".join(f"x{number}=1" for number in range(90_000)) + ">",
    "attributes by slashes": "<a " + "x/" * 490_000 + ">",
    "attributes that close the tag": "<a " + 'x=">"' * 190_000 + ">",
    "attributes behind a quote": '<a "> <b '
    + " ".join(f"x{number}" for number in range(90_000))
    + ' ">',
    "unquoted values": "<a/x=" * 200_000,
    "quotes": "<a x='" * 160_000,
    "comments": "<!--" * 250_000,
    "CDATA": "<![CDATA[" * 110_000,
    "less-than signs": "<" * MEGABYTE,
    "ampersands": "&" * MEGABYTE,
    "unclosed divisions": "<div>" * 200_000,
    "paragraphs": "<p>" * 330_000,
    "many elements": "<b>x</b>" * 120_000,
    "crossed elements": "<b><i><u></b></i></u>" * 6_000,
    "tables": "<table>" * 190 + "<p>" * 30_000,
    "titles": "<title>" * 39_000,
    "styles": "".join(
        f"<p style='color:#{number:06x};background:url(http://x/{number}'>x"
        for number in range(13_000)
    ),
    "brackets in styles": ('<p style="a:' + "('" * 1_900 + '">x') * 200,
    "image of 1 MB": '<img src="data:image/png;base64,' + "A" * 990_000 + '">',
    "image of lines": '<img src="data:image/png;base64,' + "AAAA\n" * 190_000 + '">',
    "20,000 images": '<img src="data:image/png;base64,iVBORw0KGgo=">' * 20_000,
    "unclosed images": 'src="data:image/png;base64,' * 37_000,
    "preformatted": "<pre>" * 100 + "x\n" * 400_000,
}


def seconds(function):
    """Return how long ``function`` keeps the processor busy, at best."""
    taken = []
    for _time in range(3):
        started = time.process_time()
        function()
        taken.append(time.process_time() - started)
    return min(taken)


class TestHostileMails(unittest.TestCase):
    def assertBounded(self, raw):
        started = time.monotonic()
        parsed = parse(raw, received_at=RECEIVED_AT)
        self.assertLess(time.monotonic() - started, SECONDS)
        self.assertEqual(unstorable(parsed), [])
        self.assertFalse([each for each in parsed.defects if "could not be parsed" in each])
        return parsed

    def test_hostile_mails_are_read_within_bounds(self):
        for name, raw in HOSTILE.items():
            with self.subTest(name):
                self.assertBounded(raw)

    def test_hostile_html_is_read_within_bounds(self):
        for name, text in HOSTILE_HTML.items():
            with self.subTest(name):
                self.assertLess(len(self.assertBounded(html(text)).body_html), 6 * MEGABYTE)

    def test_lines_that_are_no_fields_are_read_in_one_go(self):
        def cost(number):
            junk, far = b"junk\n" * number, b"Folded:" + b" a\n" * 400_000 + b"Subject: x\n"
            return seconds(lambda: parse_headers(b"To: ann@example.com\n" + junk + far))

        self.assertLess(cost(20), cost(1) * 6)

    def test_encoded_words_without_an_address_cost_little(self):
        encoded, plain = "=?a?q?b?=,", "=a=a=q=b==,"
        self.assertLess(
            seconds(lambda: parse_addresses(encoded * 100_000)),
            seconds(lambda: parse_addresses(plain * 100_000)) * 10,
        )

    def test_names_beyond_the_guesses_are_read_as_those_before(self):
        names = [f"Zażółć gęślą jaźń {number}" for number in range(300)]
        encoded = encoded_names(b"x", (name.encode("cp1250") for name in names))
        self.assertEqual([each.name for each in parse(raw_mail(To=encoded)).to], names)

    def test_memory_stays_within_bounds(self):
        for name in (
            "10,000 parts",
            "nested, and a body of lines",
            "10,000 recipients",
            "empty lines",
            "links",
        ):
            with self.subTest(name):
                tracemalloc.start()
                self.addCleanup(tracemalloc.stop)
                parse(HOSTILE[name])
                self.assertLess(tracemalloc.get_traced_memory()[1], 100 * MEGABYTE)
                tracemalloc.stop()

    def test_nothing_is_lost_by_too_many_parts(self):
        parsed = parse(parts(b"\r\nhello", 1_500, b"--b\r\n\r\nthe last words\r\n--b--"))
        self.assertIn("hello", parsed.body_text)
        self.assertIn(b"the last words", parsed.attachments[-1].content)

    def test_innermost_text_is_shown(self):
        self.assertIn("the innermost text", parse(nested(1_000)).body_text)

    def test_all_recipients_are_there(self):
        parsed = parse(HOSTILE["10,000 recipients"])
        self.assertEqual(
            (len(parsed.to), parsed.to[9_999].email, parsed.subject),
            (10_000, "n9999@example.com", "Offer"),
        )

    def test_long_ids_fit_into_an_index(self):
        parsed = parse(HOSTILE["message id of 5,000"])
        self.assertLessEqual(len(parsed.message_id), 250)
        self.assertLessEqual(len(parse(HOSTILE["100,000 references"]).references), 100)

    def test_headers_as_text_are_bounded(self):
        parsed = parse(HOSTILE["header of 1 MB"])
        self.assertLess(len(parsed.headers), 100_000)

    def test_a_mail_that_nobody_foresaw_is_shown_as_it_came(self):
        raw = raw_mail("the text")
        broken = unittest.mock.patch.object(
            parser, "_read_people", side_effect=RecursionError("deep")
        )
        with broken, self.assertLogs(parser.__name__, "ERROR"):
            parsed = parse(raw)
        self.assertIn("the text", parsed.body_text)
        self.assertIn("deep", parsed.defects[0])
        self.assertTrue(parsed.key and parsed.digest)
