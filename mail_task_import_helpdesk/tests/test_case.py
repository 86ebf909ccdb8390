"""Mail that becomes a case, and answers to cases."""

from odoo.tests import Form, tagged

from odoo.addons.mail_task_import.tests.common import MailImportCase, build_mail


@tagged("post_install", "-at_install")
class TestCase(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.target = cls.env.ref("mail_task_import_helpdesk.target_case")
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {"name": "Second level", "user_ids": cls.colleague.ids, "user_id": cls.boss.id}
        )
        cls.support.write(
            {"default_target_id": cls.target.id, "default_helpdesk_team_id": cls.team.id}
        )

    def _case(self, **values):
        (outcome,) = self.receive(self.support, build_mail(**values))
        return self.record(outcome.email)

    def test_mail_becomes_a_case_of_the_team(self):
        case = self._case(subject="Printer is dark", text="No lamp is on.")
        self.assertEqual(case._name, "helpdesk.ticket")
        self.assertEqual(case.name, "Printer is dark")
        self.assertNotEqual(case.number, "/")
        self.assertIn("No lamp is on.", case.description)
        self.assertEqual(case.partner_id, self.customer)
        self.assertEqual(case.team_id, self.team)
        self.assertTrue(case.stage_id)
        channel = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_email")
        self.assertEqual(case.channel_id, channel)

    def test_the_chatter_shows_the_mail_once_and_publicly(self):
        case = self._case(subject="Printer is dark")
        messages = case.message_ids.filtered(lambda message: message.message_type == "email")
        self.assertEqual(len(messages), 1)
        self.assertEqual(messages.author_id, self.customer)
        self.assertFalse(messages.is_internal or messages.subtype_id.internal)
        self.assertEqual(messages.subtype_id, self.env.ref("helpdesk_mgmt.hlp_tck_created"))

    def test_a_case_is_made_by_hand_in_the_team_of_the_mailbox(self):
        self.agent.group_ids |= self.env.ref("helpdesk_mgmt.group_helpdesk_user")
        self.team.user_ids |= self.agent
        self.support.default_target_id = False
        raw = build_mail(subject="Lamp", sender="Ben <ben@new.example>", text="No lamp is on.")
        (outcome,) = self.receive(self.support, raw)
        entry = outcome.entry.with_user(self.agent)
        self.support.default_target_id = self.target
        number = entry.action_convert()["res_id"]
        conversion = entry.env["mail.import.conversion"].browse(number)
        self.assertEqual(conversion.kind, "CASE")
        action = conversion.action_continue()
        with Form(entry.env["helpdesk.ticket"].with_context(**action["context"])) as form:
            self.assertEqual(form.partner_email, "ben@new.example")
        case = form.record
        self.assertEqual((case.name, case.team_id, case.user_id), ("Lamp", self.team, self.agent))
        self.assertIn("No lamp is on.", case.description)
        self.assertEqual(self.record(outcome.email), case)

    def test_people_named_in_cc_are_not_subscribed(self):
        case = self._case(cc="boss@company.example, colleague@company.example")
        followers = case.message_partner_ids
        self.assertFalse(followers & (self.boss | self.colleague).partner_id)

    def test_a_mail_without_subject_and_text_becomes_a_case_too(self):
        case = self._case(subject="", text="")
        self.assertTrue(case.name)
        self.assertNotEqual(case.number, "/")

    def test_an_unknown_sender_keeps_the_address(self):
        case = self._case(sender="Ben New <Ben@New.example>")
        self.assertFalse(case.partner_id)
        self.assertEqual(case.mail_import_address, "ben@new.example")

    def test_an_email_from_the_case_goes_to_its_customer_and_belongs_to_it(self):
        case = self._case(sender="Ben New <Ben@New.example>")
        self.support.write({"smtp_host": "127.0.0.1", "smtp_security": "none"})
        self.agent.group_ids |= self.env.ref("helpdesk_mgmt.group_helpdesk_user")
        case.user_id = self.agent
        action = case.with_user(self.agent).action_mail_import_write()
        draft = self.env["mail.import.email"].browse(action["res_id"])
        self.assertIn("ben@new.example", draft.to)
        self.assertEqual(self.record(draft), case)

    def test_an_answer_goes_to_the_case(self):
        case = self._case(message_id="<question@customer.example>")
        answer = self._case(
            subject="Re: Question", in_reply_to="<question@customer.example>", minutes_ago=1
        )
        self.assertEqual(answer, case)
        emails = case.message_ids.filtered(lambda message: message.message_type == "email")
        self.assertEqual(len(emails), 2)
        self.assertFalse(any(message.subtype_id.internal for message in emails))

    def test_an_answer_leaves_a_closed_case_as_the_host_has_it(self):
        case = self._case(message_id="<question@customer.example>")
        case.stage_id = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        closed = case.stage_id
        answer = self._case(in_reply_to="<question@customer.example>", minutes_ago=1)
        self.assertEqual(answer, case)
        self.assertEqual(case.stage_id, closed)

    def test_the_number_in_a_subject_finds_the_case(self):
        case = self._case()
        answer = self._case(subject=f"News [CASE-{case.id}]", minutes_ago=1)
        self.assertEqual(answer, case)


@tagged("post_install", "-at_install")
class TestCaseByAddress(MailImportCase):
    def setUp(self):
        super().setUp()
        self.target = self.env.ref("mail_task_import_helpdesk.target_case")

    def _ticket(self, **values):
        return self.env["helpdesk.ticket"].create({"name": "Lamp", "description": "dark", **values})

    def test_the_one_open_case_of_a_contact_takes_the_mail(self):
        ticket = self._ticket(partner_id=self.customer.id)
        (outcome,) = self.receive(self.support, build_mail())
        self.assertEqual(self.record(outcome.email), ticket)

    def test_an_address_written_with_name_and_capitals_is_found(self):
        ticket = self._ticket(partner_email="Ben <BEN@New.example>")
        (outcome,) = self.receive(self.support, build_mail(sender="ben@new.example"))
        self.assertEqual(self.record(outcome.email), ticket)

    def test_a_closed_case_is_not_found_by_address(self):
        closed = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
        self._ticket(partner_id=self.customer.id, stage_id=closed.id)
        (outcome,) = self.receive(self.support, build_mail())
        self.assertEqual(self.record(outcome.email), self.customer)

    def test_a_case_without_stage_is_open(self):
        ticket = self._ticket(partner_id=self.customer.id)
        ticket.stage_id = False
        self.assertIn(
            ticket,
            self.target._open_records(["ann@customer.example"], {}).get("ann@customer.example"),
        )


@tagged("post_install", "-at_install")
class TestForms(MailImportCase):
    def test_the_button_of_a_case_lists_its_mail(self):
        self.support.default_target_id = self.env.ref("mail_task_import_helpdesk.target_case")
        (outcome,) = self.receive(self.support, build_mail())
        case = self.record(outcome.email).with_user(self.agent)
        self.assertEqual(case.mail_import_link_count, 1)
        action = case.action_mail_import_links()
        links = self.env[action["res_model"]].with_user(self.agent).search(action["domain"])
        self.assertEqual(links.email_id, outcome.email)

    def test_the_forms_show_what_the_bridge_adds(self):
        case = self.env["helpdesk.ticket"].get_view(view_type="form")["arch"]
        self.assertIn("action_mail_import_links", case)
        mailbox = self.env["mail.import.mailbox"].get_view(view_type="form")["arch"]
        self.assertIn("default_helpdesk_team_id", mailbox)
        self.assertIn("helpdesk_team_ids", mailbox)
