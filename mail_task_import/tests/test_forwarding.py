"""Requests to allow forwarding, and mail that was forwarded."""

import time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..mime.forwarding import read_request
from ..mime.parser import parse
from ..receivers.signatures import _Silence
from .common import MailImportCase, build_mail
from .dns_server import Signer, names_of

LINK = "https://mail-settings.google.com/mail/vf-%5BANGjdJ8abc%5D-xyz_1"
TEXT = f"""ann@gmail.com has requested to automatically forward mail to your email
address support@company.example.
Confirmation code: 123456789

To allow ann@gmail.com to automatically forward mail to your address,
please click the link below to confirm the request:

{LINK}

If you did not want this: https://mail-settings.google.com/mail/uf-%5BANGjdJ8%5D
Learn more: https://support.google.com/mail/answer/184973
"""
PASS = "mx.company.example; dkim=pass header.d=google.com; dmarc=pass header.from=google.com"


def asked(text=TEXT, sender="Gmail Team <forwarding-noreply@google.com>", results=PASS, **more):
    subject = "(#987654321) Gmail Forwarding Confirmation - Receive Mail from ann@gmail.com"
    headers = {"Authentication_Results": results} if results else {}
    return build_mail(subject=subject, sender=sender, text=text, **headers, **more)


@tagged("post_install", "-at_install")
class TestForwardingRequests(MailImportCase):
    def requests(self, mailbox=None):
        mailbox = mailbox or self.support
        return self.env["mail.import.forwarding"].search([("mailbox_id", "=", mailbox.id)])

    def test_it_stands_on_the_mailbox_and_among_the_mail(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        (mail,) = self.receive(self.support, asked())
        request = self.support.with_user(self.agent).forwarding_ids
        self.assertEqual(
            (request.provider, request.account, request.code, request.link),
            ("Gmail", "ann@gmail.com", "987654321", LINK),
        )
        self.assertEqual(request.action_open_email()["res_id"], mail.entry.id)
        self.assertFalse(mail.email.link_ids)
        request.action_done()
        self.support.invalidate_recordset()
        self.assertFalse(self.support.with_user(self.agent).forwarding_ids)
        self.assertTrue(mail.entry.exists())

    def test_only_with_googles_signature(self):
        for results in (
            None,
            "mx.company.example; dkim=fail header.d=google.com; dmarc=fail",
            "mx.company.example; spf=pass smtp.mailfrom=google.com",
            "mx.company.example; dkim=pass header.d=evil.example; dmarc=fail",
            "mx.evil.example; dkim=pass header.d=google.com; dmarc=pass",
            # by Google's servers, and signed by somebody else
            "mx.company.example; spf=pass smtp.mailfrom=google.com; dkim=pass header.d=x.example",
        ):
            with self.subTest(results):
                (mail,) = self.receive(
                    self.support, asked(text=f"{TEXT}{results}", results=results)
                )
                self.assertEqual(mail.state, "stored")
                self.assertFalse(self.requests())

    def test_only_from_the_address_that_asks(self):
        for sender in ("Google <ann@google.com>", "forwarding-noreply@google.com.evil.example"):
            self.receive(self.support, asked(sender=sender))
            self.assertFalse(self.requests())

    def test_links_that_lead_elsewhere_are_not_shown(self):
        for link in (
            "https://mail-settings.google.com.evil.example/mail/vf-1",
            "https://mail-settings.google.com@evil.example/mail/vf-1",
            "https://evil.example/?https://mail.google.com/mail/vf-1",
            "https://evil.example\\@mail.google.com/mail/vf-1",
            "http://mail.google.com/mail/vf-1",
            "https://mail.google.com:8443/mail/vf-1",
            "javascript:alert(1)//https://evil.example/mail/vf-",
            # hosts of the provider that lead on, or where anybody has pages
            "https://www.google.com/url?q=https://evil.example/vf-1",
            "https://www.google.com/amp/s/evil.example/mail/vf-3",
            "https://sites.google.com/mail/vf-x",
            "https://mail.google.com/mail/vf-1/../../url?q=https://evil.example",
            "https://mail.google.com/mail/vf-1?continue=https%3A%2F%2Fevil.example",
            "https://mail.google.com/a/evil/mail/vf-1",
            "https://mail.google.com/mail/uf-1",
        ):
            with self.subTest(link):
                request = read_request(parse(asked(text=f"Confirmation code: 12345678\n{link}\n")))
                self.assertEqual((request.link, request.code), ("", "987654321"))

    def test_links_of_each_provider(self):
        for sender, good, bad in (
            (
                "forwarding-noreply@google.com",
                "https://mail.google.com/mail/u/0/vf-%5BAN%5D-x",
                "https://www.google.com/mail/vf-1",
            ),
            (
                "noreply@mail.ru",
                "https://e.mail.ru/forward/confirm?id=12&key=ab",
                "https://cloud.mail.ru/confirm",
            ),
            (
                "hello@yandex.ru",
                "https://mail.yandex.ru/confirm-forward?e=12",
                "https://mail.yandex.ru/re.jsx?confirm=1&h=https%253A%252F%252Fevil.example",
            ),
            (
                "no-reply@zoho.eu",
                "https://mail.zoho.eu/zm/verifyForward.do?d=1",
                "https://forms.zoho.eu/evil/verify",
            ),
        ):
            with self.subTest(sender):
                raw = asked(text=f"Code: 12345678\n{bad}\n{good}\n", sender=sender)
                self.assertEqual(read_request(parse(raw)).link, good)

    def test_old_mail_asks_nothing(self):
        self.receive(self.support, asked(), history=True)
        self.assertFalse(self.requests())

    def test_it_is_the_readers_alone(self):
        self.receive(self.support, asked())
        request = self.requests()
        for user in (self.colleague, self.administrator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                request.with_user(user).read(["link"])
            with self.assertRaises(AccessError):
                request.with_user(user).action_done()
            self.assertFalse(self.env["mail.import.forwarding"].with_user(user).search([]))
        with self.assertRaises(AccessError):
            request.with_user(self.agent).write({"link": "https://evil.example"})


@tagged("post_install", "-at_install")
class TestSignedRequests(MailImportCase):
    """No trusted server has looked: Google's signature itself tells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.google, cls.evil = Signer("google.com"), Signer("evil.example")

    def setUp(self):
        super().setUp()
        self.support.trusted_authserv_ids = False
        self.names = self.enterContext(names_of(self.google, self.evil))
        self.addCleanup(setattr, _Silence, "until", 0.0)

    def requests_after(self, raw, **options):
        (mail,) = self.receive(self.support, raw, **options)
        self.assertEqual(mail.state, "stored")
        return self.env["mail.import.forwarding"].search([("entry_id", "=", mail.entry.id)])

    def test_googles_own_signature_is_enough(self):
        signed = self.google.sign(asked(results=None))
        self.assertEqual(self.requests_after(signed).link, LINK)
        # odoo-mailgate reads text
        again = self.google.sign(asked(results=None, minutes_ago=9)).replace(b"\r\n", b"\n")
        self.assertEqual(self.requests_after(again).link, LINK)
        self.assertEqual(self.names.asked, [self.google.name] * 2)

    def test_what_the_sender_says_of_checking_servers_does_not_count(self):
        for number, results in enumerate((PASS, f"x; {PASS}")):
            self.assertFalse(self.requests_after(asked(results=results, minutes_ago=number)))
            forged = self.evil.sign(asked(results=results, minutes_ago=10 + number))
            self.assertFalse(self.requests_after(forged))
        self.assertFalse(self.names.asked, "only the provider's own keys are asked for")

    def test_a_signature_that_does_not_hold(self):
        whole = asked(results=None)
        for number, raw in enumerate(
            (
                self.google.sign(whole).replace(b"/mail/vf-", b"/mail/vf-evil"),
                self.google.sign(whole).replace(b"987654321", b"987654322"),
                self.google.sign(whole, headers=("from", "to")),
                self.google.sign(whole, length=True) + b"https://google.com/vf-evil\r\n",
                b"Subject: (#1111111) Another one\r\n" + self.google.sign(whole),
                b"From: forwarding-noreply@google.com\r\n" + self.google.sign(whole),
                Signer("google.com").sign(whole),
                Signer("google.com", "unknown").sign(whole),
                Signer("google.com.evil.example").sign(whole),
                self.google.sign(whole).replace(b"d=google.com", b"d=\xff.google.com"),
                self.google.sign(asked(text=TEXT + "\n" * 300, results=None)),
                self.google.sign(asked(text=TEXT + "word " * 20_000, results=None)),
            )
        ):
            with self.subTest(number):
                raw = raw.replace(b"Message-ID: <", b"Message-ID: <%d." % number)
                self.assertFalse(self.requests_after(raw))

    def test_hostile_ones_take_no_time(self):
        signature = b"DKIM-Signature: v=1; a=rsa-sha256; d=google.com; s=key; b=%s; bh=%s; h=%s\r\n"
        names = b":".join([b"from:to:subject", *(b"x%d" % number for number in range(6000))])
        begun = time.monotonic()
        for number, before in enumerate(
            (
                signature % (b"eA==", b"eA==", names),
                signature % (b"eA==", b"eA==", b"from:to:subject") + b"a:\r\n" * 10_000,
                signature % (b" " * 60_000, b"eA==", b"from:to:subject"),
                signature % (b"e \r\n " * 9000, b"eA==", b"from:to:subject"),
                signature % (b";b=" * 15_000, b"eA==", b"from:to:subject"),
                (signature % (b"eA==", b"eA==", b"from:to:subject")) * 400,
            )
        ):
            with self.subTest(number), mute_logger("dkimpy"):
                raw = before + asked(results=None, minutes_ago=number + 1)
                self.assertFalse(self.requests_after(raw))
        self.assertLess(time.monotonic() - begun, 20)

    def test_a_trusted_server_has_the_last_word(self):
        self.support.trusted_authserv_ids = "mx.company.example"
        failed = "mx.company.example; dkim=fail header.d=google.com; dmarc=fail"
        self.assertFalse(self.requests_after(self.google.sign(asked(results=failed))))
        self.assertFalse(self.names.asked)

    def test_without_an_answer_the_mail_is_there_and_asks_nothing(self):
        self.names.silent = True
        begun = time.monotonic()
        with mute_logger("odoo.addons.mail_task_import.receivers.signatures"):
            for number in range(5):
                signed = self.google.sign(asked(results=None, minutes_ago=number))
                self.assertFalse(self.requests_after(signed))
        self.assertLess(time.monotonic() - begun, 10, "DNS that is silent is left alone")


@tagged("post_install", "-at_install")
class TestForwardedMail(MailImportCase):
    def test_the_sender_is_who_wrote_it(self):
        """Gmail leaves From as it was, and notes whom it forwarded for."""
        raw = build_mail(
            to="office@gmail.com",
            X_Forwarded_To="support@company.example",
            X_Forwarded_For="office@gmail.com support@company.example",
            Delivered_To="office@gmail.com",
        )
        (mail,) = self.receive(self.support, raw)
        self.assertEqual(mail.email.from_email, "ann@customer.example")
        self.assertEqual(self.links(mail.email)._get_record(), self.customer)
