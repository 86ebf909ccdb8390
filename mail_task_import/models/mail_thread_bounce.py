"""Delivery reports and signs of life that come to the host's own gateway (``bounce@``)."""

from odoo import api, models
from odoo.tools import email_normalize

from ..access import as_superuser
from ..mime.message_id import parse_message_ids


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
            states = as_superuser(self.env["mail.import.address.state"])
            address = email_normalize(message_dict["email_from"])
            if states._of([address]) and states._answers(address, _named_by(email_message)):
                states._note_alive([address])
        return result


def _named_by(email_message):
    """Message-IDs of what it answers, newest first; no server is trusted here to check senders."""
    values = [
        str(value)
        for name in ("In-Reply-To", "References")
        for value in email_message.get_all(name, [])
    ]
    return list(dict.fromkeys(reversed(parse_message_ids(" ".join(reversed(values))))))
