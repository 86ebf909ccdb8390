"""First link step, second part: an answer to a mail that only its signed number tells of.

Who has the number has got a mail of that record, as whoever answers a mail that is known here. But
a number can be copied, and nothing else is known of the mail it stood in: what comes from people
who take part is published as an answer, what comes from others is an internal note.
"""

from odoo import api, models

from ..batch import LinkDecision
from .reference import digest_of
from .reply_token import SIGNED

ASKED = 20
"""Numbers of one mail that are looked at, newest first."""


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _decide_by_signature(self, batch, mail):
        signed = self._signed_in(batch)
        for message_id in mail.message_ids[:ASKED]:
            record, public = signed.get(message_id, (None, False))
            if record:
                public = public and not mail.outgoing and self._takes_part(record, mail)
                return [LinkDecision("reply", record=record, public=public)]
        return []

    @api.model
    def _was_discussed(self, link, record, mail):
        """Our own message was public and is deleted, but its e-mail is known: the number says so.

        As of mail that is not known here, to people who take part.
        """
        number = link.email_id.message_id or ""
        if link.message_id or mail.outgoing or not SIGNED.match(number):
            return False
        if self.env["mail.message"].search_count([("message_id", "=", number)], limit=1):
            return False
        model, id_, public = self.env["mail.import.reply.token"]._read_token(number) or ("", 0, 0)
        place = model, id_
        there = (
            self.env["mail.import.merged.record"]._follow([place]).get(place) if public else None
        )
        return there == record and self._takes_part(record, mail)

    @api.model
    def _signed_in(self, batch):
        """``{Message-ID: (record, public)}`` of the numbers of this batch that we have signed.

        Mail that is known here is linked where somebody wanted it: its number says nothing.
        """
        if "signed" in batch.lookups:
            return batch.lookups["signed"]
        token, known = (self.env["mail.import.reply.token"], batch.lookups["threads"]["is"])
        read = {
            message_id: found
            for mail in batch.under_way
            for message_id in mail.message_ids[:ASKED]
            if SIGNED.match(message_id)
            and digest_of(message_id) not in known
            and (found := token._read_token(message_id))
        }
        places = {(model, id_) for model, id_, _public in read.values()}
        records = self.env["mail.import.merged.record"]._follow(places)
        batch.lookups["signed"] = {
            message_id: (records[model, id_], public)
            for message_id, (model, id_, public) in read.items()
            if (model, id_) in records
        }
        return batch.lookups["signed"]
