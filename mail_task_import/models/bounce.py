"""Bounces: handed to the host's own bounce handling, for mail that we did send."""

from odoo import api, models
from odoo.fields import Domain


class MailImportBounce(models.AbstractModel):
    _name = "mail.import.bounce"
    _description = "Delivery Reports"

    @api.model
    def _hand_over(self, batch):
        """A report counts only for a mail that we sent to that address."""
        for mail in batch.mails:
            bounce = mail.parsed.bounce
            if mail.state != "stored" or not bounce or bounce.delayed or batch.history:
                continue
            for address in bounce.recipients[:20]:
                if message := self._sent_to(address, bounce.original_message_ids):
                    self._count(mail, address, message)

    @api.model
    def _sent_to(self, address, message_ids):
        """The message of ours that went to this address, or none."""
        messages = self.env["mail.message"].search(
            [("message_id", "in", message_ids[:20])], order="id desc"
        )
        for message in messages:
            reached = set(message.notified_partner_ids.mapped("email_normalized"))
            reached.update(message.notification_ids.mapped("mail_email_address"))
            reached.update(message.partner_ids.mapped("email_normalized"))
            reached.update(self._written_to(message))
            if address in reached:
                return message
        return None

    @api.model
    def _written_to(self, message):
        emails = self.env["mail.import.email"].search(
            Domain("mail_message_id", "=", message.id) & Domain("direction", "=", "outgoing")
        )
        return emails._recipient_addresses()

    @api.model
    def _count(self, mail, address, message):
        partner = self.env["res.partner"].search([("email_normalized", "=", address)], limit=1)
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "bounced_email": address,
                "bounced_partner": partner,
                "bounced_msg_ids": mail.parsed.bounce.original_message_ids,
                "bounced_message": message,
                "body": mail.parsed.body_html,
                "email_from": str(mail.parsed.sender),
                "to": "",
                "message_id": mail.parsed.message_id,
            },
        )
