"""The host's composer: whose From it may bear (``mail_message_sender.py``)."""

from odoo import models
from odoo.tools import email_normalize

from .mail_message_sender import GRANTED, Granted


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _compute_authorship(self):
        # asked when it is sent
        asked_later = self.with_context(**{GRANTED: Granted(all=True)})
        return super(MailComposeMessage, asked_later)._compute_authorship()

    def _action_send_mail_comment(self, res_ids):
        granted = self.with_context(**{GRANTED: Granted()})
        return super(MailComposeMessage, granted)._action_send_mail_comment(res_ids)

    def _manage_mail_values(self, mail_values_all):
        mail_values_all = super()._manage_mail_values(mail_values_all)
        if not self.env["mail.message"]._mail_import_asks_sender():
            return mail_values_all
        return {
            res_id: self._mail_import_own_sender(res_id, values)
            for res_id, values in mail_values_all.items()
        }

    def _mail_import_own_sender(self, res_id, values):
        own = self.env["mail.message"]._mail_import_own_sender(values)
        if own == values or not self._mail_import_is_of_template(res_id, values):
            return own
        granted = self.env.context.get(GRANTED)
        if isinstance(granted, Granted):
            granted.addresses.add(email_normalize(values["email_from"]))
        return values

    def _mail_import_is_of_template(self, res_id, values):
        """Whether a template that somebody else has made says so."""
        template, address = self.template_id, email_normalize(values.get("email_from") or "")
        if not address or not template.email_from or not template._mail_import_is_trusted():
            return False
        rendered = template._render_field("email_from", [res_id])[res_id]
        return email_normalize(rendered or "") == address
