"""What mail that the mail server hands over says of its sender, and who may have written that."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import build_mail
from .test_forwarding import PASS, asked
from .test_virtual_addresses import IMPORTER, VirtualCase

RESULTS = b"Authentication-Results: mx.our.example; dmarc=pass header.from=company.example\r\n"
RECEIVED = b"Received: from x by mx.our.example with ESMTP; Sat, 21 Nov 2026 10:00:00 +0000\r\n"


@tagged("post_install", "-at_install")
class TestHandedOverSenders(VirtualCase):
    def setUp(self):
        super().setUp()
        self.desk.trusted_authserv_ids = "mx.our.example"
        # from a colleague; as it left the sender, who may have written anything
        raw = build_mail(sender="Boss <boss@company.example>", to="desk@our.example")
        self.sent = b"".join(
            line for line in raw.splitlines(True) if not line.startswith(b"Received")
        )

    def verdict(self, before):
        number = b"Message-ID: <%d." % len(self.entries(self.desk))
        self.hand_over(before + self.sent.replace(b"Message-ID: <", number))
        return self.entries(self.desk)[-1].verdict

    def removes_forged(self):
        self.env["ir.config_parameter"].set_param(
            "mail_task_import.gateway_removes_forged_results", "True"
        )

    def test_what_our_server_has_written_on_top_is_believed(self):
        self.assertEqual(self.verdict(RESULTS + RECEIVED), "pass")
        self.assertFalse(self.entries(self.desk).email_id.unverified)

    def test_what_may_be_the_senders_is_not(self):
        for before in (RESULTS, RECEIVED + RESULTS, RECEIVED + RESULTS + RECEIVED):
            with self.subTest(before):
                self.assertNotEqual(self.verdict(before), "pass")

    def test_where_the_server_removes_forged_ones_the_topmost_counts(self):
        self.removes_forged()
        self.assertEqual(self.verdict(RECEIVED + RESULTS), "pass")

    def test_a_forged_one_is_not_believed_after_the_quarantine(self):
        link = self.env.registry["mail.import.link"]
        with patch.object(link, "_store", side_effect=ValueError("no")), mute_logger(IMPORTER):
            self.hand_over(RECEIVED + RESULTS + self.sent)
        self.quarantined(self.desk).with_user(self.agent).action_retry()
        (entry,) = self.entries(self.desk)
        self.assertNotEqual(entry.verdict, "pass")

    def test_a_forged_request_to_allow_forwarding_is_none(self):
        self.desk.trusted_authserv_ids = "mx.company.example"
        requests = self.env["mail.import.forwarding"]
        forged = asked(to="desk@our.example", results=PASS)
        self.hand_over(RECEIVED + forged)
        self.assertEqual(len(self.entries(self.desk)), 1)
        self.assertFalse(requests.search([("mailbox_id", "=", self.desk.id)]))
