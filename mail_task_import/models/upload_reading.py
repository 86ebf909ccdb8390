"""Reading files with mail: in batches, each committed with the place that was reached.

A worker that dies leaves the place of the last batch; what came after it is read once more, and
nothing twice: mail that is here already is known.
"""

import logging

from odoo import api, models
from odoo.exceptions import LockError

from ..access import as_superuser
from ..batch import DUPLICATE, FILTERED, QUARANTINED, STORED
from ..receivers.eml import (
    flags_from_status,
    has_date,
    is_mbox,
    looks_like_mail,
    raw_from_eml,
    raws_and_places,
)

_logger = logging.getLogger(__name__)
BATCH_MAILS = 25
BATCH_BYTES = 10_000_000
MAX_ATTEMPTS = 2
"""Of a batch that kills its worker: then mails are taken one by one, and one that does so as often
is put aside unread."""
MAX_REMARKS = 200
COUNT_OF = {
    STORED: "stored_count",
    DUPLICATE: "known_count",
    FILTERED: "filtered_count",
    QUARANTINED: "quarantined_count",
}


class MailImportUpload(models.Model):
    _inherit = "mail.import.upload"

    @api.model
    def _carry_on(self):
        """What the scheduler runs: every upload that waits, for as long as there is time."""
        uploads = as_superuser(self).search([("state", "=", "waiting")], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(uploads))
        for upload in uploads:
            if not upload._read_on():
                return

    def _read_on(self):
        """Returns False when the time is over."""
        cron = self.env["ir.cron"]
        while self.exists() and self.state == "waiting":
            try:
                self._committed(self._note_attempt)
                self._committed(self._import_batch)
            except LockError:
                return True
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("Importing files of upload %s failed", self.id)
                self._committed(self._note_stopped, str(error))
            if not cron._commit_progress(1, remaining=int(self.state == "waiting")):
                return False
        return True

    def _committed(self, step, *args):
        return self.mailbox_id._committed(step, *args)

    def _note_attempt(self):
        """Committed before the batch: of one that killed its worker this is known."""
        self.lock_for_update()
        self.attempts += 1

    def _note_stopped(self, words):
        self.write({"state": "failed", "error": words[:500], "attempts": 0})

    # -- one batch ------------------------------------------------------------------------------

    def _import_batch(self):
        """One batch in one transaction: mails, counts and the place."""
        self.lock_for_update()
        self._check_is_reader()
        file = self.attachment_ids.sorted("id")[:1]
        if not file:
            return self._finish()
        raws, place = self._next_mails(file)
        newest = self._newest_entry()
        self._count(self._import(raws), newest)
        # whoever met a killer goes on singly to the end of the file
        self.attempts = MAX_ATTEMPTS if self._goes_singly() else 0
        self.place = place
        if place >= self._size_of(file) or not raws:
            self._end_file(file)
        return None

    def _import(self, raws):
        """Of a mail over the size limit the headers say which it was; it is left in its file."""
        whole = [raw for raw in raws if not raw.truncated]
        self._leave_out(raw for raw in raws if raw.truncated)
        importer = self.env["mail.import.importer"]
        mailbox = self.mailbox_id
        if self._is_killer():
            importer._quarantine_unparsed(mailbox, whole, None, 0)
            self.quarantined_count += len(whole)
            return []
        return importer.import_mails(mailbox, whole, history=not self.act)

    def _goes_singly(self):
        return self.attempts > MAX_ATTEMPTS

    def _is_killer(self):
        return self.attempts > 2 * MAX_ATTEMPTS

    def _newest_entry(self):
        # sudo: a number that is greater than all before, whoever may read them
        return self.env["mail.import.entry"].sudo().search([], order="id desc", limit=1).id

    def _count(self, mails, newest):
        """What another mailbox has already, and this one had not, is stored in it, too.

        :param newest: id of the newest entry before these were imported
        """
        seen = set()
        for mail in mails:
            entry = mail.entry.id if mail.entry else 0
            is_new = mail.state == DUPLICATE and entry > newest and entry not in seen
            seen.add(entry)
            self[COUNT_OF[STORED if is_new else mail.state]] += 1

    # -- the file -------------------------------------------------------------------------------

    def _next_mails(self, attachment):
        """The next mails of a file, and the place after them."""
        with self._opened(attachment) as file:
            if (attachment.name or "").lower().endswith(".eml") or not is_mbox(file):
                return self._one_mail(attachment, file), self._size_of(attachment)
            return self._some_mails(file)

    def _one_mail(self, attachment, file):
        if self._size_of(attachment) > self.mailbox_id.size_limit:
            self._remark(self.env._("“%s” is over the size limit of the mailbox.", attachment.name))
            return []
        raw = raw_from_eml(file.read())
        if not looks_like_mail(raw.content):
            self._remark(self.env._("“%s” is no mail.", attachment.name))
            return []
        return [self._as_brought(raw)]

    def _some_mails(self, file):
        most = 1 if self._goes_singly() else BATCH_MAILS
        raws, size, place = [], 0, int(self.place)
        for raw, after in raws_and_places(file, self.mailbox_id.size_limit, place):
            raws.append(self._as_brought(raw))
            size += len(raw.content)
            place = after
            if len(raws) >= most or size > BATCH_BYTES:
                break
        return raws, place

    def _as_brought(self, raw):
        """Who reads a group mailbox is not its mail server: the file's word vouches for nobody."""
        if has_date(raw.content):
            raw.received_at = None
        raw.brought = True
        raw.unvouched = self.mailbox_id.kind == "group"
        flags = flags_from_status(raw.content)
        raw.flags = (("\\Seen",) if self.mark_read else ()) if flags is None else flags
        return raw

    def _end_file(self, file):
        done = self.bytes_done + self._size_of(file)
        self.write({"bytes_done": done, "place": 0, "attempts": 0})
        # its mails have their originals; the file is not needed any more
        self._drop_file(file)
        if not self.attachment_ids:
            self._finish()

    def _finish(self):
        self.write({"state": "done", "place": 0})

    # -- what is left out -----------------------------------------------------------------------

    def _leave_out(self, raws):
        for raw in raws:
            head = self.env["mail.import.importer"]._receive(self.mailbox_id, raw).parsed
            self._remark(
                self.env._(
                    "“%(subject)s” of %(sender)s is over the size limit of the mailbox.",
                    subject=head.subject,
                    sender=head.sender,
                )
            )

    def _remark(self, words):
        self.left_out_count += 1
        if self.left_out_count <= MAX_REMARKS:
            self.remarks = f"{self.remarks or ''}{words}\n"
