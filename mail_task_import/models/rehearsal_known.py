"""Where nothing waits on the server, the newest known mail is rehearsed, as if it came in now.

How it is forgotten for that is in ``email_forgotten.py``.
"""

from odoo import models

from .mailbox_fetch import AGAIN

NEWEST = 500
"""Mails, of all folders together."""


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    def _rehearse_known(self, look, notes):
        """Returns whether the time was over."""
        notes.again, notes.total = True, 0
        folders = self.remote_folder_ids.filtered(lambda folder: folder.role != "sent")
        share = NEWEST // max(len(folders), 1) or 1

        def fetch(look, folder, notes):
            if folder not in folders:
                return False
            uids = yield from self._newest_known(look, folder, share)
            notes.total += len(uids)
            self.env["mail.import.email"]._forget_for_rehearsal(folder, uids)
            return (yield from self._fetch_uids(look, folder, uids, AGAIN))

        return (yield from self._each_folder(look, notes, fetch))

    def _newest_known(self, look, folder, most):
        """UIDs of mail that is here, and still on the server."""
        yield look.select(folder.name)
        done = sorted(self.env["mail.import.location"]._all_done_uids(folder))[-most:]
        if not done:
            return []
        there = yield look.ask(lambda receiver: receiver.uids_above(done[0] - 1))
        return sorted(set(done).intersection(there))
