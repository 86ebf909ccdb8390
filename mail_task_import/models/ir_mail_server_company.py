"""The company's mail servers that employees may write by, where an administrator says so.

What leaves by one bears the address that an administrator has allowed its writer
(``mail_import_may_send_as``). Whether it still may is asked once more when it leaves; who got it
and who did not is noted as for mailboxes.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..receivers.smtp import recorded
from .ir_mail_server_answers import RefusedRecipients


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    mail_import_shared = fields.Boolean(
        "Employees May Write by It",
        # not read along wherever the host reads servers
        prefetch=False,
        help="Employees choose it as the sender of their e-mails, each under the address that is "
        "entered for them in “Writes by the Company's Server as” of their user.",
    )

    @api.constrains("mail_import_shared", "owner_user_id")
    def _check_mail_import_shared(self):
        for server in self.filtered("mail_import_shared"):
            if server.owner_user_id or server.mail_import_mailbox_ids:
                raise ValidationError(
                    self.env._("“%s” is somebody's own, and not for everybody.", server.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        servers = super().create(vals_list)
        if any(vals.get("mail_import_shared") for vals in vals_list):
            self._mail_import_now_shared()
        return servers

    def write(self, vals):
        result = super().write(vals)
        if "mail_import_shared" in vals:
            self._mail_import_now_shared()
        return result

    def _mail_import_now_shared(self):
        """Whether anything of the host's concerns us is kept in memory (``_any``)."""
        self.env.registry.clear_cache()

    @api.model
    def _mail_import_shared_for(self, address):
        """The first shared server that sends mail from this address, or none."""
        # sudo: users do not read mail servers
        shared = self.sudo().search([("mail_import_shared", "=", True)], order="sequence, id")
        for server in shared:
            if self._match_from_filter(address, server.from_filter):
                return server
        return shared.browse()

    def send_email(self, message, mail_server_id=None, *args, smtp_session=None, **kwargs):
        email = self._mail_import_by_company(message, mail_server_id)
        if not email or args or self._disable_send():
            return super().send_email(
                message, mail_server_id, *args, smtp_session=smtp_session, **kwargs
            )
        email._check_leaves()
        session = smtp_session or self._connect__(
            mail_server_id=mail_server_id, smtp_from=message["From"]
        )
        taken, refused = [], {}
        try:
            with recorded(session, email._has_it_already(), taken, refused):
                super().send_email(message, mail_server_id, smtp_session=session, **kwargs)
        except MailDeliveryException:
            if not refused:
                raise
        finally:
            if not smtp_session:
                session.quit()
        self._mail_import_note(email, taken, refused)
        openly = email._refused_openly(refused)
        if openly:
            raise RefusedRecipients(", ".join(map(": ".join, openly.items())))
        return message["Message-Id"]

    def _mail_import_by_company(self, message, mail_server_id):
        """The e-mail that somebody has written here and that leaves by this server, or none."""
        emails = self.env["mail.import.email"]
        if not self.env["mail.import.mailbox"]._any():
            return emails
        # sudo: users do not read mail servers, and e-mails are the importer's
        server = self.sudo().browse(mail_server_id or ()).exists()
        if not server or server._mail_import_mailbox():
            return emails
        email = emails.sudo()._sent_as(message["Message-Id"])
        return email if email.sends_by == "company" else emails
