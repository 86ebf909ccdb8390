"""Mail that comes back: really sent, and reported in the forms of many mail servers."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .bounce_reports import NO_SUCH_USER, build_report
from .common import ServerCase, build_mail
from .test_files_of_mail import FilesCase

ANN, BOB = "ann@customer.example", "bob@customer.example"
FULL = {"status": "5.2.2", "words": "552 5.2.2 Mailbox full"}
PASS = "mx.company.example; dmarc=pass header.from=customer.example"


def number_of(headers):
    """The Message-ID among the headers of a mail that left."""
    line = next(line for line in headers.splitlines() if line.lower().startswith("message-id:"))
    return line.partition(":")[2].strip()


class BounceCase(ServerCase):
    """An agent whose answers leave by a real SMTP server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sales = cls._at_server(
            cls._mailbox("group", "sales@company.example", member_ids=cls.agent.ids)
        )
        cls.own = cls._at_server(
            cls._mailbox("personal", "boss@company.example", owner_id=cls.boss.id)
        )
        cls.server = cls.env["ir.mail_server"].create(
            {
                "name": "Company",
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.sink.port,
                "smtp_encryption": "none",
            }
        )
        cls.states = cls.env["mail.import.address.state"]
        cls.reports = 0

    def answer(self, partner=None, **values):
        """The headers of a mail that the agent sent to a customer from a chatter."""
        partner = partner or self.customer
        lead = self.env["crm.lead"].create(
            {"name": "Chairs", "type": "opportunity", "partner_id": partner.id}
        )
        self.sink.clear()
        self.message = lead.with_user(self.agent).message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=partner.ids,
            **values,
        )
        return self.left()

    def draft(self, to=ANN, mailbox=None, user=None, **more):
        """The headers of a draft that was sent; ``self.email`` is the e-mail."""
        mailbox, user = mailbox or self.support, user or self.agent
        entries = self.env["mail.import.entry"].with_user(user)
        action = entries.action_compose()
        self.email = entries.env["mail.import.email"].browse(action["res_id"])
        values = {"mailbox_id": mailbox.id, "to": to, "subject": "Chairs", "body": "Hi"}
        self.email.write({**values, **more})
        self.sink.clear()
        self.email.action_send()
        return self.left()

    def left(self):
        """Headers of the one mail that left, as they were sent."""
        self.env["mail.mail"].process_email_queue()
        (sent,) = self.sink.wait_for(1)
        return sent.raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode()

    def report(self, headers, mailbox=None, **options):
        """A report comes to a mailbox on a real server, which is read."""
        type(self).reports += 1
        mailbox = mailbox or self.support
        options = {"number": self.reports, "to": mailbox.address, **options}
        self.deliver(mailbox, build_report(headers, **options))
        self.assertIsNone(self.fetch(mailbox))
        self.env.invalidate_all()

    def state(self, address=ANN):
        return self.states.search([("address", "=", address)])

    def words(self):
        return self.customer.with_user(self.agent).mail_import_bounced


@tagged("post_install", "-at_install")
class TestHardBounces(BounceCase):
    def test_every_servers_report_flags_the_address(self):
        for name, (form, status, words) in NO_SUCH_USER.items():
            with self.subTest(server=name):
                self.states._note_alive([ANN])
                self.report(self.answer(), form=form, status=status, words=words)
                self.assertTrue(self.state().is_left_out)
                self.assertEqual(self.state().reason, "no_mailbox")
                self.assertEqual(self.customer.message_bounce, 1)

    def test_chatter_says_so_without_what_the_report_quotes(self):
        headers = self.answer()
        self.report(headers, words="550 5.1.1 no such user, ask boss@secret.example")
        notification = self.message.notification_ids
        self.assertEqual(notification.notification_status, "bounce")
        self.assertIn("no such mailbox", notification.failure_reason)
        self.assertNotIn("secret", notification.failure_reason)

    def test_the_e_mail_the_contact_and_the_lead_say_so(self):
        self.report(self.draft())
        self.assertTrue(self.email.has_bounced)
        self.assertIn(f"{ANN}: no such mailbox", self.email.with_user(self.agent).bounced)
        self.assertIn("no such mailbox", self.words())
        lead = self.env["crm.lead"].create({"name": "Chairs", "email_from": f"Ann <{ANN}>"})
        self.assertTrue(lead.with_user(self.agent).mail_import_left_out)

    def test_of_several_recipients_only_the_one_is_flagged(self):
        self.report(self.draft(to=f"{ANN}, {BOB}"), address=BOB)
        self.assertFalse(self.state())
        self.assertTrue(self.state(BOB).is_left_out)
        self.assertNotIn(ANN, self.email.bounced)

    def test_a_report_about_a_private_letter_comes_to_its_owner(self):
        headers = self.draft(mailbox=self.own, user=self.boss)
        self.report(headers, mailbox=self.own)
        self.assertTrue(self.state().is_left_out)
        self.assertTrue(self.email.has_bounced)

    def test_reports_that_a_filter_skips_count_too(self):
        self.env["mail.import.filter"].create(
            {
                "scope": "group",
                "mailbox_id": self.support.id,
                "destination": "skip",
                "sender": "mailer-daemon@mx.other.example",
            }
        )
        headers = self.draft()
        before = len(self.entries(self.support))
        self.report(headers)
        self.assertEqual(len(self.entries(self.support)), before)
        self.assertTrue(self.state().is_left_out)

    def test_it_makes_no_record_and_is_answered_by_nothing(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_task")
        self.support.default_project_id = self.project
        headers = self.draft()
        tasks = self.env["project.task"].search_count([])
        self.sink.clear()
        self.report(headers)
        self.assertEqual(self.env["project.task"].search_count([]), tasks)
        self.env["mail.mail"].process_email_queue()
        self.assertFalse(self.sink.messages())


@tagged("post_install", "-at_install")
class TestSoftBounces(BounceCase):
    def test_the_third_in_a_row_flags(self):
        for count in (1, 2, 3):
            self.report(self.answer(), **FULL)
            self.assertEqual(self.state().soft_bounces, count)
            self.assertEqual(self.state().is_left_out, count == 3)
        self.assertEqual(self.customer.message_bounce, 3)

    def test_their_number_is_a_setting(self):
        self.env["res.config.settings"].create({"mail_import_soft_bounces": 1}).execute()
        self.report(self.answer(), **FULL)
        self.assertTrue(self.state().is_left_out)

    def test_what_is_only_late_counts_nothing(self):
        self.report(self.answer(), action="delayed", status="4.4.1", words="timed out")
        self.assertFalse(self.state())
        self.assertFalse(self.customer.message_bounce)

    def test_what_was_not_wanted_flags_nobody(self):
        self.report(self.draft(), status="5.7.1", words="554 5.7.1 spam")
        self.assertFalse(self.state())
        self.assertIn("refused", self.email.bounced)

    def test_a_mail_from_there_that_is_vouched_for_ends_the_row(self):
        self.report(self.answer(), **FULL)
        self.receive(self.support, build_mail(text="I am back", Authentication_Results=PASS))
        self.assertFalse(self.state())
        self.assertFalse(self.customer.message_bounce)

    def test_an_answer_from_there_to_a_mail_of_ours_ends_the_row(self):
        headers = self.answer()
        self.report(headers, **FULL)
        self.receive(self.support, build_mail(text="I am back", in_reply_to=number_of(headers)))
        self.assertFalse(self.state())

    def test_an_answer_to_the_hosts_gateway_ends_the_row(self):
        headers = self.answer()
        self.report(headers, **FULL)
        for answered, remains in (("<guess@evil.example>", True), (number_of(headers), False)):
            raw = build_mail(text=answered, to="deals@company.example", in_reply_to=answered)
            self.env["mail.thread"].message_process("crm.lead", raw)
            self.assertEqual(bool(self.state()), remains)

    def test_an_automatic_mail_from_there_does_not(self):
        self.report(self.answer(), **FULL)
        self.receive(self.support, self.away())
        self.assertTrue(self.state())

    def away(self):
        return build_mail(text="Away", Auto_Submitted="auto-replied", Authentication_Results=PASS)

    def test_an_older_mail_from_there_does_not(self):
        self.report(self.answer())
        raw = build_mail(text="Before that", minutes_ago=60, Authentication_Results=PASS)
        self.receive(self.support, raw, history=True)
        self.assertTrue(self.state())

    def test_a_report_that_a_mail_arrived_does(self):
        self.report(self.answer())
        self.report(self.answer(), action="delivered", status="2.1.5", words="250 ok")
        self.assertFalse(self.state())


@tagged("post_install", "-at_install")
class TestOnce(BounceCase):
    def test_copies_in_several_mailboxes_count_once(self):
        headers = self.answer()
        for mailbox in (self.support, self.sales, self.own):
            self.report(headers, mailbox=mailbox, number=1000)
            self.report(headers, mailbox=mailbox)
        self.assertEqual(self.state().bounces, 1)
        self.assertEqual(self.customer.message_bounce, 1)

    def test_a_copy_at_the_hosts_gateway_counts_once(self):
        headers = self.answer()
        self.report(headers)
        self.hand_over(headers)
        self.assertEqual((self.state().bounces, self.customer.message_bounce), (1, 1))

    def test_the_hosts_gateway_alone_flags_too(self):
        headers = self.answer()
        self.hand_over(headers)
        self.report(headers)
        self.assertTrue(self.state().is_left_out)
        self.assertEqual((self.state().bounces, self.customer.message_bounce), (1, 1))

    def hand_over(self, headers):
        raw = build_report(headers, number=2000, to="bounce@company.example")
        self.env["mail.thread"].message_process(False, raw)
        self.env.invalidate_all()

    def test_a_copy_after_it_worked_again_does_not_flag(self):
        headers = self.answer()
        self.report(headers)
        self.customer.with_user(self.agent).action_mail_import_works_again()
        self.report(headers)
        self.assertFalse(self.state())

    def test_the_older_mail_of_the_thread_is_not_meant(self):
        first = self.answer()
        self.report(first)
        second = self.answer()
        chained = f"{second}\nReferences: {number_of(first)}"
        self.report(chained)
        self.report(chained)
        self.assertEqual(self.state().bounces, 2)


@tagged("post_install", "-at_install")
class TestForged(BounceCase, FilesCase):
    def assertNothing(self, *addresses):
        for address in addresses:
            self.assertFalse(self.state(address))
        self.assertFalse(self.customer.message_bounce)
        self.assertFalse(self.boss.partner_id.message_bounce)

    def test_a_mail_that_we_never_sent(self):
        self.report("From: support@company.example\nMessage-ID: <never@sent.example>")
        self.assertNothing(ANN)

    def test_an_address_that_it_did_not_go_to(self):
        self.report(self.answer(), address="boss@company.example")
        self.assertNothing(ANN, "boss@company.example")

    def test_a_mail_of_the_strangers_own(self):
        """Its number they know; it names us and a victim."""
        self.receive(
            self.support,
            build_mail(message_id="<mine@evil.example>", to=f"support@company.example, {ANN}"),
            build_mail(message_id="<yours@evil.example>", sender="support@company.example", to=ANN),
        )
        self.report("Message-ID: <mine@evil.example>")
        self.report("Message-ID: <yours@evil.example>")
        self.assertNothing(ANN)

    def test_a_mail_that_the_host_passed_on(self):
        """A follower got it under the number that the stranger gave it."""
        lead = self.env["crm.lead"].create({"name": "Chairs", "partner_id": self.customer.id})
        self.env["mail.message"].create(
            {
                "model": "crm.lead",
                "res_id": lead.id,
                "message_type": "email",
                "message_id": "<mine@evil.example>",
                "notification_ids": [
                    Command.create(
                        {
                            "res_partner_id": self.customer.id,
                            "notification_type": "email",
                            "notification_status": "sent",
                        }
                    )
                ],
            }
        )
        self.report("Message-ID: <mine@evil.example>")
        self.assertFalse(self.state())

    def test_a_mail_in_its_name_ends_nothing(self):
        """Whether nobody checked it, a server that is not ours did, or it answers a stranger."""
        self.report(self.answer())
        self.receive(self.support, build_mail(message_id="<mine@evil.example>", sender=BOB))
        for number, values in enumerate(
            (
                {},
                {"Authentication_Results": PASS.replace("mx.company", "mx.evil")},
                {"Authentication_Results": PASS.replace("pass", "fail")},
                {"in_reply_to": "<mine@evil.example>"},
                {"in_reply_to": number_of(self.answer(self.boss.partner_id))},
            )
        ):
            self.receive(self.support, build_mail(text=f"I am back {number}", **values))
            self.assertTrue(self.state().is_left_out, values)

    def test_a_report_that_somebody_brings_as_a_file(self):
        upload = self.imported(("report.eml", build_report(self.answer())), act=True)
        self.assertEqual(upload.stored_count, 1)
        self.assertNothing(ANN)


@tagged("post_install", "-at_install")
class TestLeavingOut(BounceCase):
    def news(self, partners, **values):
        return self.env["mail.mail"].create(
            [
                {
                    "email_from": "news@company.example",
                    "subject": "News",
                    "body_html": "<p>News</p>",
                    "mail_server_id": self.server.id,
                    "recipient_ids": [Command.set(partner.ids)],
                    "mail_import_marketing": True,
                    **values,
                }
                for partner in partners
            ]
        )

    def test_a_mailing_leaves_it_out_also_when_it_was_queued_before(self):
        bob = self.env["res.partner"].create({"name": "Bob", "email": BOB})
        headers = self.answer()
        mails = self.news(self.customer | bob)
        self.report(headers)
        self.sink.clear()
        mails.send()
        self.assertEqual([mail.recipients for mail in self.sink.messages()], [(BOB,)])
        cancelled = mails[0]
        self.assertEqual(cancelled.state, "cancel")
        self.assertIn("came back", cancelled.failure_reason)

    def test_a_template_for_mailings_leaves_it_out(self):
        self.report(self.answer())
        template = self.env["mail.template"].create(
            {
                "name": "News",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "News",
                "body_html": "<p>News</p>",
                "partner_to": "{{ object.id }}",
                "mail_import_marketing": True,
                "mail_server_id": self.server.id,
            }
        )
        self.sink.clear()
        template.send_mail(self.customer.id)
        self.assertFalse(self.send())

    def test_a_personal_letter_goes_and_says_so(self):
        self.report(self.answer())
        entries = self.env["mail.import.entry"].with_user(self.agent)
        draft = entries.env["mail.import.email"].browse(entries.action_compose()["res_id"])
        draft.write({"mailbox_id": self.support.id, "to": ANN, "subject": "Chairs", "body": "Hi"})
        self.assertIn("no such mailbox", draft.opted_out)
        self.sink.clear()
        draft.action_send()
        self.left()


@tagged("post_install", "-at_install")
class TestRights(BounceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "portal", "base.group_portal")
        cls.stranger = new_test_user(cls.env, "stranger", "base.group_public")

    def test_nobody_but_administrators_has_the_list(self):
        self.report(self.draft())
        for user in (self.stranger, self.portal, self.colleague, self.agent):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.states.with_user(user).search([])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.state().with_user(user).action_works_again()
        self.assertEqual(self.states.with_user(self.administrator).search([]), self.state())

    def test_nobody_reads_or_writes_what_was_counted(self):
        self.report(self.draft())
        report = self.env["mail.import.bounce.report"].search([("address", "=", ANN)])
        for user in (self.stranger, self.portal, self.agent, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                report.with_user(user).read(["address"])
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.states.with_user(self.administrator).has_access(operation))

    def test_whom_somebody_writes_to_in_private_is_not_listed(self):
        headers = self.draft(to="lawyer@secret.example", mailbox=self.own, user=self.boss)
        self.report(headers, mailbox=self.own, address="lawyer@secret.example")
        state = self.state("lawyer@secret.example")
        self.assertTrue(state.is_left_out)
        self.assertFalse(self.states.with_user(self.administrator).search([]))
        with self.assertRaises(AccessError):
            state.with_user(self.administrator).read(["address"])
        with self.assertRaises(AccessError):
            state.with_user(self.administrator).action_works_again()
        self.env["res.partner"].create({"name": "Lawyer", "email": "lawyer@secret.example"})
        self.assertEqual(self.states.with_user(self.administrator).search([]), state)

    def test_whom_somebody_writes_to_in_private_is_not_told_to_who_tries_the_address(self):
        headers = self.draft(to="lawyer@secret.example", mailbox=self.own, user=self.boss)
        self.report(headers, mailbox=self.own, address="lawyer@secret.example")
        opt_out = self.env["mail.import.opt.out"]
        for user in (self.agent, self.administrator):
            self.assertFalse(opt_out.with_user(user)._words(["lawyer@secret.example"]))
        told = opt_out.with_user(self.boss)._words(["lawyer@secret.example"])
        self.assertIn("no such mailbox", told)

    def test_the_e_mail_says_it_to_its_readers_alone(self):
        self.report(self.draft())
        with self.assertRaises(AccessError):
            self.email.with_user(self.colleague).read(["bounced"])
        with self.assertRaises(AccessError):
            self.email.with_user(self.administrator).read(["bounced"])

    def test_a_portal_user_does_not_read_the_mark(self):
        self.report(self.answer())
        partner = self.portal.partner_id
        partner.email = ANN
        with self.assertRaises(AccessError):
            partner.with_user(self.portal).read(["mail_import_bounced"])

    def test_who_may_not_change_the_contact_does_not_say_that_it_works(self):
        self.report(self.answer())
        with self.assertRaises(AccessError):
            self.customer.with_user(self.portal).action_mail_import_works_again()
        with self.assertRaises(AccessError):
            self.customer.with_user(self.colleague).action_mail_import_works_again()
        self.assertTrue(self.state().is_left_out)
        self.customer.with_user(self.agent).action_mail_import_works_again()
        self.assertFalse(self.state())
        self.assertFalse(self.customer.message_bounce)
