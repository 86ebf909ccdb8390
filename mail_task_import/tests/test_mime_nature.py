"""Who is behind a mail: a person, a list, a machine, a mail server; and who vouches for it."""

import unittest

from odoo.addons.mail_task_import.mime.parsed_mail import Address

from .test_mime_common import mail, multipart

GROUP = {
    "From": "'Ann Doe' via Support <support@example.org>",
    "To": "support@example.org",
    "Reply_To": "Ann Doe <ann@example.com>",
    "List_Id": "<support.example.org>",
    "List_Post": "<https://groups.google.com/a/example.org/group/support/post>,"
    " <mailto:support@example.org>",
    "List_Unsubscribe": "<mailto:googlegroups-manage+1+unsubscribe@googlegroups.com>",
    "Precedence": "list",
}
REPORT = 'multipart/report; report-type=delivery-status; boundary="b"'


class TestAutomatic(unittest.TestCase):
    def assertNature(self, expected, **headers):
        self.assertEqual(mail(**headers).automatic, expected, headers)

    def test_people(self):
        self.assertNature("")
        self.assertNature("", Auto_Submitted="no")
        self.assertNature("", Subject="Out of office on Friday?")
        self.assertNature("", Return_Path="<ann@example.com>")

    def test_a_request_not_to_answer_is_no_sign(self):
        self.assertNature("", X_Auto_Response_Suppress="All")
        self.assertNature("", X_Auto_Response_Suppress="OOF, AutoReply")

    def test_auto_replies(self):
        self.assertNature("auto_reply", Auto_Submitted="auto-replied")
        self.assertNature("auto_reply", Auto_Submitted="auto-replied (vacation)")
        self.assertNature("auto_reply", Auto_Submitted="Auto-Replied; owner-email=x")
        self.assertNature("auto_reply", X_Autoreply="yes")
        self.assertNature("auto_reply", X_Autorespond="Away")
        self.assertNature("auto_reply", Precedence="auto_reply")
        self.assertNature("", X_Autoreply="no")

    def test_exchange_out_of_office(self):
        for subject in (
            "Automatic reply: Offer",
            "Automatische Antwort: Angebot",
            "Out of Office: x",
            "Автоответ: да",
        ):
            self.assertNature(
                "auto_reply",
                Subject=subject,
                Auto_Submitted="auto-generated",
                X_Auto_Response_Suppress="All",
            )
            self.assertNature("auto_reply", Subject=subject, X_Auto_Response_Suppress="All")
            self.assertNature("auto_reply", Subject=subject, Return_Path="<>")

    def test_generated(self):
        self.assertNature("auto_generated", Auto_Submitted="auto-generated")
        self.assertNature("auto_generated", Auto_Submitted="auto-notified")
        self.assertNature("auto_generated", Return_Path="<>")
        self.assertNature("auto_generated", From="MAILER-DAEMON@example.com")
        self.assertNature("auto_generated", From="Postmaster <postmaster@example.com>")

    def test_read_receipt_is_generated(self):
        parsed = multipart(
            ("Content-Type: text/plain", "read"),
            (
                "Content-Type: message/disposition-notification",
                "Disposition: manual-action/x; displayed",
            ),
            Content_Type='multipart/report; report-type=disposition-notification; boundary="b"',
        )
        self.assertEqual((parsed.automatic, parsed.bounce), ("auto_generated", None))

    def test_lists_and_bulk(self):
        self.assertNature("list", List_Id="Dev <dev.lists.example.net>")
        self.assertNature("list", Precedence="list")
        self.assertNature("bulk", Precedence="bulk")
        self.assertNature("bulk", List_Unsubscribe="<https://example.com/u>")

    def test_list_id_and_addresses(self):
        parsed = mail(
            List_Id='"Dev, the list" <Dev.lists.example.net>',
            List_Post="<mailto:dev@lists.example.net>",
        )
        self.assertEqual(parsed.list_id, "dev.lists.example.net")
        self.assertEqual(parsed.list_addresses, ["dev@lists.example.net"])


class TestGroupAddresses(unittest.TestCase):
    def test_own_google_group_is_no_list_and_the_sender_is_ann(self):
        parsed = mail(own=["Support@example.org"], **GROUP)
        self.assertEqual(parsed.sender, Address("Ann Doe", "ann@example.com"))
        self.assertEqual(parsed.from_.email, "support@example.org")
        self.assertEqual(parsed.automatic, "")

    def test_google_names_the_sender_itself(self):
        headers = GROUP | {"Reply_To": "support@example.org"}
        for name in ("X_Original_From", "X_Original_Sender"):
            parsed = mail(own=["support@example.org"], **headers, **{name: "ann@example.com"})
            self.assertEqual(parsed.sender, Address("Ann Doe", "ann@example.com"), name)

    def test_group_that_rewrites_nothing(self):
        headers = GROUP | {
            "From": "Ann Doe <ann@example.com>",
            "X_Original_Sender": "other@example.net",
        }
        parsed = mail(own=["support@example.org"], **headers)
        self.assertEqual((parsed.sender.email, parsed.automatic), ("ann@example.com", ""))

    def test_own_group_known_by_its_list_id_only(self):
        headers = {"List_Id": "<first.last.example.org>", "To": "first.last@example.org"}
        parsed = mail(own=["first.last@example.org"], **headers)
        self.assertEqual(
            (parsed.automatic, parsed.list_addresses), ("", ["first.last@example.org"])
        )

    def test_group_of_others_is_a_list(self):
        self.assertEqual(mail(own=["info@example.org"], **GROUP).automatic, "list")

    def test_machine_that_writes_to_the_group_stays_a_machine(self):
        self.assertEqual(
            mail(own=["support@example.org"], **GROUP, Auto_Submitted="auto-replied").automatic,
            "auto_reply",
        )

    def test_copies_by_group_and_directly_have_one_key(self):
        direct = mail(From="Ann Doe <ann@example.com>", To="support@example.org")
        self.assertEqual(mail(own=["support@example.org"], **GROUP).key, direct.key)

    def test_nobody_becomes_another_without_a_list(self):
        parsed = mail(
            own=["info@example.org"],
            X_Original_From="boss@example.org",
            Reply_To="boss@example.org",
        )
        self.assertEqual(parsed.sender.email, "ann@example.com")
        website = mail(
            own=["info@example.org"], From="info@example.org", Reply_To="visitor@example.net"
        )
        self.assertEqual(website.sender.email, "info@example.org")

    def test_the_pass_of_a_group_is_no_pass_of_its_sender(self):
        verdict = "mx.example.org; dmarc=pass header.from=example.org"
        parsed = mail(
            own=["support@example.org"],
            **GROUP,
            X_Original_From="boss@example.org",
            Authentication_Results=verdict,
        )
        self.assertFalse(parsed.authentication[0].passed)


class TestBounces(unittest.TestCase):
    def report(
        self,
        status,
        returned=(
            "Content-Type: message/rfc822",
            "Message-ID: <7@x>\nReferences: <5@x> <6@x>\n\nhi",
        ),
    ):
        return multipart(
            ("Content-Type: text/plain", "Sorry."),
            ("Content-Type: message/delivery-status", status),
            returned,
            Content_Type=REPORT,
            From="MAILER-DAEMON@mx.example.net",
            Return_Path="<>",
        )

    def test_hard_bounce(self):
        parsed = self.report(
            "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; Bob@Example.com\r\n"
            "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no\r\n such user"
        )
        bounce = parsed.bounce
        self.assertEqual(parsed.automatic, "bounce")
        self.assertEqual(
            (bounce.recipients, bounce.status, bounce.hard), (["bob@example.com"], "5.1.1", True)
        )
        self.assertEqual(bounce.diagnostic, "550 5.1.1 no such user")
        self.assertEqual(bounce.original_message_ids, ["<7@x>", "<6@x>", "<5@x>"])

    def test_full_mailbox_is_a_soft_bounce(self):
        bounce = self.report(
            "X: y\n\nFinal-Recipient: rfc822; b@x.com\nAction: failed\nStatus: 4.2.2"
        ).bounce
        self.assertEqual((bounce.hard, bounce.delayed), (False, False))

    def test_delay_has_not_bounced(self):
        bounce = self.report(
            "X: y\n\nFinal-Recipient: rfc822; b@x.com\nAction: delayed\nStatus: 4.4.1"
        ).bounce
        self.assertEqual(
            (bounce.hard, bounce.delayed, bounce.recipients), (False, True, ["b@x.com"])
        )

    def test_address_before_it_was_forwarded_is_named(self):
        bounce = self.report(
            "X: y\n\nOriginal-Recipient: rfc822;bob@example.com\n"
            "Final-Recipient: rfc822;bob@inner.example.com\nAction: failed\nStatus: 5.0.0"
        ).bounce
        self.assertEqual(bounce.recipients, ["bob@example.com"])

    def test_headers_alone_are_returned(self):
        bounce = self.report(
            "X: y\n\nFinal-Recipient: rfc822;b@x.com\nAction: failed\nStatus: 5.0.0",
            ("Content-Type: text/rfc822-headers", "Subject: x\nMessage-ID: <9@x>"),
        ).bounce
        self.assertEqual(bounce.original_message_ids, ["<9@x>"])

    def test_delivered_is_no_bounce(self):
        parsed = self.report(
            "X: y\n\nFinal-Recipient: rfc822;b@x.com\nAction: delivered\nStatus: 2.0.0"
        )
        self.assertIsNone(parsed.bounce)
        self.assertEqual(parsed.automatic, "auto_generated")

    def test_qmail(self):
        parsed = mail(
            "Hi. This is the qmail-send program at mx.example.net.\n"
            "I'm afraid I wasn't able to deliver your message\n\n"
            "<bob@example.com>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            "--- Below this line is a copy of the message.\n\n"
            "Return-Path: <a@b.c>\nMessage-ID: <7@x>\n\nhi\n",
            From="MAILER-DAEMON@mx.example.net",
        )
        self.assertEqual(parsed.automatic, "bounce")
        self.assertEqual(
            (parsed.bounce.recipients, parsed.bounce.status), (["bob@example.com"], "5.1.1")
        )
        self.assertEqual(parsed.bounce.original_message_ids, ["<7@x>"])

    def test_exim(self):
        parsed = mail(
            "This message was created automatically by mail delivery software.\n\n"
            "A message that you sent could not be delivered\n\n"
            "  bob@example.com\n    550 unknown user\n\n"
            "------ This is a copy ------\n\nMessage-Id: <7@x>\n",
            From="Mailer-Daemon@mx.example.net",
            X_Failed_Recipients="bob@example.com",
        )
        bounce = parsed.bounce
        self.assertEqual(
            (bounce.recipients, bounce.hard, bounce.diagnostic),
            (["bob@example.com"], True, "550 unknown user"),
        )
        self.assertEqual(bounce.original_message_ids, ["<7@x>"])

    def test_exim_still_trying(self):
        parsed = mail(
            "A message that you sent has not yet been delivered to all recipients\n\n"
            "  bob@example.com\n    timeout\n",
            From="Mailer-Daemon@mx.example.net",
        )
        self.assertEqual((parsed.bounce.delayed, parsed.bounce.hard), (True, False))

    def test_person_who_quotes_a_bounce_has_not_bounced(self):
        self.assertIsNone(
            mail("> A message that you sent could not be delivered\nWhat is this?").bounce
        )


class TestAuthentication(unittest.TestCase):
    def verdict(self, value, **headers):
        return mail(Authentication_Results=value, **headers).authentication[0]

    def test_dmarc_pass(self):
        verdict = self.verdict(
            "MX.example.org (x); dmarc=pass (p=NONE; sp=x) header.from=example.com"
        )
        self.assertEqual(
            (verdict.server, verdict.passed, verdict.failed), ("mx.example.org", True, False)
        )
        self.assertEqual(verdict.summary, "dmarc=pass")

    def test_aligned_dkim_or_spf_pass(self):
        self.assertTrue(self.verdict("mx; dkim=pass header.d=example.com").passed)
        self.assertTrue(self.verdict("mx; dkim=pass header.i=@mail.example.com").passed)
        self.assertTrue(self.verdict("mx; spf=pass smtp.mailfrom=bounce@news.example.com").passed)
        self.assertTrue(self.verdict("mx 1; spf=pass smtp.mailfrom=example.com").passed)

    def test_pass_of_another_domain_is_none(self):
        for value in (
            "mx; dkim=pass header.d=evil.net",
            "mx; dkim=pass header.d=notexample.com",
            "mx; dkim=pass header.d=com",
            "mx; spf=pass smtp.mailfrom=example.com.evil.net",
            "mx; dkim=pass",
            "mx; spf=pass smtp.helo=example.com",
            "mx; dmarc=pass header.from=evil.net",
            "mx; dmarc=pass header.from=sub.example.com",
            "mx; dmarc=pass header.from=com",
            "mx; dmarc=pass header.from=sub.example.com; dkim=pass header.d=sub.example.com",
            "mx; dmarc=none header.from=evil.net; dkim=pass header.d=example.com",
            "mx; dkim=fail (dkim=pass header.d=example.com)",
            "mx; dmarc=fail header.from=example.com; dkim=pass header.d=example.com",
        ):
            self.assertFalse(self.verdict(value).passed, value)

    def test_a_pass_of_the_organisation_speaks_for_the_domains_below_it(self):
        for below in ("mail.example.com", "example.com"):
            verdict = self.verdict("mx; dmarc=pass header.from=example.com", From=f"ann@{below}")
            self.assertTrue(verdict.passed, below)
        beside = self.verdict(
            "mx; dmarc=pass header.from=shop.example.com", From="ann@mail.example.com"
        )
        self.assertFalse(beside.passed)

    def test_names_sold_under_a_second_level(self):
        sender = {"From": "ann@shop.co.uk"}
        self.assertFalse(self.verdict("mx; dkim=pass header.d=evil.co.uk", **sender).passed)
        self.assertTrue(self.verdict("mx; dkim=pass header.d=mail.shop.co.uk", **sender).passed)

    def test_failures(self):
        self.assertTrue(self.verdict("mx; dmarc=fail header.from=example.com").failed)
        self.assertTrue(self.verdict("mx; spf=fail smtp.mailfrom=x.com; dkim=none").failed)
        self.assertFalse(
            self.verdict("mx; spf=fail smtp.mailfrom=x.com; dkim=pass header.d=x.com").failed
        )
        self.assertFalse(self.verdict("mx; none").failed)

    def test_order_is_that_of_the_header(self):
        parsed = mail(Authentication_Results="one; none\r\nAuthentication-Results: two; spf=fail")
        self.assertEqual([each.server for each in parsed.authentication], ["one", "two"])

    def test_several_authors_are_not_believed(self):
        verdict = "mx; dmarc=pass header.from=example.com"
        for senders in (
            "ann@example.com, boss@example.org",
            "boss@example.org\r\nFrom: ann@example.com",
        ):
            self.assertFalse(self.verdict(verdict, From=senders).passed)
            self.assertTrue(mail(From=senders).several_authors, senders)

    def test_one_author_however_often_is_one(self):
        for senders in (
            "ann@example.com",
            "Ann <ann@example.com>, ann@example.com",
            "Doe, Ann <a@x.example>",
        ):
            self.assertFalse(mail(From=senders).several_authors, senders)
