"""What the reports of many mail servers say, and what is made of their reasons."""

import time
import unittest

from odoo.addons.mail_task_import.mime.failures import judge, judge_refusal, without_others
from odoo.addons.mail_task_import.mime.parser import parse

from .bounce_reports import NO_SUCH_USER, POSTFIX, build_report

HEADERS = "From: support@company.example\nMessage-ID: <7@company.example>\nSubject: x"

HEADERS_PART = "\n\n--6F2.17/mx\nContent-Description: Undelivered"

HARD = [
    ("5.1.1", ""),
    ("5.1.2", "Host or domain name not found"),
    ("5.4.4", "Host or domain name not found. Name service error for name=nowhere.example"),
    ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound"),
    ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
    ("5.5.0", "550 5.5.0 Requested action not taken: mailbox unavailable"),
    ("5.7.1", "550 5.7.1 No such user!"),
    ("5.2.1", "The email account that you tried to reach is disabled"),
    ("5.0.0", "550 Unrouteable address"),
    ("", "550 no such user"),
    ("", "550 Message was not accepted -- invalid mailbox. Local mailbox x@mail.ru is unavailable"),
    ("5.0.0", "554 delivery error: dd This user doesn't have a yahoo.com account"),
]
SOFT = [
    ("4.4.1", "connect to mx.example[192.0.2.1]:25: Connection timed out"),
    ("4.2.2", "452 4.2.2 The email account that you tried to reach is over quota"),
    ("5.2.2", "552 5.2.2 Mailbox full"),
    ("5.0.0", "552 user has exceeded their mailbox quota"),
    ("5.1.1", "550 5.1.1 user unknown: mailbox is full"),
    ("5.2.1", "The user you are trying to contact is receiving mail at a rate that prevents more"),
    ("4.7.1", "greylisted, try again later"),
    ("5.4.6", "routing loop detected"),
    ("", ""),
]
REFUSED = [
    ("5.7.1", "554 5.7.1 Message rejected as spam"),
    ("5.7.26", "550 5.7.26 Unauthenticated email is not accepted due to the domain's DMARC policy"),
    ("5.3.4", "552 5.3.4 Message size exceeds fixed limit"),
    ("5.2.3", "Message too large"),
    ("5.6.0", "Invalid header"),
    ("5.1.8", "Sender address rejected: Domain not found"),
    ("5.1.7", "bad sender"),
    ("", "554 Blocked - see spam list"),
]

NOT_TAKEN = {
    "550 5.1.1 No such user": "hard",
    "550 5.1.1 <a@x>: Recipient address rejected: User unknown in relay recipient table": "hard",
    "550 5.1.1 <sender@relay.example>: User unknown": "hard",
    "550 no such user": "hard",
    "550 5.7.1 No such user!": "hard",
    "550 5.2.1 mailbox disabled": "hard",
    "550 5.1.2 <a@x.example>: Recipient address rejected: Domain not found": "hard",
    "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)": "hard",
    "552 5.2.2 Mailbox full": "soft",
    "452 4.2.2 The email account that you tried to reach is over quota": "soft",
    "450 4.1.1 <a@x.example>: Recipient address rejected: unverified address": "soft",
}
OF_OUR_SERVER = [
    "550 5.7.1 relaying denied",
    "554 5.7.1 <a@x.example>: Relay access denied",
    "550 relay not permitted",
    "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
    "530 5.7.0 Authentication required",
    "554 5.7.1 unknown user or password, log in first",
    "553 5.7.1 <b@x.example>: Sender address rejected: not owned by user joe",
    "450 4.1.8 <b@x.example>: Sender address rejected: Domain not found",
    "550 5.1.8 Access denied, bad outbound sender",
    "421 4.7.0 Too many messages, slow down",
    "450 4.7.1 rate limit exceeded",
    "452 4.5.3 too many recipients",
    "452 4.3.1 Insufficient system storage",
    "452 Requested action not taken: insufficient system storage",
    "451 4.3.0 Temporary lookup failure",
    "451 try again later",
    "450 4.2.0 <a@x.example>: Recipient address rejected: Greylisted",
    "550 5.4.5 Daily user sending limit exceeded",
    "550 5.4.5 Daily sending quota exceeded",
    "554 5.7.1 <a@x.example>: Recipient address rejected: Access denied",
    "554 5.7.1 Service unavailable; Client host [192.0.2.4] blocked",
    "550 5.7.1 Message rejected as spam",
    "552 5.3.4 Message too big",
    "504 5.5.2 <host>: Helo command rejected: need fully-qualified hostname",
    "250 2.1.5 OK",
    "",
]


class TestReasons(unittest.TestCase):
    def check(self, expected, cases):
        for status, words in cases:
            with self.subTest(status=status, words=words):
                self.assertEqual(judge(status, words)[0], expected)

    def test_nobody_is_there(self):
        self.check("hard", HARD)

    def test_somebody_may_be_there_another_time(self):
        self.check("soft", SOFT)

    def test_this_mail_was_not_wanted(self):
        self.check("refused", REFUSED)

    def test_our_own_server_knows_of_the_address(self):
        for reply, kind in NOT_TAKEN.items():
            with self.subTest(reply):
                self.assertEqual((judge_refusal(reply) or ("", ""))[0], kind)

    def test_our_own_servers_trouble_says_nothing_of_the_address(self):
        for reply in OF_OUR_SERVER:
            with self.subTest(reply):
                self.assertIsNone(judge_refusal(reply))

    def test_others_addresses_and_links_are_left_out(self):
        said = without_others(
            "550 <Ann@x.example> forwards to boss@secret.example, see https://x.example/?m=1 now",
            "ann@x.example",
        )
        self.assertEqual(said, "550 <Ann@x.example> forwards to …, see … now")

    def test_hostile_words_take_no_time(self):
        begin = time.monotonic()
        pieces = ("user ", "a@", "mailbox" * 3, "exceed ", "<" * 9, "no such such ", "host or ")
        for piece in pieces:
            words = piece * 200_000
            judge("5.0.0", words)
            judge("", words)
            judge_refusal(f"550 5.0.0 {words}")
            without_others(words, "a@b.example")
        self.assertLess(time.monotonic() - begin, 5)


class TestReports(unittest.TestCase):
    def report(self, *args, **options):
        return parse(build_report(HEADERS, *args, **options))

    def test_no_such_user_in_the_words_of_many_servers(self):
        for name, (form, status, words) in NO_SUCH_USER.items():
            with self.subTest(server=name):
                parsed = self.report(form=form, status=status, words=words)
                self.assertEqual(parsed.automatic, "bounce")
                (failure,) = parsed.bounce.failures
                self.assertEqual(failure.address, "ann@customer.example")
                self.assertEqual((failure.kind, failure.reason), ("hard", "no_mailbox"))
                self.assertEqual(parsed.bounce.original_message_ids[0], "<7@company.example>")

    def test_each_address_has_a_reason_of_its_own(self):
        second = (
            "\n\nFinal-Recipient: rfc822; bob@customer.example\nAction: failed\nStatus: 5.2.2\n"
            "Diagnostic-Code: smtp; 552 mailbox full"
        )
        form = POSTFIX.replace(HEADERS_PART, second + HEADERS_PART)
        failures = self.report(form=form).bounce.failures
        self.assertEqual(
            [(failure.address, failure.kind) for failure in failures],
            [("ann@customer.example", "hard"), ("bob@customer.example", "soft")],
        )

    def test_a_delivered_mail_has_a_receipt(self):
        parsed = self.report(action="delivered", status="2.1.5", words="250 ok")
        self.assertIsNone(parsed.bounce)
        self.assertEqual(parsed.receipt.recipients, ["ann@customer.example"])
        self.assertEqual(parsed.receipt.original_message_ids, ["<7@company.example>"])

    def test_a_mail_that_was_passed_on_has_none(self):
        self.assertIsNone(self.report(action="relayed", status="2.1.9", words="250 ok").receipt)

    def test_without_the_mail_what_the_report_answers_counts(self):
        raw = build_report("Subject: x", form=NO_SUCH_USER["gmail"][0])
        raw = raw.replace(b"In-Reply-To: ", b"In-Reply-To: <7@company.example>")
        self.assertEqual(parse(raw).bounce.original_message_ids, ["<7@company.example>"])
