"""What becomes of a quarantined mail: tried again, released as a plain e-mail, or deleted.

Each step is written into its history. What it *is* stays in ``quarantine.py``.
"""

import base64
import logging
import time
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..access import as_superuser
from ..actions import notice
from ..batch import FILTERED, QUARANTINED
from ..exceptions import CONFLICTS
from ..mime.outside import is_costly
from ..receivers.exceptions import ReceiverError
from ..receivers.raw_mail import RawMail
from ..receivers.same_mail import headers_digest
from .filter_sorting import UNFILTERED
from .location_retry import Retried
from .plain_release import plain_mail, readable, ways_to_release
from .quarantine import BACKOFF, MAX_ATTEMPTS

_logger = logging.getLogger(__name__)
RETRIES_AT_ONCE = 50
BY_HAND_SECONDS = 5
"""How long somebody who presses *Retry* waits; the rest is the scheduler's."""


class MailImportQuarantine(models.Model):
    _inherit = "mail.import.quarantine"

    location_ids = fields.One2many("mail.import.location", "quarantine_id", "On the Server")
    has_raw = fields.Boolean("Kept Byte for Byte", compute="_compute_has_raw")

    @api.depends("size")
    def _compute_has_raw(self):
        for quarantine in self:
            quarantine.has_raw = bool(quarantine.size)

    @api.depends("subject")
    def _compute_display_name(self):
        for quarantine in self._named_to_user():
            quarantine.display_name = quarantine.subject or self.env._("Mail no. %s", quarantine.id)

    # -- by itself ------------------------------------------------------------------------------

    @api.model
    def _retry_due(self):
        """Try again what is due; the attempt is committed first, so that a killer is counted."""
        due = self.search(
            [("state", "=", "waiting"), ("next_attempt", "<=", fields.Datetime.now())],
            limit=RETRIES_AT_ONCE,
            order="next_attempt, id",
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for quarantine in due:
            if quarantine.try_lock_for_update():
                quarantine._begin_attempt()
                cron._commit_progress()
                quarantine._retry_or_conflict()
            if not cron._commit_progress(1):
                break

    def _retry_or_conflict(self):
        try:
            self._retry()
        except CONFLICTS:
            self.env.cr.rollback()
            _logger.info("Quarantined mail %s met another worker; it is tried later", self.id)

    # -- by hand --------------------------------------------------------------------------------

    def action_retry(self):
        """Now, or by the scheduler what may take long: whoever waits has a worker waiting."""
        taken = self._taken_in_hand()
        later = taken.filtered(lambda quarantine: quarantine._may_be_slow())
        deadline = time.monotonic() + BY_HAND_SECONDS
        for quarantine in taken - later:
            if time.monotonic() > deadline:
                later |= quarantine
                continue
            quarantine._begin_attempt()
            quarantine._retry()
        if later:
            later._retry_in_background()
        return self._tell_outcome()

    def _may_be_slow(self):
        """What killed a worker, what its server has to be asked for, and what takes a process."""
        return self.killed_worker or not self.raw or is_costly(base64.b64decode(self.raw))

    def _retry_in_background(self):
        """By the scheduler, which commits the attempt first: a worker that dies has counted it."""
        self.write({"state": "waiting", "next_attempt": fields.Datetime.now()})
        self._note(self.env._("To be tried in the background"))
        # sudo: readers may start this one job
        self.env.ref("mail_task_import.ir_cron_quarantine").sudo()._trigger()

    def _is_due(self):
        now = fields.Datetime.now()
        return self.state == "waiting" and self.next_attempt and self.next_attempt <= now

    def action_release(self):
        """Store what can be read of it, headers, text and files, with the mail as a file."""
        for quarantine in self._taken_in_hand():
            quarantine._release()
        return self._tell_outcome()

    def action_delete(self):
        """Delete the content for good; that there was a mail, and who deleted it, stays."""
        for quarantine in self._taken_in_hand():
            quarantine._note(self.env._("Deleted"))
            quarantine.write(
                {
                    "state": "deleted", "raw": False, "size": 0, "subject": False,
                    "sender": False, "trace": False, "next_attempt": False,
                }
            )  # fmt: skip
            quarantine._tell_mailbox(self.env._("A mail in quarantine was deleted."))
        return True

    def action_download(self):
        """The mail byte for byte, as a file; who took it is noted."""
        self.ensure_one()
        self.check_access("read")
        # sudo: only the history is written
        quarantine = self.sudo()
        if not quarantine.has_raw:
            raise UserError(self.env._("The mail server has not handed this mail over yet."))
        quarantine.with_env(quarantine.env(user=self.env.user, su=True))._note(
            self.env._("Downloaded")
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/raw/quarantine-{self.id}.eml"
            "?download=true",
            "target": "download",
        }

    def _taken_in_hand(self):
        """These records, locked, to be changed in the name of their reader."""
        self.check_access("read")
        # sudo: readers may not write the importer's fields; the user stays who it is
        quarantines = self.sudo()
        if quarantines.filtered(lambda quarantine: quarantine.state in ("released", "deleted")):
            raise UserError(self.env._("This mail is no longer in quarantine."))
        quarantines.lock_for_update()
        return quarantines

    def _tell_outcome(self):
        kept = self.filtered(lambda quarantine: quarantine.state != "released")
        later = kept.filtered(lambda quarantine: quarantine._is_due())
        # sudo: the ledger is the importer's
        if not kept and "filtered" in self.sudo().location_ids.mapped("outcome"):
            message = self.env._("A filter skips this mail.")
        elif not kept:
            message = self.env._("The mail is in the mailbox now.")
        elif later.filtered("killed_worker"):
            message = self.env._(
                "It will be tried in the background: the last attempt crashed a worker."
            )
        elif later:
            message = self.env._(
                "It may take a while, so it is tried in the background: look again in a minute."
            )
        else:
            message = self.env._("It could not be imported: %s", kept[0].reason)
        return notice(message, "warning" if kept else "success", reload=True)

    def _tell_mailbox(self, text):
        """In the mailbox's own log, which administrators read: never what the mail says."""
        for quarantine in self:
            quarantine.mailbox_id._message_log(body=f"{text} ({quarantine.id})")

    # -- one attempt ----------------------------------------------------------------------------

    def _begin_attempt(self):
        """Count the attempt before it is made; after the last one it stays."""
        attempts = self.attempts + 1
        again = self.state == "waiting" and attempts < MAX_ATTEMPTS and not self.killed_worker
        self.write(
            {
                "attempts": attempts,
                "state": "waiting" if again else "kept",
                "next_attempt": again and fields.Datetime.now() + BACKOFF[attempts - 1],
            }
        )
        self._note(self.env._("Attempt no. %s", attempts))

    def _retry(self):
        """Import it again, under the one location that it has."""
        try:
            raw = self._raw_mail()
        except (ReceiverError, UserError) as error:
            self._fail(str(error))
            return
        mail = self._import(raw)
        if mail.state != QUARANTINED:
            self._succeed(mail, self._words_of_success(raw))

    def _words_of_success(self, raw):
        if raw.is_short:
            return self.env._(
                "The mail server handed out less than it announced, again: imported as it came, "
                "and left on the server"
            )
        return self.env._("Imported by a later attempt")

    def _import(self, raw, history=None):
        """Returns the ``IncomingMail``; failing, ``_put_aside`` has noted why in this record."""
        location = self.location_ids[:1]
        mailbox = self.mailbox_id
        raw.unvouched = self.unvouched
        raw.brought = self.brought
        raw.handed_over = self.handed_over
        if history is None:
            old = bool(raw.received_at and raw.received_at < mailbox._active_since())
            history = self.history or old
        importer = self.env["mail.import.importer"].with_context(
            mail_import_retried=Retried(self.id)
        )
        (mail,) = importer.import_mails(
            mailbox, [raw], location.remote_folder_id, location.uidvalidity, history=history
        )
        return mail

    @api.model
    def _put_aside(self, batch, mail, reason, trace="", **details):
        """A mail that is in quarantine already, and fails again, stays the one record it is."""
        retried = self.browse(Retried.in_context(self.env) or ())
        if not retried:
            return super()._put_aside(batch, mail, reason, trace, **details)
        retried._fail(reason, trace)
        return retried

    def _fail(self, reason, trace=""):
        self.write({"reason": reason[:500], "trace": trace[-10_000:], "killed_worker": False})
        self._note(self.env._("Another attempt failed: %s", reason[:500]))

    def _succeed(self, mail, text):
        if mail.state == FILTERED:
            text = self.env._("Skipped by the filter “%s”", mail.filter._name_to_all())
        self.write(
            {
                "state": "released",
                "next_attempt": False,
                "email_id": mail.email.id if mail.email else False,
                "raw": False,
                "size": 0,
            }
        )
        self._note(text)

    # -- its bytes ------------------------------------------------------------------------------

    def _raw_mail(self, accepts_others=False):
        """The mail as it was kept, or as the server gives it now.

        :param accepts_others: whatever the server gives in its place, too
        :raises ReceiverError, UserError: the server does not
        """
        location = self.location_ids[:1]
        if self.raw:
            content = base64.b64decode(self.raw)
            return RawMail(
                content,
                uid=location.uid,
                received_at=self.received_at or None,
                size=len(content),
                is_short=self.is_short,
            )
        if not location:
            raise UserError(self.env._("Neither its bytes nor its place on the server are known."))
        return self._refetch(location, accepts_others)

    def _refetch(self, location, accepts_others):
        with self.mailbox_id._receiver() as receiver:
            receiver.accepts_short, receiver.accepts_others = True, accepts_others
            state = receiver.select(location.remote_folder_id.name)
            if state.uidvalidity != location.uidvalidity:
                raise UserError(self.env._("The mail server has renumbered the folder since."))
            batches = list(receiver.fetch([location.uid], self.mailbox_id.size_limit))
            if not batches:
                words = "; ".join(failure.words for failure in receiver.failures)
                raise UserError(
                    words or self.env._("The mail is no longer in its folder on the server.")
                )
            return batches[0][0]

    # -- release --------------------------------------------------------------------------------

    def _release(self):
        """First all that can be read of it, then less and less, should that be the trouble."""
        raw = self._raw_for_release()
        words = self.env._(
            "This mail could not be imported. It is attached as it came: open it with care. "
            "The reason: %s",
            self.reason,
        )
        names = "\n".join(filter(None, (self.sender, self.subject)))
        for with_headers, text, files in ways_to_release(*readable(raw.content)):
            shown = (words, text) if with_headers else (words, names if text else "", text)
            content = plain_mail(raw.content, "\n\n".join(filter(None, shown)), with_headers, files)
            # whoever releases it wants it, whatever a filter says
            digest = headers_digest(raw.content)
            mail = self.with_context(**UNFILTERED)._import(
                replace(raw, content=content, size=len(content), digest=digest), history=True
            )
            if mail.state != QUARANTINED:
                if mail.entry:
                    as_superuser(mail.entry)._keep_original(raw.content)
                self._succeed(mail, self.env._("Released as a plain e-mail"))
                return

    def _raw_for_release(self):
        try:
            raw = self._raw_mail(accepts_others=True)
        except ReceiverError as error:
            raise UserError(str(error)) from error
        if raw.truncated:
            raise UserError(
                self.env._("It is over the size limit, so only its headers come: try it again.")
            )
        return raw
