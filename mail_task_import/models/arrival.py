"""Arrivals: which mail is coming in at this moment, by whichever way.

The host's gateway and the importer know nothing of each other's open transactions. So both claim a
mail, by its number, before they do anything else. Of two that take in one mail at the same time
the later one waits for the other, fails, and begins anew: then it sees what the other one made.
"""

import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..exceptions import CONFLICTS
from ..kept import keep_newer
from ..mime.message_id import is_vague, number_in, with_number
from ..mime.outside import Unreadable, parse_bounded
from ..mime.parser import parse
from ..rehearsing import notes_of
from .mailbox_fetch import MAX_CONFLICTS
from .reference import digest_of

_logger = logging.getLogger(__name__)
KEPT_HOURS = 24
"""No transaction lasts longer: who begins later sees what became of the mail."""


class MailImportArrival(models.Model):
    _name = "mail.import.arrival"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Mail That Comes In"
    _log_access = False

    digest = fields.Char(required=True, help="Of the Message-ID.")
    arrived_at = fields.Datetime(required=True)

    _digest_once = models.UniqueIndex("(digest)")

    @api.model
    def _claim(self, numbers):
        """Raises SerializationFailure where another transaction takes one in at the same time.

        Sorted, and first of all, so that nobody who waits here has anything that others wait for.
        A row that stands already is written again: it stays where a filter has skipped the mail,
        and one that is only passed over would keep nobody out.
        """
        digests = sorted({digest_of(number) for number in numbers if number})
        if not digests:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO mail_import_arrival (digest, arrived_at)
                   SELECT unnest(%s::text[]), now() AT TIME ZONE 'UTC'
                   ON CONFLICT (digest) DO UPDATE SET arrived_at = EXCLUDED.arrived_at""",
                digests,
            )
        )

    @api.model
    def _claim_batch(self, batch):
        """Of mail that may get into a chatter. A rehearsal, of which nothing stays, claims none."""
        if batch.history or batch.mailbox.visibility != "linked" or notes_of(self.env):
            return
        self._claim(mail.parsed.message_id for mail in batch.under_way)

    @api.model
    def _claim_handed_over(self, content, once):
        """Claim a mail that the host's gateway is given; the first thing in its transaction.

        :param once: nobody hands it over again: the transaction, which has done nothing yet, is
            begun anew here. Else the host's RPC does so
        :return: the mail with the number that each of its copies gets
        """
        number = _number_of(content)
        for attempt in range(MAX_CONFLICTS if once else 1):
            try:
                self._claim([number])
                break
            except CONFLICTS:
                if not once:
                    raise
                self.env.cr.rollback()
                time.sleep(0.05 * 2**attempt)
        else:
            _logger.warning("A mail comes in by two ways at once; rather twice than not at all")
        return _numbered(content, number)

    @api.autovacuum
    def _gc_old(self):
        keep_newer(self, "arrived_at", timedelta(hours=KEPT_HOURS))


def _number_of(content):
    """The number that the importer gives the mail, from whichever server its copy comes; "" where
    none can be given: the host makes one of its own then.
    """
    try:
        number = number_in(content) or _read(content).message_id
        return "" if is_vague(content, number) else number
    except Exception:  # no memory, no process: rather twice than not at all
        _logger.warning("A mail that is handed over gets no number", exc_info=True)
        return ""


def _read(content):
    try:
        return parse_bounded(content)
    except Unreadable:
        return parse(content, truncated=True)


def _numbered(content, number):
    try:
        return with_number(content, number) if number else content
    except Exception:  # as above
        _logger.warning("A mail that is handed over keeps the number that it has", exc_info=True)
        return content
