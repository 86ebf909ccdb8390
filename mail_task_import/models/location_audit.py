"""The ledger as a whole: all UIDs of a folder at once, and what is wrong within."""

from odoo import api, fields, models

OUTCOME_COUNTS = {
    "stored": "stored",
    "duplicate": "known",
    "filtered": "filtered_count",
    "quarantined": "quarantined",
}


class MailImportLocation(models.Model):
    _inherit = "mail.import.location"

    entry_deleted = fields.Boolean(
        readonly=True, help="The e-mail came in, and its owner has deleted it."
    )

    @api.model
    def _note_deleted(self, entries):
        """Somebody deletes these entries: that no entry is there is in order then."""
        self.search([("entry_id", "in", entries.ids)]).entry_deleted = True

    @api.model
    def _all_done_uids(self, remote_folder):
        """The UIDs that have a location, of a folder as it is numbered now."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT array_agg(uid) FROM mail_import_location
                WHERE remote_folder_id = %s AND uidvalidity = %s""",
            [remote_folder.id, remote_folder.uidvalidity],
        )
        return set(self.env.cr.fetchone()[0] or ())

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
            "broken": self._count_broken(mailbox),
            "doubled": self._count_doubled(mailbox),
        }

    @api.model
    def _count_broken(self, mailbox):
        """Mail that is said to be here and is not, nor was deleted; quarantined without a trace."""
        self.env.cr.execute(
            """SELECT count(*) FROM mail_import_location
                WHERE mailbox_id = %s
                  AND (outcome = 'stored' AND entry_id IS NULL AND entry_deleted IS NOT TRUE
                       OR outcome = 'quarantined' AND quarantine_id IS NULL)""",
            [mailbox.id],
        )
        return self.env.cr.fetchone()[0]

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
