"""Mailings whose letters come back: counted in the mailing, and left out of the next one."""

from odoo import modules
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail_task_import.tests.bounce_reports import GMAIL, build_report
from odoo.addons.mail_task_import.tests.test_bounces import FULL, BounceCase
from odoo.addons.mail_task_import.tests.test_sending_broken import LOGGERS

ANN, BOB = "ann@news.example", "bob@news.example"


@tagged("post_install", "-at_install")
class TestBouncing(BounceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["mailing.contact"].create(
            [{"name": "Ann", "email": ANN}, {"name": "Bob", "email": BOB}]
        )

    def sent(self, refused="", **values):
        """``(mailing, {address: headers})`` of what left, in a transaction of its own."""
        # as at a commit; reports are read in transactions of theirs
        self.cr.flush()
        self.cr.clear()
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "mailing_model_id": self.env["ir.model"]._get_id("mailing.contact"),
                "mailing_domain": [("id", "in", self.people.ids)],
                "body_html": "<p>News</p>",
                "mail_server_id": self.server.id,
                **values,
            }
        )
        # as Odoo's own runner of tests says, so that nothing is committed
        self.patch(modules.module, "current_test", self)
        self.sink.clear()
        if refused:
            self.sink.refuse(refused)
        mailing.action_send_mail()
        self.env["mail.mail"].process_email_queue()
        left = {}
        for mail in self.sink.messages():
            head = mail.raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode()
            left[mail.recipients[0]] = head
        return mailing, left

    def traces(self, mailing):
        return {trace.email: trace for trace in mailing.mailing_trace_ids}

    def test_a_hard_bounce_is_counted_and_left_out_of_the_next(self):
        mailing, left = self.sent()
        self.assertEqual(set(left), {ANN, BOB})
        # its traces know where it went
        self.assertFalse(self.env["mail.import.dispatch"].search([]))
        self.report(left[ANN], address=ANN, form=GMAIL)
        trace = self.traces(mailing)[ANN]
        self.assertEqual(trace.trace_status, "bounce")
        self.assertIn("no such mailbox", trace.failure_reason)
        self.assertEqual(self.traces(mailing)[BOB].trace_status, "sent")
        self.assertEqual(self.people.mapped("message_bounce"), [1, 0])
        following, left = self.sent()
        self.assertEqual(set(left), {BOB})
        trace = self.traces(following)[ANN]
        self.assertEqual(trace.trace_status, "cancel")
        self.assertEqual(trace.failure_type, "mail_import_bounced")
        self.assertEqual(set(self.sent(use_exclusion_list=False)[1]), {ANN, BOB})

    def test_an_address_that_the_server_refuses_is_left_out_of_the_next(self):
        with mute_logger(*LOGGERS):
            mailing, left = self.sent(refused=ANN)
        self.assertEqual(set(left), {BOB})
        self.assertEqual(self.traces(mailing)[ANN].trace_status, "error")
        self.assertEqual(self.people.mapped("message_bounce"), [1, 0])
        following, left = self.sent()
        self.assertEqual(set(left), {BOB})
        self.assertEqual(self.traces(following)[ANN].failure_type, "mail_import_bounced")

    def test_soft_ones_are_left_out_after_the_third(self):
        for _time in range(3):
            _mailing, left = self.sent()
            self.assertIn(ANN, left)
            self.report(left[ANN], address=ANN, **FULL)
        self.assertEqual(set(self.sent()[1]), {BOB})

    def test_a_report_to_the_hosts_own_address_counts_once(self):
        mailing, left = self.sent()
        raw = build_report(left[ANN], address=ANN, to="bounce@company.example")
        for _time in range(2):
            self.env["mail.thread"].message_process(False, raw)
        self.report(left[ANN], address=ANN)
        self.assertEqual(self.traces(mailing)[ANN].trace_status, "bounce")
        self.assertEqual(self.people[0].message_bounce, 1)
        self.assertEqual(self.state(ANN).bounces, 1)

    def test_a_letter_to_somebody_else_flags_nobody(self):
        mailing, left = self.sent()
        self.report(left[ANN], address=BOB)
        self.assertEqual(set(mailing.mailing_trace_ids.mapped("trace_status")), {"sent"})
        self.assertFalse(self.state(BOB))
        self.assertEqual(set(self.sent()[1]), {ANN, BOB})

    def test_marketers_see_the_addresses_of_their_contacts(self):
        marketer = new_test_user(
            self.env, "marketer", "base.group_user,mass_mailing.group_mass_mailing_user"
        )
        _mailing, left = self.sent()
        self.report(left[ANN], address=ANN)
        headers = self.draft(to="lawyer@secret.example", mailbox=self.own, user=self.boss)
        self.report(headers, mailbox=self.own, address="lawyer@secret.example")
        states = self.states.with_user(marketer)
        self.assertEqual(states.search([]).mapped("address"), [ANN])
        self.assertIn("An e-mail to ann@news.example came back on", states.search([]).told)
        with self.assertRaises(AccessError):
            states.search([]).write({"is_left_out": False})
        states.search([]).action_works_again()
        self.assertFalse(self.state(ANN))
        self.assertEqual(set(self.sent()[1]), {ANN, BOB})
