"""The host's outgoing queue: which of its mails are a mailbox's, and what became of them."""

from odoo import api, fields, models
from odoo.tools.mail import email_normalize_all


class MailMail(models.Model):
    _inherit = "mail.mail"

    mail_import_mailbox_id = fields.Many2one(
        "mail.import.mailbox", "Mailbox", index=True, ondelete="set null", readonly=True
    )

    @api.depends_context("uid")
    def _compute_display_name(self):
        """The host names a queued mail by its subject, also to who only reads its notification."""
        result = super()._compute_display_name()
        if self.env.uid != api.SUPERUSER_ID and self.env["mail.import.mailbox"]._any():
            mine = self.sudo(False)._origin
            for mail in self.browse((mine - mine._filtered_access("read")).ids):
                mail.display_name = False
        return result

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        mails._check_mailbox_servers()
        return mails

    def write(self, vals):
        result = super().write(vals)
        if "mail_server_id" in vals:
            self._check_mailbox_servers()
        return result

    def _check_mailbox_servers(self):
        """A mailbox's server is used by those who may send from it, whoever names it."""
        if not self.env["mail.import.mailbox"]._any():
            return
        for mail in self.sudo():
            mailbox = mail.mail_server_id.mail_import_mailbox_ids[:1]
            if not mailbox:
                continue
            if mail._is_mailing_of_others(mailbox):
                mail.mail_server_id = False
                continue
            if self.env.uid != api.SUPERUSER_ID:
                mailbox.with_user(self.env.user)._check_may_send()
                mailbox.with_user(self.env.user)._check_letters_outside(mail._mail_import_to())
            if mail.mail_import_mailbox_id != mailbox:
                mail.mail_import_mailbox_id = mailbox

    def _mail_import_to(self):
        """Addresses of all its recipients."""
        people = self.recipient_ids.mapped(lambda person: person.email or "")
        return email_normalize_all(", ".join([self.email_to or "", self.email_cc or "", *people]))

    def _is_mailing_of_others(self, mailbox):
        """The scheduler sends mass mailings: who wrote one must be a sender, else it leaves by
        the host's own choice. Refusing it would stop the mailings of everybody else.
        """
        mailing = "mailing_id" in self._fields and self.mailing_id
        if not mailing:
            return False
        people = (mailing.create_uid | mailing.write_uid).filtered(
            lambda user: user.id != api.SUPERUSER_ID
        )
        return not all(mailbox._may_send(user) for user in people)

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        if self.env["mail.import.mailbox"]._any():
            # sudo: states of e-mails are the importer's, whoever runs the queue
            emails = self.env["mail.import.email"].sudo()
            reasons = filter(None, self.mapped("failure_reason"))
            reason = failure_reason or ", ".join(dict.fromkeys(reasons))
            emails._note_sent(self.mail_message_id, failure_type, reason)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
