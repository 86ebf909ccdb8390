"""The ledger as a whole: all UIDs of a folder at once, and what is wrong within."""

from odoo import api, fields, models
from odoo.tools import SQL

OUTCOME_COUNTS = {
    "stored": "stored",
    "duplicate": "known",
    "filtered": "filtered_count",
    "quarantined": "quarantined",
}
BROKEN = SQL(
    """(location.outcome IN ('stored', 'duplicate') AND location.entry_id IS NULL
            AND location.entry_deleted IS NOT TRUE
        OR location.outcome = 'quarantined' AND location.quarantine_id IS NULL)"""
)
"""Of mail that is said to be here and is not, nor was deleted; ``_is_broken`` in SQL."""


class MailImportLocation(models.Model):
    _inherit = "mail.import.location"

    entry_deleted = fields.Boolean(
        readonly=True,
        help="Its e-mail need not be here: it was deleted, or is known to be lost.",
    )

    def _is_broken(self):
        if self.outcome == "quarantined":
            return not self.quarantine_id
        return self.outcome != "filtered" and not self.entry_id and not self.entry_deleted

    @api.model
    def _note_deleted(self, entries):
        """Somebody deletes these entries: that no entry is there is in order then."""
        self.search([("entry_id", "in", entries.ids)]).entry_deleted = True

    @api.model
    def _all_done_uids(self, remote_folder):
        """The UIDs that have a location whose mail is here, as the folder is numbered now."""
        return self._uids_where(remote_folder, SQL("NOT %s", BROKEN))

    @api.model
    def _all_broken_uids(self, remote_folder):
        return self._uids_where(remote_folder, BROKEN)

    @api.model
    def _uids_where(self, remote_folder, condition):
        self.env.flush_all()
        ((uids,),) = self.env.execute_query(
            SQL(
                """SELECT array_agg(location.uid) FROM mail_import_location AS location
                    WHERE location.remote_folder_id = %s AND location.uidvalidity = %s AND %s""",
                remote_folder.id,
                remote_folder.uidvalidity,
                condition,
            )
        )
        return set(uids or ())

    @api.model
    def _summary(self, mailbox):
        """Numbers for an audit: locations by outcome, and what contradicts itself."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT outcome, count(*) FROM mail_import_location
                WHERE mailbox_id = %s GROUP BY outcome""",
            [mailbox.id],
        )
        counts = dict(self.env.cr.fetchall())
        return {
            **{name: counts.get(outcome, 0) for outcome, name in OUTCOME_COUNTS.items()},
            "doubled": self._count_doubled(mailbox),
        }

    @api.model
    def _count_doubled(self, mailbox):
        """Unique indexes forbid both; an audit believes nobody."""
        self.env.cr.execute(
            """SELECT (SELECT count(*) FROM (
                           SELECT FROM mail_import_location WHERE mailbox_id = %(id)s
                            GROUP BY remote_folder_id, uidvalidity, uid HAVING count(*) > 1) AS l)
                    + (SELECT count(*) FROM (
                           SELECT FROM mail_import_entry WHERE mailbox_id = %(id)s
                            GROUP BY email_id, user_id HAVING count(*) > 1) AS e)""",
            {"id": mailbox.id},
        )
        return self.env.cr.fetchone()[0]
