"""Nobody sends from a mailbox that is not theirs, whichever way they name its server."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_access_common import AccessCase


@tagged("post_install", "-at_install")
class TestServersOfOthers(AccessCase):
    def setUp(self):
        super().setUp()
        self.private.write({"smtp_host": "smtp.company.example"})
        self.support.write({"smtp_host": "smtp.company.example"})
        self.server = self.private.mail_server_id
        self.task = self.env["project.task"].create(
            {"name": "Lamp", "project_id": self.project.id, "partner_id": self.customer.id}
        )
        self.env.flush_all()

    def sent_by(self, server):
        return self.env["mail.mail"].search([("mail_server_id", "=", server.id)])

    def assertNotSent(self, ask):
        """It is refused, or leaves by another server."""
        before = self.sent_by(self.server)
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.models"):
                ask()
                self.env.flush_all()
        except UserError:
            pass
        self.assertEqual(self.sent_by(self.server), before)

    def forged(self, **values):
        return {
            "mail_server_id": self.server.id,
            "email_from": "boss@company.example",
            "reply_to": "boss@company.example",
            **values,
        }

    def test_a_post_names_no_server_of_others(self):
        task = self.as_user(self.task, self.agent)
        for author in (self.agent, self.boss):
            self.assertNotSent(
                lambda a=author: task.message_post(
                    body="Pay",
                    partner_ids=self.customer.ids,
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    author_id=a.partner_id.id,
                    mail_server_id=self.server.id,
                    email_from="boss@company.example",
                )
            )

    def test_a_message_is_not_written_onto_it_either(self):
        message = self.as_user(self.task, self.agent).message_post(body="x")
        self.assertRefused(lambda: message.write({"mail_server_id": self.server.id}))
        Message = self.as_user(self.env["mail.message"], self.agent)
        self.assertRefused(
            lambda: Message.create(self.forged(model="project.task", res_id=self.task.id, body="x"))
        )

    def test_the_composer_names_no_server_of_others(self):
        Composer = self.as_user(self.env["mail.compose.message"], self.agent)
        for mode in ("comment", "mass_mail"):
            self.assertNotSent(
                lambda m=mode: Composer.create(
                    self.forged(
                        model="project.task",
                        res_ids=repr(self.task.ids),
                        composition_mode=m,
                        body="Pay",
                        subject="Pay",
                        partner_ids=self.customer.ids,
                    )
                )._action_send_mail()
            )

    def test_the_queue_takes_no_mail_for_it(self):
        for user in (self.administrator, self.mail_administrator, self.agent):
            Mail = self.as_user(self.env["mail.mail"], user)
            self.assertNotSent(
                lambda M=Mail: M.create(self.forged(email_to="x@y.example", body_html="x"))
            )
        mail = self.env["mail.mail"].create({"email_to": "x@y.example", "body_html": "x"})
        theirs = self.as_user(mail, self.administrator)
        self.assertNotSent(lambda: theirs.write({"mail_server_id": self.server.id}))

    def test_a_template_names_no_server_of_others(self):
        template = self.env["mail.template"].create(
            {
                "name": "Pay",
                "model_id": self.env["ir.model"]._get_id("project.task"),
                "subject": "Pay",
                "body_html": "Pay",
                "email_to": "x@y.example",
                "email_from": "boss@company.example",
                "mail_server_id": self.server.id,
            }
        )
        for user in (self.agent, self.administrator):
            mine = self.as_user(template, user)
            self.assertNotSent(lambda m=mine: m.send_mail(self.task.id))

    def test_a_mass_mailing_goes_not_out_by_it(self):
        if "mailing.mailing" not in self.env:
            self.skipTest("without mass mailing nobody can")
        marketer = self._employee(
            "marketer", "marketer@company.example", "mass_mailing.group_mass_mailing_user"
        )
        mailing = self.as_user(self.env["mailing.mailing"], marketer)
        self.assertNotSent(
            lambda: (
                mailing.create(
                    {
                        "subject": "Pay",
                        "body_html": "<p>Pay</p>",
                        "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                        "mail_server_id": self.server.id,
                        "mailing_domain": repr([("id", "=", self.customer.id)]),
                        "email_from": "boss@company.example",
                        "reply_to": "boss@company.example",
                    }
                )
                .sudo()
                .with_user(1)
                ._action_send_mail()
            )
        )

    def test_it_is_nobodys_fallback(self):
        IrMailServer = self.env["ir.mail_server"]
        servers = self.server | self.support.mail_server_id
        for sender in ("boss@company.example", "x@company.example", None):
            found, _from = IrMailServer._find_mail_server(sender)
            self.assertNotIn(found and found.id, servers.ids)

    def test_a_member_sends_from_the_group_and_a_colleague_does_not(self):
        server = self.support.mail_server_id
        for user, refused in ((self.agent, False), (self.reader, True)):
            task = self.as_user(self.task, user)
            self.assertEqual(
                refused,
                self.refused(
                    lambda t=task: t.message_post(
                        body="x",
                        partner_ids=self.customer.ids,
                        mail_server_id=server.id,
                        email_from="support@company.example",
                        message_type="comment",
                        subtype_xmlid="mail.mt_comment",
                    )
                ),
            )

    def test_nobody_answers_as_the_group_in_a_members_name(self):
        email = self.asked()
        task = self.as_user(self.record(email), self.reader)
        server = self.support.mail_server_id
        before = self.sent_by(server)
        self.refused(
            lambda: task.message_post(
                body="Pay",
                partner_ids=self.customer.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                author_id=self.agent.partner_id.id,
            )
        )
        self.env.flush_all()
        self.assertEqual(self.sent_by(server), before)

    def test_nobody_answers_as_the_group_by_having_the_scheduler_send_it(self):
        task = self.record(self.asked())
        message = self.as_user(task, self.reader).message_post(
            body="Pay",
            message_type="comment",
            author_id=self.agent.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
        message.sudo().subtype_id = self.env.ref("mail.mt_comment")
        person = {
            "share": True,
            "email_normalized": "ann@customer.example",
            "active": True,
            "name": "Ann",
            "id": self.customer.id,
            "type": "customer",
            "notif": "email",
        }
        # the scheduler is the superuser
        values = task.sudo()._notify_by_email_get_base_mail_values(message.sudo(), [person])
        self.assertNotEqual(values.get("mail_server_id"), self.support.mail_server_id.id)
        mine = self.as_user(task, self.agent).message_post(
            body="x", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        values = task.sudo()._notify_by_email_get_base_mail_values(mine.sudo(), [person])
        self.assertEqual(values.get("mail_server_id"), self.support.mail_server_id.id)

    def test_an_answer_tells_nothing_of_mail_that_only_its_owner_reads(self):
        task = self.record(self.asked(message_id="<open@customer.example>"))
        secret = self.confided("Bluebird", message_id="<bluebird@customer.example>", minutes_ago=1)
        self.env["mail.import.link"]._make_by_hand(secret, task)
        self.as_user(task, self.agent).message_post(
            body="Soon",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        answer = self.env["mail.import.email"].search([("direction", "=", "outgoing")])
        self.assertIn("open@customer.example", answer.references_text)
        self.assertNotIn("bluebird", repr(answer.read()).lower())

    def test_nobody_writes_or_sends_drafts_of_others(self):
        draft = (
            self.env["mail.import.email"]
            .with_user(self.boss)
            ._new_draft(self.private.with_user(self.boss), {"subject": "Mine", "to": "a@b.example"})
        )
        for user in self.outsiders | self.agent:
            mine = self.as_user(draft, user)
            for ask in (
                lambda m=mine: m.write({"subject": "x"}),
                lambda m=mine: m.action_send(),
                lambda m=mine: m.action_discard(),
                lambda m=mine: m.action_retry_send(),
                lambda m=mine: m.action_edit_failed(),
            ):
                self.assertRefused(ask, user.login)

    def test_a_draft_leaves_from_no_mailbox_of_others(self):
        draft = (
            self.env["mail.import.email"]
            .with_user(self.agent)
            ._new_draft(self.support.with_user(self.agent), {"subject": "x", "to": "a@b.example"})
        )
        mine = self.as_user(draft, self.agent)
        self.assertRefused(lambda: mine.write({"mailbox_id": self.private.id}))
        self.assertRefused(lambda: mine.write({"from_email": "boss@company.example"}))
