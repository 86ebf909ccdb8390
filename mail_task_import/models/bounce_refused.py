"""Recipients that our own mail server refuses when an e-mail is sent: counted like a report.

It says so itself, at once, so there is nobody to be believed. What it has against us (a login, the
sender, too many e-mails) or cannot do just now says nothing of the address.
"""

import re

from odoo import api, models
from odoo.tools import email_normalize

from ..mime.failures import judge_refusal, without_others
from .bounce import MAX_ADDRESSES

_STATUS = re.compile(r"^\d{3}[ -]+([45]\.\d{1,3}\.\d{1,3})\b")


class MailImportBounce(models.AbstractModel):
    _inherit = "mail.import.bounce"

    @api.model
    def _take_refusals(self, message_id, replies):
        """
        :param replies: ``{address: the server's answer to RCPT TO, code first}``
        """
        for written, reply in list(replies.items())[:MAX_ADDRESSES]:
            address, judged = email_normalize(written), judge_refusal(reply)
            if address and judged:
                self._take_refusal(str(message_id or "").strip(), address, reply, *judged)

    @api.model
    def _take_refusal(self, message_id, address, reply, kind, reason):
        emails = self.env["mail.import.email"]._sent_as(message_id)
        status = _STATUS.match(reply)
        report = self.env["mail.import.bounce.report"]._once(
            message_id,
            {
                "address": address,
                "kind": kind,
                "reason": reason,
                "status": status[1] if status else "",
                "said": without_others(reply, address),
                "email_id": emails.id,
                "has_email": bool(emails),
            },
        )
        if report:
            self._count_by_address(report)
            self.env["mail.import.address.state"]._note_bounce(report)
