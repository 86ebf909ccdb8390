"""Which mailboxes the watcher keeps a line for at present: so that people see what to expect."""

from odoo import api, fields, models
from odoo.tools import SQL

LASTS_SECONDS = 150
"""Of what the watcher has said: it says it again every ``watcher.NOTE_SECONDS``."""


class MailImportWatched(models.Model):
    """Rows of their own: a mailbox's row is locked while its mail is imported."""

    _name = "mail.import.watched"
    _description = "Mailbox That Is Watched"
    _log_access = False
    _rec_name = "mailbox_id"

    mailbox_id = fields.Many2one("mail.import.mailbox", required=True, ondelete="cascade")
    since = fields.Datetime(required=True)
    said_at = fields.Datetime(required=True)

    _one_a_mailbox = models.UniqueIndex("(mailbox_id)")

    @api.model
    def _say(self, seconds):
        """What the watcher says of all its lines; to be committed.

        :param seconds: ``{mailbox id: how long its inbox has been watched}``; all others are not
        """
        self.env.cr.execute(
            SQL(
                "DELETE FROM mail_import_watched WHERE NOT mailbox_id = ANY(%s::int4[])",
                list(seconds),
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO mail_import_watched AS known (mailbox_id, since, said_at)
                        SELECT mailbox.id, now.at - make_interval(secs => held.seconds), now.at
                          FROM unnest(%s::int4[], %s::float8[]) AS held (id, seconds)
                          JOIN mail_import_mailbox AS mailbox USING (id)
                         CROSS JOIN (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS at) AS now
                   ON CONFLICT (mailbox_id) DO UPDATE
                           SET since = excluded.since, said_at = excluded.said_at""",
                list(seconds),
                list(seconds.values()),
            )
        )
        self.invalidate_model()

    @api.model
    def _since_of(self, mailboxes):
        """``{mailbox id: since when}`` of those that are watched."""
        # sudo: whoever may see a mailbox may see how its mail comes in
        said = self.sudo().search(
            [("mailbox_id", "in", mailboxes.ids), ("said_at", ">", f"-{LASTS_SECONDS}S")]
        )
        return {each.mailbox_id.id: each.since for each in said}
