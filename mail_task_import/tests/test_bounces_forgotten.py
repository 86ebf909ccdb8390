"""Mail that Odoo deletes when it has left, as that of templates: what comes back counts."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .bounce_reports import build_report
from .test_bounces import ANN, BOB, BounceCase


class ForgottenCase(BounceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dispatches = cls.env["mail.import.dispatch"]
        cls.lead = cls.env["crm.lead"].create({"name": "Chairs", "email_from": BOB})

    def by_template(self, record, **values):
        """The headers of a mail that a template sent, with the host's defaults."""
        template = self.env["mail.template"].create(
            {
                "name": "Thanks",
                "model_id": self.env["ir.model"]._get_id(record._name),
                "subject": "Thanks",
                "body_html": "<p>Thank you</p>",
                "use_default_to": True,
                "mail_server_id": self.server.id,
                **values,
            }
        )
        self.sink.clear()
        self.mail = self.env["mail.mail"].browse(template.send_mail(record.id))
        self.message = self.mail.mail_message_id
        return self.left()

    def queued(self, **values):
        self.mail = self.env["mail.mail"].create(
            {
                "email_from": "sales@company.example",
                "subject": "Thanks",
                "body_html": "<p>Thank you</p>",
                "mail_server_id": self.server.id,
                "auto_delete": True,
                **values,
            }
        )
        self.sink.clear()
        return self.left()


@tagged("post_install", "-at_install")
class TestForgotten(ForgottenCase):
    def test_a_template_s_mail_to_a_contact(self):
        headers = self.by_template(self.customer)
        self.assertFalse(self.mail.exists() or self.message.exists())
        self.report(headers)
        self.assertTrue(self.state().is_left_out)
        self.assertEqual(self.customer.message_bounce, 1)
        self.assertIn("no such mailbox", self.words())

    def test_a_template_s_mail_to_a_lead_without_a_contact(self):
        headers = self.by_template(self.lead)
        self.assertFalse(self.message.exists())
        self.report(headers, address=BOB)
        self.assertTrue(self.state(BOB).is_left_out)
        self.assertEqual(self.lead.message_bounce, 1)

    def test_a_mail_to_no_record(self):
        headers = self.queued(email_to=f"Ann <{ANN.upper()}>", email_cc=BOB)
        self.report(headers, address=BOB)
        self.report(headers)
        self.assertTrue(self.state().is_left_out)
        self.assertTrue(self.state(BOB).is_left_out)
        self.assertEqual((self.customer.message_bounce, self.lead.message_bounce), (1, 1))

    def test_letters_to_many_that_are_kept_nowhere(self):
        composer = self.env["mail.compose.message"].create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": repr(self.customer.ids),
                "subject": "News",
                "body": "<p>News</p>",
                "auto_delete": True,
                "auto_delete_keep_log": False,
                "mail_server_id": self.server.id,
            }
        )
        self.sink.clear()
        mails, _messages = composer._action_send_mail()
        message = mails.exists().mail_message_id
        headers = self.left()
        self.assertFalse(mails.exists() or message.exists())
        self.report(headers)
        self.assertEqual(self.customer.message_bounce, 1)

    def test_one_that_is_kept_and_was_written_to_an_address(self):
        headers = self.by_template(
            self.project, auto_delete=False, use_default_to=False, email_to=ANN
        )
        self.assertTrue(self.message.exists())
        self.report(headers)
        self.assertTrue(self.state().is_left_out)
        self.assertEqual(self.customer.message_bounce, 1)

    def test_the_address_has_changed_since(self):
        headers = self.by_template(self.customer, auto_delete=False)
        self.customer.email = "ann@new.example"
        self.report(headers, address="ann@new.example")
        self.assertFalse(self.customer.message_bounce)
        self.report(headers)
        self.assertTrue(self.state().is_left_out)

    def test_copies_of_the_report_count_once(self):
        headers = self.by_template(self.customer)
        for mailbox in (self.support, self.sales):
            self.report(headers, mailbox=mailbox)
        raw = build_report(headers, number=3000, to="bounce@company.example")
        self.env["mail.thread"].message_process(False, raw)
        self.env.invalidate_all()
        self.assertEqual((self.state().bounces, self.customer.message_bounce), (1, 1))

    def test_an_address_that_it_did_not_go_to(self):
        self.report(self.by_template(self.customer), address=BOB)
        self.assertFalse(self.state(BOB))
        self.assertFalse(self.lead.message_bounce)

    def test_a_report_that_it_arrived_ends_it(self):
        self.report(self.by_template(self.customer))
        headers = self.by_template(self.customer)
        self.report(headers, action="delivered", status="2.1.5", words="250 ok")
        self.assertFalse(self.state())
        self.assertFalse(self.customer.message_bounce)

    def test_who_is_left_out_of_a_mailing_did_not_get_it(self):
        """A mail to several, one of whom is on the blacklist: the header names both."""
        self.env["mail.blacklist"]._add(BOB)
        headers = self.queued(email_to=f"{ANN}, {BOB}", mail_import_marketing=True)
        self.report(headers, address=BOB)
        self.assertFalse(self.state(BOB))
        self.report(headers)
        self.assertTrue(self.state())


@tagged("post_install", "-at_install")
class TestWhatIsKept(ForgottenCase):
    def test_it_holds_neither_address_nor_message_id(self):
        self.by_template(self.customer)
        (row,) = self.dispatches.search([]).read()
        self.assertEqual(set(row), {"id", "display_name", "digest", "sent_at"})
        self.assertRegex(row["digest"], r"^[0-9a-f]{16}$")

    def test_what_has_notifications_is_not_noted_again(self):
        self.answer()
        self.draft()
        self.assertFalse(self.dispatches.search([]))

    def test_a_template_s_mail_that_leaves_from_a_mailbox(self):
        server = self.support.mail_server_id
        self.report(
            self.by_template(
                self.customer, mail_server_id=server.id, email_from=self.support.address
            )
        )
        self.assertTrue(self.state().is_left_out)

    def test_several_recipients_are_noted_at_once(self):
        statements = []
        cursor = type(self.env.cr)
        execute = cursor.execute

        def noting(cr, query, *args, **kwargs):
            statements.append(str(query))
            return execute(cr, query, *args, **kwargs)

        self.patch(cursor, "execute", noting)
        mails = [f"friend-{number}@customer.example" for number in range(5)]
        self.env["mail.mail"].create(
            {
                "email_from": "sales@company.example",
                "subject": "Thanks",
                "body_html": "<p>Thank you</p>",
                "mail_server_id": self.server.id,
                "email_to": ", ".join(mails),
                "auto_delete": True,
            }
        ).send()
        written = [each for each in statements if "mail_import_dispatch" in each]
        self.assertEqual(len(written), 1)
        self.assertEqual(len(self.dispatches.search([])), 5)

    def test_a_mail_without_an_address_fails_as_the_host_has_it(self):
        values = {
            "email_from": "sales@company.example",
            "body_html": "<p>Thank you</p>",
            "mail_server_id": self.server.id,
        }
        mails = self.env["mail.mail"].create([{**values, "email_to": to} for to in ("nobody", "")])
        mails.send()
        self.assertEqual(set(mails.mapped("state")), {"exception"})
        self.assertLessEqual(
            set(mails.mapped("failure_type")), {"mail_email_missing", "mail_email_invalid"}
        )
        self.assertFalse(self.dispatches.search([]))

    def test_it_is_deleted_after_sixty_days(self):
        headers = self.by_template(self.customer)
        row = self.dispatches.search([])
        row.sent_at = fields.Datetime.subtract(fields.Datetime.now(), days=59)
        self.env.flush_all()
        self.dispatches._gc_old()
        self.assertTrue(row.exists())
        row.sent_at = fields.Datetime.subtract(fields.Datetime.now(), days=61)
        self.env.flush_all()
        self.dispatches._gc_old()
        self.assertFalse(row.exists())
        self.report(headers)
        self.assertFalse(self.state())

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_nobody_reads_or_writes_it(self):
        self.by_template(self.customer)
        row = self.dispatches.search([])
        portal = new_test_user(self.env, "portal", "base.group_portal")
        stranger = new_test_user(self.env, "stranger", "base.group_public")
        people = (stranger, portal, self.colleague, self.agent, self.boss, self.administrator)
        for user in people:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.dispatches.with_user(user).search([])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                row.with_user(user).read(["digest"])
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(row.with_user(user).has_access(operation))

    def test_the_rule_hides_it_from_who_is_given_rights(self):
        self.by_template(self.customer)
        self.env["ir.model.access"].create(
            {
                "name": "All",
                "model_id": self.env["ir.model"]._get_id("mail.import.dispatch"),
                "group_id": self.env.ref("base.group_system").id,
                "perm_read": True,
            }
        )
        self.assertTrue(self.dispatches.search([]))
        self.assertFalse(self.dispatches.with_user(self.administrator).search([]))
