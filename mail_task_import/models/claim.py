"""Claims: which thread has its record being made, so that two workers never make two.

A mail that makes a record claims every Message-ID of its thread. Two transactions that claim the
same one at the same time conflict in the database; the later one is retried, sees the record that
the first has made, and follows it.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from .reference import digest_of


class MailImportClaim(models.Model):
    _name = "mail.import.claim"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Thread whose Record Is Made"
    _log_access = False

    digest = fields.Char(required=True)

    _digest_once = models.UniqueIndex("(digest)")

    @api.model
    def _claim(self, digests):
        """Raises SerializationFailure where another transaction claims one at the same time.

        Under REPEATABLE READ, ``ON CONFLICT DO NOTHING`` passes over rows that this snapshot sees
        and fails on those that were committed after it; sorting keeps two from deadlocking.
        """
        self._claim_anew(digests)

    @api.model
    def _claim_anew(self, digests):
        """As ``_claim``; how many of them nobody had claimed before."""
        values = SQL(", ").join(SQL("(%s)", digest) for digest in sorted(set(digests)))
        if not values:
            return 0
        self.env.cr.execute(
            SQL("INSERT INTO mail_import_claim (digest) VALUES %s ON CONFLICT DO NOTHING", values)
        )
        return self.env.cr.rowcount

    @api.model
    def _claim_messages(self, message_ids):
        self._claim([digest_of(message_id) for message_id in message_ids])

    @api.model
    def _claimed(self, wanted):
        """Those keys of ``{key: message_ids}`` of which a thread is claimed already."""
        digests = {key: set(map(digest_of, ids)) for key, ids in wanted.items()}
        asked = list(set().union(*digests.values()))
        found = set(self.search([("digest", "in", asked)]).mapped("digest"))
        return {key for key, some in digests.items() if some & found}

    @api.model
    def _give_up(self, message_ids):
        """The record is withdrawn: mail of its thread may make one again."""
        self.search([("digest", "in", list(map(digest_of, message_ids)))]).unlink()
