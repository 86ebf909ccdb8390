"""Delivery reports and signs of life that come to the host's own gateway (``bounce@``)."""

from odoo import api, models
from odoo.tools import email_normalize

from ..access import as_superuser


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """What we know to have sent is counted once, a copy in a mailbox included; the rest is the
        host's.
        """
        is_new = not self.env.context.get("mail_import_counted") and email_message is not None
        bounces = as_superuser(self.env["mail.import.bounce"])
        ours = is_new and self.env["mail.import.mailbox"]._any()
        if ours and bounces._take_from_host(email_message):
            return None
        return super()._routing_handle_bounce(email_message, message_dict)

    @api.model
    def _routing_reset_bounce(self, email_message, message_dict):
        result = super()._routing_reset_bounce(email_message, message_dict)
        if self.env["mail.import.mailbox"]._any():
            address = email_normalize(message_dict["email_from"])
            as_superuser(self.env["mail.import.address.state"])._note_alive([address])
        return result
