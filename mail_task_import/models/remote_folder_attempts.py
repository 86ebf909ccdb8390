"""What did not come to an end: batches that killed their worker, mails that cut the connection.

A batch notes its attempt, committed, before it is imported. One that twice did not return is taken
mail by mail, and the mail that twice did not return is put aside unread. New mail and history are
counted apart: else the one would forget what the other has met.
"""

from odoo import fields, models

from ..receivers.reading import BATCH_COUNT
from .big_integer import BigInteger

MAX_RETURNS = 2
"""A batch that so often did not return is taken mail by mail."""
MAX_CUTS = 6
"""A message on which the connection broke this often is put aside; and asked for again later."""
KINDS = ("attempt_uid", "attempts", "singly", "cut_uid", "cuts")


class MailImportRemoteFolder(models.Model):
    _inherit = "mail.import.remote.folder"

    attempt_uid = BigInteger(readonly=True)
    attempts = fields.Integer(readonly=True)
    singly = fields.Integer(
        readonly=True, help="So many mails are taken one at a time: a batch of them did not return."
    )
    cut_uid = BigInteger(readonly=True)
    cuts = fields.Integer(readonly=True)
    backfill_attempt_uid = BigInteger(readonly=True)
    backfill_attempts = fields.Integer(readonly=True)
    backfill_singly = fields.Integer(readonly=True)
    backfill_cut_uid = BigInteger(readonly=True)
    backfill_cuts = fields.Integer(readonly=True)

    def _attempts(self, history):
        return _Attempts(self, "backfill_" if history else "")

    def _no_attempts(self):
        return {f"{prefix}{kind}": 0 for prefix in ("", "backfill_") for kind in KINDS}


class _Attempts:
    """Those of new mail, or those of history, in one folder."""

    def __init__(self, folder, prefix):
        self._folder = folder
        self._prefix = prefix

    def _read(self, kind):
        return self._folder[self._prefix + kind]

    def _write(self, **values):
        self._folder.write({self._prefix + kind: value for kind, value in values.items()})

    @property
    def singly(self):
        """For how many mails still each is a batch of its own."""
        return self._read("singly")

    def look_out(self, uids):
        """Take these singly, where a batch that begins among them did not return."""
        suspicious = self._read("attempt_uid") in uids[:BATCH_COUNT]
        if suspicious and self._read("attempts") >= MAX_RETURNS and not self.singly:
            self._write(singly=BATCH_COUNT, attempts=0)

    def note(self, uid):
        """The batch that begins with this mail is begun; returns how often it alone never ended."""
        again = self._read("attempt_uid") == uid
        before = self._read("attempts") if again else 0
        self._write(attempt_uid=uid, attempts=before + 1)
        return before if self.singly else 0

    def take_back(self):
        """The attempt failed, but nobody died of it."""
        self._write(attempts=max(0, self._read("attempts") - 1))

    def note_survived(self, count):
        self._write(attempts=0, singly=max(0, self.singly - count))

    def note_cut(self, uids, words):
        """The connection broke while these were read; one that always does it is put aside."""
        if not uids:
            return
        cuts = self._read("cuts") + 1 if self._read("cut_uid") == uids[0] else 1
        self._write(cut_uid=uids[0], cuts=cuts)
        if cuts >= MAX_RETURNS and not self.singly:
            # a worker's death with the whole batch does not count for its first mail
            self._write(singly=BATCH_COUNT, attempts=0)
        elif cuts >= MAX_CUTS and len(uids) == 1:
            self._folder._quarantine_unread(uids[0], words)
            self._folder._advance(uids, bool(self._prefix))
            self._write(cuts=0)
