"""How far the history of a watched folder is fetched, and how fast that goes."""

from datetime import timedelta

from odoo import fields, models

REST = timedelta(minutes=10)
"""After so long without progress the speed is measured anew."""


class MailImportRemoteFolder(models.Model):
    _inherit = "mail.import.remote.folder"

    history_done = fields.Integer("History Fetched", readonly=True)
    history_left = fields.Integer("History Left", readonly=True)
    history_begun_at = fields.Datetime(readonly=True, help="Since then the speed is measured.")
    history_base = fields.Integer(readonly=True, help="What was fetched before that.")
    history_at = fields.Datetime(readonly=True, help="The last batch of history.")

    def _note_listed(self, left):
        """So many messages of history are to be fetched still."""
        now = fields.Datetime.now()
        self.history_left = left
        if not self.history_at or now - self.history_at > REST:
            self.write({"history_begun_at": now, "history_base": self.history_done})

    def _note_history(self, done, left):
        self.write(
            {
                "history_done": self.history_done + done,
                "history_left": left,
                "history_at": fields.Datetime.now(),
            }
        )

    def _has_history_left(self):
        return bool(self.mailbox_id.fetch_since and not self.backfill_done)

    def _no_history(self):
        """Where it begins anew."""
        return {
            "backfill_uid": 0,
            "backfill_done": False,
            "history_done": 0,
            "history_left": 0,
            "history_begun_at": False,
            "history_base": 0,
            "history_at": False,
        }

    def _history_speed(self):
        """Mails a second, since it began or went on last; 0: not known yet."""
        folder = self.filtered("history_at").sorted("history_at")[-1:]
        seconds = (folder.history_at - folder.history_begun_at).total_seconds() if folder else 0
        return (folder.history_done - folder.history_base) / seconds if seconds > 0 else 0
