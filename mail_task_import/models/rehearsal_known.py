"""Where little waits on the server, the newest known mail is rehearsed, as if it came in now.

How it is forgotten for that is in ``email_forgotten.py``; of what came later,
``target_rehearsed.py`` keeps it from knowing.
"""

from odoo import models

from .mailbox_fetch import AGAIN

NEWEST = 500
"""Mails, of all folders together."""


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    def _rehearse_known(self, look, notes):
        """Returns whether the time was over."""
        folders = self.remote_folder_ids.filtered(lambda folder: folder.role != "sent")
        share = NEWEST // max(len(folders), 1) or 1
        known = {}

        def find(look, folder, _notes):
            if folder in folders:
                known[folder] = yield from self._newest_known(look, folder, share)

        def fetch(look, folder, _notes):
            if not known.get(folder):
                return False
            yield look.select(folder.name)
            return (yield from self._fetch_uids(look, folder, known[folder], AGAIN))

        yield from self._each_folder(look, notes, find)
        self._forget_known(notes, known)
        return (yield from self._each_folder(look, notes, fetch))

    def _forget_known(self, notes, known):
        """:param known: UIDs of each folder, all of which are tried"""
        Location, Email = self.env["mail.import.location"], self.env["mail.import.email"]
        locations = Location.union(*(Location._of(folder, known[folder]) for folder in known))
        # what waits and is too old was looked at, and is never taken
        notes.total = notes.taken()
        notes.again, notes.known_total = True, sum(map(len, known.values()))
        notes.newest = Email.search([], order="id desc", limit=1).id
        notes.begun = self.env.cr.now()
        for location in locations:
            email = location.entry_id.email_id
            key = location.remote_folder_id.id, location.uid
            notes.came[key] = email.id, email.create_date
        Email._forget_for_rehearsal(locations)

    def _newest_known(self, look, folder, most):
        """UIDs of mail that is here, and still on the server."""
        yield look.select(folder.name)
        done = sorted(self.env["mail.import.location"]._all_done_uids(folder))[-most:]
        if not done:
            return []
        there = yield look.ask(lambda receiver: receiver.uids_above(done[0] - 1))
        return sorted(set(done).intersection(there))
