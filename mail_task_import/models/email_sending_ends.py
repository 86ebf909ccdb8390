"""How sending ends: who got an e-mail and who did not, and what was interrupted on its way."""

from datetime import timedelta

from odoo import api, fields, models

from ..exceptions import CONFLICTS
from .reference import digest_of

UNTOUCHED = timedelta(minutes=2)
"""Longer than it takes from the beginning of an e-mail to the lock on it."""


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    delivered_to = fields.Json(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Addresses that the SMTP server took it for.",
    )
    refusals = fields.Json(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="What the SMTP server said, by refused address.",
    )
    can_retry = fields.Boolean(compute="_compute_can_retry", compute_sudo=True)

    @api.depends("state", "failure_reason")
    def _compute_can_retry(self):
        """What failed, and what went out but not to everybody."""
        for email in self:
            email.can_retry = email.state == "failed" or bool(
                email.state == "sent" and email.failure_reason
            )

    @api.model
    def _sent_as(self, message_id):
        """The e-mail that leaves under this Message-ID, or none."""
        message_id = str(message_id or "").strip()
        return self.search(
            [
                ("message_id_digest", "=", digest_of(message_id)),
                ("message_id", "=", message_id),
                ("direction", "=", "outgoing"),
            ],
            limit=1,
        )

    # -- recipients -----------------------------------------------------------------------------

    def _has_it_already(self):
        """Addresses that it is not sent to again."""
        return frozenset(self.delivered_to or ()) if self else frozenset()

    def _note_recipients(self, taken, refused):
        """
        :param refused: ``{address: the server's words}``
        """
        if not self:
            return
        taken = {address.lower() for address in taken}
        refusals = {**(self.refusals or {}), **refused}
        self.write(
            {
                "delivered_to": sorted(taken | self._has_it_already()),
                "refusals": {
                    address: words
                    for address, words in refusals.items()
                    if address.lower() not in taken
                }
                or False,
            }
        )

    def _note_sent(self, messages, failure_type, failure_reason):
        """Where recipients were refused, that is the reason; who else got it has it."""
        emails = self.search(
            [
                ("mail_message_id", "in", messages.ids),
                ("direction", "=", "outgoing"),
                ("state", "!=", "draft"),
            ]
        ).filtered("refusals")
        result = super()._note_sent(messages, failure_type, failure_reason)
        for email in emails:
            if failure_type in (False, None, "mail_email_invalid"):
                email.write(
                    {
                        "state": "sent" if email._openly_delivered() else "failed",
                        "failure_reason": email._refusal_words(),
                    }
                )
        return result

    def _refusal_words(self):
        lines = "\n".join(f"{address}: {words}" for address, words in self.refusals.items())
        if self._openly_delivered():
            return self.env._(
                "Sent, but not to everybody, by what the mail server answered. Retry sends it to "
                "these alone.\n%s",
                lines,
            )
        return self.env._("The mail server refused the recipients.\n%s", lines)

    # -- what was interrupted -------------------------------------------------------------------

    @api.model
    def _end_interrupted(self):
        """The scheduler ends what nobody sends any more and nobody will send."""
        before = fields.Datetime.now() - UNTOUCHED
        for email in self.search([("state", "=", "sending"), ("write_date", "<", before)]):
            try:
                with self.env.cr.savepoint():
                    email._end_if_interrupted(before)
            except CONFLICTS:
                continue  # somebody is at it

    def _end_if_interrupted(self, before):
        mails = self.mail_message_id.mail_ids
        if mails.filtered(lambda mail: mail.state == "outgoing"):
            return  # the host's queue has it, and sends it
        if mails.filtered(lambda mail: mail.write_date > before):
            return
        if len(mails.try_lock_for_update()) < len(mails):
            return  # who sends it holds it
        for mail in mails.filtered(lambda mail: mail.state == "exception"):
            mail._postprocess_sent_message(
                [], [], failure_reason=mail.failure_reason, failure_type="unknown"
            )
        if self.state == "sending":
            self._end_without_mail(mails)

    def _end_without_mail(self, mails):
        """Somebody has cancelled or deleted what the host's queue had of it."""
        if "cancel" in mails.mapped("state"):
            reason = self.env._("It was cancelled in the queue of outgoing mail.")
        else:
            reason = self.env["mail.mail"]._interrupted_words()
        self.write({"state": "failed", "failure_reason": reason})
        self._tell_author()
