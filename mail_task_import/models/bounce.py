"""Delivery reports: whose mail came back, and what the host and the address's state learn of it.

A report counts only for a mail that we sent to that very address, and once for mail and address,
however many copies of it come in, and wherever (``bounce_report.py``). Whoever forges one has to
know the Message-ID of a mail that we wrote to that address: its recipients do, strangers do not.
"""

from dataclasses import dataclass
from typing import Any

from markupsafe import escape

from odoo import api, models
from odoo.tools import email_normalize
from odoo.tools.mail import email_normalize_all

from ..batch import FILTERED, STORED
from ..mime.failures import without_others
from ..mime.outside import Unreadable, parse_bounded
from .reference import digest_of

MAX_ADDRESSES = 20
MAX_IDS = 20
MAX_PARTNERS = 20
MAX_REPORT = 1_000_000
"""Bytes of a report that the host's own gateway shows us."""


@dataclass(slots=True)
class Sent:
    """A mail of ours that went to an address, by the rows that are left of it; any may be empty."""

    message_id: str
    message: Any
    emails: Any
    is_ours: bool
    """False where the Message-ID is that of a stranger's mail, which the host passed on."""


class MailImportBounce(models.AbstractModel):
    _name = "mail.import.bounce"
    _description = "Delivery Reports"

    # -- where they come from -------------------------------------------------------------------

    @api.model
    def _hand_over(self, batch):
        """Reports and signs of life among the mails of a batch. What somebody brings as a file
        is nobody's word but theirs, and a Sent folder holds no reports. A filter keeps a report
        out of sight; it says the same.
        """
        if batch.history or batch.sent:
            return
        arrived = [mail for mail in batch.mails if not mail.raw.brought]
        for mail in arrived:
            if mail.state in (STORED, FILTERED):
                self._take(mail.parsed)
        stored = [mail for mail in arrived if mail.state == STORED]
        self.env["mail.import.address.state"]._note_senders(stored)

    @api.model
    def _take(self, parsed):
        """Count what a mail reports; returns whether all of it has been counted by now."""
        bounce, receipt = parsed.bounce, parsed.receipt
        if receipt:
            self._take_receipt(receipt)
        if not bounce or bounce.delayed:
            return False
        counted = [
            self._take_failure(failure, bounce.original_message_ids, parsed)
            for failure in bounce.failures[:MAX_ADDRESSES]
        ]
        return bool(counted) and all(counted)

    @api.model
    def _take_receipt(self, receipt):
        states = self.env["mail.import.address.state"]
        for address in states._of(receipt.recipients[:MAX_ADDRESSES]).mapped("address"):
            if self._sent_to(address, receipt.original_message_ids):
                states._note_alive([address])

    @api.model
    def _take_failure(self, failure, message_ids, parsed):
        sent = self._sent_to(failure.address, message_ids)
        if not sent:
            return False
        said = without_others(failure.words, failure.address)
        # that a blind copy came back says to nobody that there was one
        blind = failure.address in sent.emails[:1]._bcc()
        emails = sent.emails.browse() if blind else sent.emails
        report = self.env["mail.import.bounce.report"]._once(
            sent.message_id,
            {
                "address": failure.address,
                "kind": failure.kind,
                "reason": failure.reason,
                "status": failure.status,
                "said": said,
                "email_id": emails[:1].id,
                "has_email": bool(sent.emails),
            },
        )
        if report:
            if not blind:
                self._count(report, sent, parsed)
            emails.has_bounced = True
            if sent.is_ours:
                self.env["mail.import.address.state"]._note_bounce(report)
        return True

    @api.model
    def _take_from_host(self, mail):
        """A report that came to the host's own gateway; returns whether the host is to leave it.

        :param mail: an ``email.message.EmailMessage``
        """
        try:
            raw = mail.as_bytes()
            parsed = parse_bounded(raw[:MAX_REPORT], truncated=False)
        except (Unreadable, ValueError, LookupError, AttributeError, TypeError):
            # the standard library cannot write down again all that it reads
            return False
        return self._take(parsed)

    # -- whether we sent it ---------------------------------------------------------------------

    @api.model
    def _sent_to(self, address, message_ids):
        """The ``Sent`` that went to this address, or None.

        Relays replace Message-IDs, so that those after the first are looked up, too: the first
        that we know is the mail that is spoken of, and no other.
        """
        ids = list(dict.fromkeys(message_ids))[:MAX_IDS]
        if not ids or not address:
            return None
        messages = self.env["mail.message"].search([("message_id", "in", ids)], order="id desc")
        emails = self._own_emails(ids)
        gone = self._gone_to(address, ids)
        for message_id in ids:
            message = messages.filtered(lambda m, known=message_id: m.message_id == known)
            email = emails.filtered(lambda e, known=message_id: e.message_id == known)
            if not message and not email and message_id not in gone:
                continue
            for each in message:
                if address in self._reached_by(each):
                    is_ours = each.message_type != "email" or bool(email)
                    return Sent(message_id, each, email, is_ours)
            if address in self._written_to(email) or message_id in gone:
                return Sent(message_id, message[:1], email, True)
            return None
        return None

    @api.model
    def _own_emails(self, message_ids):
        """E-mails that left from here; what a Sent folder brought, anybody could have put there."""
        emails = self.env["mail.import.email"].search(
            [
                ("message_id_digest", "in", [digest_of(each) for each in message_ids]),
                ("message_id", "in", message_ids),
                ("direction", "=", "outgoing"),
                ("state", "in", ("sending", "sent", "failed")),
            ]
        )
        return emails.filtered(
            lambda email: (
                email.delivered_to or email.mail_message_id or (email.key or "").startswith("sent:")
            )
        )

    @api.model
    def _reached_by(self, message):
        """Addresses that a mail of this message went to; who read it in Odoo got none."""
        mailed = message.notification_ids.filtered(lambda n: n.notification_type == "email")
        reached = set(mailed.res_partner_id.mapped("email_normalized"))
        reached.update(filter(None, map(email_normalize, mailed.mapped("mail_email_address"))))
        reached.update(email_normalize_all(message.outgoing_email_to or ""))
        emails = self.env["mail.import.email"].search(
            [("mail_message_id", "=", message.id), ("direction", "=", "outgoing")]
        )
        return (reached | self._written_to(emails)) - {False}

    @api.model
    def _written_to(self, emails):
        """Whom the mail server took it for; or whom it is for, where the host sent it."""
        return {
            address
            for email in emails
            for address in (email.delivered_to or email._recipient_addresses())
        }

    @api.model
    def _gone_to(self, address, message_ids):
        """Those Message-IDs of mails to this address that the host itself forgets."""
        gone = self.env["mail.import.dispatch"]._gone_to(address, message_ids)
        if "mailing.trace" in self.env:
            traces = self.env["mailing.trace"].search([("message_id", "in", message_ids)])
            mailed = traces.filtered(lambda trace: email_normalize(trace.email or "") == address)
            gone.update(mailed.mapped("message_id"))
        return gone

    # -- what the host learns -------------------------------------------------------------------

    @api.model
    def _count(self, report, sent, parsed):
        """In the chatter and the mailing that it was sent from, too."""
        self._tell_host(
            report,
            # not the others that the report names: the host believes each of them
            bounced_msg_ids=[sent.message_id],
            bounced_message=sent.message,
            email_from=str(parsed.sender),
            message_id=parsed.message_id,
        )

    @api.model
    def _count_by_address(self, report):
        """The host itself notes on the mail that it was refused."""
        self._tell_host(
            report,
            bounced_msg_ids=[],
            bounced_message=self.env["mail.message"],
            email_from="",
            message_id="",
        )

    @api.model
    def _tell_host(self, report, **values):
        partners = self.env["res.partner"].search(
            [("email_normalized", "=", report.address)], limit=MAX_PARTNERS
        )
        self.env["mail.thread"].with_context(mail_import_counted=True)._routing_handle_bounce(
            None,
            {
                "bounced_email": report.address,
                "bounced_partner": partners,
                # the report itself may quote others' addresses and the mail
                "body": escape(report._words()),
                "to": "",
                **values,
            },
        )
