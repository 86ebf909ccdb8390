"""Bounces: handed to the host's own bounce handling, for mail that we did send."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize

MAX_ADDRESSES = 20
MAX_IDS = 20


class MailImportBounce(models.AbstractModel):
    _name = "mail.import.bounce"
    _description = "Delivery Reports"

    @api.model
    def _hand_over(self, batch):
        """A report counts only for a mail that we sent to that address, and once."""
        for mail in batch.mails:
            bounce = mail.parsed.bounce
            if mail.state != "stored" or not bounce or bounce.delayed or batch.history:
                continue
            for address in bounce.recipients[:MAX_ADDRESSES]:
                if sent := self._sent_to(address, bounce.original_message_ids[:MAX_IDS]):
                    self._count(mail, address, *sent)

    @api.model
    def _sent_to(self, address, message_ids):
        """``(message, Message-ID)`` of our mail that went to this address, or None.

        The message is empty where it is a mailing's, whose messages are not kept.
        """
        messages = self.env["mail.message"].search(
            [("message_id", "in", message_ids)], order="id desc"
        )
        for message in messages:
            if address in self._reached_by(message) and not self._has_bounced(message, address):
                return message, message.message_id
        trace = self._mailing_trace(address, message_ids)
        return (messages.browse(), trace.message_id) if trace else None

    @api.model
    def _reached_by(self, message):
        """Addresses that a mail of this message went to; who read it in Odoo got none."""
        mailed = message.notification_ids.filtered(lambda n: n.notification_type == "email")
        reached = set(mailed.res_partner_id.mapped("email_normalized"))
        reached.update(filter(None, map(email_normalize, mailed.mapped("mail_email_address"))))
        reached.update(message.mail_ids.recipient_ids.mapped("email_normalized"))
        return reached | self._written_to(message)

    @api.model
    def _has_bounced(self, message, address):
        """Whether a report on this mail has been counted: who forges one can forge a hundred."""
        return any(
            address
            in (notification.res_partner_id.email_normalized, notification.mail_email_address)
            for notification in message.notification_ids
            if notification.notification_status == "bounce"
        )

    @api.model
    def _mailing_trace(self, address, message_ids):
        """The trace of a mass mailing to this address; counted once, as the host marks it."""
        if "mailing.trace" not in self.env or not message_ids:
            return None
        traces = self.env["mailing.trace"].search(
            [("message_id", "in", message_ids), ("trace_status", "!=", "bounce")]
        )
        return traces.filtered(lambda trace: email_normalize(trace.email) == address)[:1]

    @api.model
    def _written_to(self, message):
        emails = self.env["mail.import.email"].search(
            Domain("mail_message_id", "=", message.id) & Domain("direction", "=", "outgoing")
        )
        return emails._recipient_addresses()

    @api.model
    def _count(self, mail, address, message, message_id):
        partner = self.env["res.partner"].search([("email_normalized", "=", address)], limit=1)
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "bounced_email": address,
                "bounced_partner": partner,
                # not the others that the report names: the host believes each of them
                "bounced_msg_ids": [message_id],
                "bounced_message": message,
                "body": mail.parsed.body_html,
                "email_from": str(mail.parsed.sender),
                "to": "",
                "message_id": mail.parsed.message_id,
            },
        )
