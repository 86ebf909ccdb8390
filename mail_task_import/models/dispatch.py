"""Mails of the host that it forgets when they have left, such as those of its templates: what is
kept, so that a report about one is believed.

A digest of Message-ID and address for each recipient tells whether a mail went there, and nothing
to who reads it. Mailings have their traces, followers their notifications, mailboxes their
e-mails; none of them is here.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..kept import keep_newer
from .reference import digest_of

KEPT_DAYS = 60
"""Servers give up after five; a report is looked for much longer, where a mailbox stood still."""


class MailImportDispatch(models.Model):
    _name = "mail.import.dispatch"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Mail That Left"
    _log_access = False

    # not unique: two workers would wait for each other while a mail is sent
    digest = fields.Char(required=True, index=True, help="Of Message-ID and address.")
    sent_at = fields.Datetime(required=True)

    @api.model
    def _note(self, message_id, addresses):
        """
        :param addresses: normalized
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO mail_import_dispatch (digest, sent_at)
                   SELECT unnest(%s::text[]), now() AT TIME ZONE 'UTC'""",
                [_digest(message_id, address) for address in dict.fromkeys(addresses)],
            )
        )

    @api.model
    def _gone_to(self, address, message_ids):
        """Those of these Message-IDs of which a mail went to this address."""
        by_digest = {_digest(message_id, address): message_id for message_id in message_ids}
        known = self.search([("digest", "in", list(by_digest))]).mapped("digest")
        return {by_digest[digest] for digest in known}

    @api.autovacuum
    def _gc_old(self):
        keep_newer(self, "sent_at", timedelta(days=KEPT_DAYS))


def _digest(message_id, address):
    return digest_of(f"{message_id} {address}")
