"""The status of an e-mail as people know it: one word, in lists, on forms and to be searched by.

It is made of ``state``, of what came back, and of whether somebody has answered. An answer counts
for those alone who may read it: nobody learns by it that a colleague has written.
"""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

STATUS = [
    ("draft", "Draft"),
    ("sending", "Sending"),
    ("sent", "Sent"),
    ("partly", "Not to All"),
    ("failed", "Failed"),
    ("bounced", "Came Back"),
    ("received", "Received"),
    ("answered", "Answered"),
]
ANSWERS = Domain(
    [
        ("direction", "=", "outgoing"),
        ("state", "in", ("sending", "sent")),
        # neither what is passed on nor what is confirmed by itself
        ("written_as", "in", (False, "reply", "reply_all")),
    ]
)


class MailImportEmail(models.Model):
    """
    ======== ===============================================================
    status   meaning
    ======== ===============================================================
    partly   the server took it, but refused some of the recipients
    bounced  it was sent, and came back from somebody
    answered it came in, and an answer that the reader may see has left
    ======== ===============================================================

    The others are the ``state``.
    """

    _inherit = "mail.import.email"

    status = fields.Selection(
        STATUS,
        compute="_compute_status",
        search="_search_status",
        compute_sudo=True,
        help="Answered: an answer that you may read has left.",
    )

    @api.depends("state", "has_bounced", "failure_reason")
    @api.depends_context("uid")
    def _compute_status(self):
        answered = self._answered_ids()
        for email in self:
            email.status = email._status_of(answered)

    def _status_of(self, answered):
        if self.state == "sent" and self.has_bounced:
            return "bounced"
        if self.state == "sent" and self.failure_reason:
            return "partly"
        return "answered" if self.id in answered else self.state

    def _answered_ids(self):
        """Ids of those to which an answer has left that the user may read; two or three queries."""
        received = {
            email.message_id_digest: email.id
            for email in self
            if email.state == "received" and email.message_id_digest
        }
        if not received:
            return set()
        references = (
            self.env["mail.import.reference"]
            .sudo()  # digests are nobody's; which answers count follows from what the user reads
            .search_fetch(
                Domain("digest", "in", list(received))
                & Domain("position", "=", 0)
                & Domain("email_id", "any!", ANSWERS),
                ["digest", "email_id"],
            )
        )
        readable = references.email_id._ways_to_read()
        digests = {
            reference.digest for reference in references if reference.email_id.id in readable
        }
        return {
            email.id
            for email in self
            if email.state == "received" and email.message_id_digest in digests
        }

    # -- searching ------------------------------------------------------------------------------

    @api.model
    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._domain_of_status(status) for status in value)

    @api.model
    def _domain_of_status(self, status):
        is_sent = Domain("state", "=", "sent")
        if status == "bounced":
            return is_sent & Domain("has_bounced", "=", True)
        if status == "partly":
            refused = Domain("failure_reason", "!=", False)
            return is_sent & refused & Domain("has_bounced", "=", False)
        if status == "sent":
            return (
                is_sent & Domain("failure_reason", "=", False) & Domain("has_bounced", "=", False)
            )
        if status in ("received", "answered"):
            answered = Domain("id", "in" if status == "answered" else "not in", self._answered())
            return Domain("state", "=", "received") & answered
        return Domain("state", "=", status)

    @api.model
    def _answered(self):
        """Sub-query: the e-mails that were answered by one which the user reads as an owner."""
        answers = self.sudo(False)._search(ANSWERS)
        return SQL(
            """(SELECT question.id FROM mail_import_email question
                  JOIN mail_import_reference reference
                    ON reference.digest = question.message_id_digest AND reference.position = 0
                 WHERE reference.email_id IN %s)""",
            answers.subselect(),
        )
