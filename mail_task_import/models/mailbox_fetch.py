"""Fetching: how a mailbox's folders are read, batch by batch, and what is settled afterwards.

The position and the mail are committed together; the server is touched only after that.
"""

import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import CONFLICTS
from ..receivers.connection import ConnectionSettings
from ..receivers.exceptions import ConnectionLost, FolderError, ReceiverError, ServerRefused
from ..receivers.folders import watched
from ..receivers.imap import ImapReceiver

_logger = logging.getLogger(__name__)
BATCH_COUNT = 50
BATCH_BYTES = 20 * 1024 * 1024
READING_LOCK = 0x4D54494D
"""Namespace of this add-on's advisory locks."""
BUDGET_SECONDS = 60
"""For one mailbox in one run of the scheduler."""
MAX_CONFLICTS = 8
MAX_DEATHS = 2
"""A mail that was taken singly and killed its worker this often is put aside unread."""
MAX_CUTS = 6
"""A message on which the connection broke this often is put aside, and asked for again later."""


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    next_fetch = fields.Datetime(readonly=True, copy=False, help="Empty: at once.")

    # -- connecting -----------------------------------------------------------------------------

    def _receiver(self):
        """An ``ImapReceiver`` of this mailbox, not open yet."""
        return ImapReceiver(*self._connection__())

    def _connection__(self):
        """``ConnectionSettings``, and the callable that signs in."""
        self.ensure_one()
        # sudo: connection data and the login of the mailbox, for the importer only
        mailbox = self.sudo()
        if not mailbox.host:
            raise UserError(self.env._("“%s” has no IMAP server yet.", mailbox.name))
        settings = ConnectionSettings(
            host=mailbox.host,
            port=mailbox.port,
            security=mailbox.security,
            login=mailbox.login or "",
            ca_file=mailbox.ca_file or None,
            peers=mailbox._peers(),
        )
        return settings, mailbox.server_id._imap_login__

    def _synchronise_server(self):
        """Keep the host's incoming mail server in step; its password stays empty."""
        self.ensure_one()
        # sudo: owners set up their own mailbox without being administrators
        mailbox = self.sudo()
        values = {
            "name": mailbox.name,
            "server": mailbox.host,
            "port": mailbox.port,
            "is_ssl": mailbox.security == "ssl",
            "user": mailbox.login,
            "active": mailbox.active,
            "state": "done" if mailbox.state == "active" and mailbox.active else "draft",
        }
        if mailbox.server_id:
            mailbox.server_id.write(values)
        else:
            mailbox.server_id = (
                self.env["fetchmail.server"]
                .sudo()
                .create({**values, "server_type": "imap", "object_id": False})
            )

    # -- one run --------------------------------------------------------------------------------

    def _is_due(self):
        return not self.next_fetch or self.next_fetch <= fields.Datetime.now()

    def _fetch_if_due(self):
        """Fetch, where the interval is over. Returns the exception that stopped it, or None."""
        mailbox = self.with_context(mail_import_fetching=True, fetchmail_cron_running=True)
        if mailbox.state != "active" or not mailbox.active or not mailbox._is_due():
            return None
        error = mailbox._fetch()
        # the host lists its servers longest-waiting first
        mailbox._committed(mailbox.server_id.write, {"date": fields.Datetime.now()})
        return error

    def _has_more(self, since):
        """Whether this run, begun at ``since``, stopped before everything was fetched."""
        return bool(
            self.last_fetch
            and self.last_fetch >= since
            and not self.failures
            and not self.next_fetch
        )

    def _fetch(self):
        """Fetch what is new, within the time budget. Commits as it goes.

        :return: the exception that stopped it, or None
        """
        self.ensure_one()
        if not self._claim_reading():
            return None
        try:
            return self._fetch_claimed(time.monotonic() + BUDGET_SECONDS)
        except BaseException:
            # a transaction that failed would not take the release, and the session keeps its lock
            self.env.cr.rollback()
            raise
        finally:
            self._release_reading()

    def _claim_reading(self):
        """One worker reads a mailbox at a time. Commits end row locks, so the session holds it:

        PostgreSQL releases it with the connection, however the worker ends.
        """
        self.env.cr.execute("SELECT pg_try_advisory_lock(%s, %s)", [READING_LOCK, self.id])
        return self.env.cr.fetchone()[0]

    def _release_reading(self):
        self.env.cr.execute("SELECT pg_advisory_unlock(%s, %s)", [READING_LOCK, self.id])

    def _fetch_claimed(self, deadline):
        refused = []
        try:
            with self._receiver() as receiver:
                self._refresh_folders(receiver)
                more = self._fetch_folders(receiver, False, deadline, refused)
                more = self._audit(receiver, deadline) or more
                more = more or self._fetch_folders(receiver, True, deadline, refused)
                self._settle(receiver)
            if refused:
                raise refused[0]
        except Exception as error:
            self.env.cr.rollback()
            self._committed(self._note_failure, error)
            if not isinstance(error, ReceiverError | UserError):
                _logger.exception("Fetching mailbox %s failed", self.id)
            return error
        self._committed(self._note_success, more)
        return None

    def _commit(self):
        """The importer's transactions are its own: each batch, with its position, is one."""
        self.env.cr.commit()  # pylint: disable=invalid-commit

    def _committed(self, step, *args):
        """Run a step and commit it, again where another transaction was faster."""
        for attempt in range(MAX_CONFLICTS):
            try:
                result = step(*args)
                self._commit()
                return result
            except CONFLICTS:
                self.env.cr.rollback()
                if attempt + 1 == MAX_CONFLICTS:
                    raise
                time.sleep(0.05 * 2**attempt)
        return None

    def _fetch_folders(self, receiver, history, deadline, refused):
        """New mail of all folders, or history. True where something is left.

        :param refused: gains the error of each folder that the server keeps closed: a folder that
            somebody renamed holds up neither the others nor what is to be settled
        """
        for folder in self.remote_folder_ids:
            if time.monotonic() > deadline:
                return True
            try:
                if self._fetch_folder(receiver, folder, history, deadline):
                    return True
            except (FolderError, ServerRefused) as error:
                self.env.cr.rollback()
                refused.append(error)
        return False

    def _fetch_folder(self, receiver, folder, history, deadline):
        self._phase("select %s", folder.name)
        state = receiver.select(folder.name)
        if state.uidvalidity != folder.uidvalidity:
            folder._restart(state.uidvalidity)
            self._commit()
        list_uids = self._backfill_uids if history else self._new_uids
        uids = list_uids(receiver, folder)
        folder.waiting = len(uids)
        self._commit()
        while uids:
            if time.monotonic() > deadline:
                return True
            part, uids = self._next_part(folder, uids, history)
            self._fetch_part(receiver, folder, part, history, len(uids))
            if not self.env["ir.cron"]._commit_progress(remaining=1):
                return True
        if history and self.fetch_since and not folder.backfill_done:
            # what moves in from now on has a higher UID than all that is done
            folder.backfill_done = True
            self._commit()
        return False

    def _new_uids(self, receiver, folder):
        """UIDs above the position; in a folder that was never read, those since *act since*."""
        if folder.last_uid:
            return receiver.uids_above(folder.last_uid)
        return receiver.uids_since(self._active_since().date())

    def _active_since(self):
        return self.act_since or self.create_date

    def _backfill_uids(self, receiver, folder):
        """UIDs since *fetch since* that have no location yet, newest first.

        Asked of the ledger, not of the position: mail that was moved into the folder has a high
        UID and an old date, and must not fall between the two ranges.
        """
        if not self.fetch_since or folder.backfill_done:
            return []
        uids = receiver.uids_since(self.fetch_since)
        done = self.env["mail.import.location"]._done_uids(folder, folder.uidvalidity, uids)
        return [uid for uid in reversed(uids) if uid not in done]

    def _next_part(self, folder, uids, history):
        """The next batch of UIDs; one only where a batch did not return twice."""
        stopped = max(folder.attempts, folder.cuts)
        if stopped >= 2 and folder.attempt_uid == uids[0] and not folder.singly:
            folder.write({"singly": min(BATCH_COUNT, len(uids)), "attempts": 0, "cuts": 0})
        count = 1 if folder.singly else BATCH_COUNT
        return uids[:count], uids[count:]

    def _fetch_part(self, receiver, folder, uids, history, left):
        """Fetch and import these UIDs: attempt noted, mails read, imported, committed."""
        killer = folder._begin_attempt(uids[0]) >= MAX_DEATHS
        self._commit()
        self._phase("fetch %s-%s", uids[0], uids[-1])
        try:
            for raws in receiver.fetch(
                uids, self.size_limit, batch_bytes=BATCH_BYTES, batch_count=BATCH_COUNT
            ):
                refused = list(receiver.failures)
                self._committed(self._import_batch, folder, raws, refused, history, left, killer)
                self._phase("committed")
        except Exception as error:
            self.env.cr.rollback()
            self._committed(folder._survive_attempt, isinstance(error, ConnectionLost))
            if folder.singly and folder.cuts > MAX_CUTS:
                folder._quarantine_unread(uids[0], str(error))
                self._finish_part(receiver, folder, uids, history, left)
            raise
        self._finish_part(receiver, folder, uids, history, left)

    def _finish_part(self, receiver, folder, uids, history, left):
        """Move the position past messages that vanished or that the server refused to give."""
        for failure in receiver.failures:
            if failure.uid in uids:
                folder._quarantine_unread(failure.uid, failure.words)
        folder._advance(uids, history)
        folder.write(
            {"attempts": 0, "cuts": 0, "waiting": left, "singly": max(0, folder.singly - 1)}
        )
        self._commit()

    def _import_batch(self, folder, raws, refused, history, left, killer):
        """One batch in one transaction: lock the folder, drop what is done, import, advance.

        :param refused: mails among them that the server did not hand out; the position passes them
        """
        folder.lock_for_update()
        raws = folder._not_done(raws)
        self._phase("import %s", len(raws))
        importer = self.env["mail.import.importer"]
        for part, old in self._by_age(raws):
            if killer:
                importer._quarantine_unparsed(self, part, folder, folder.uidvalidity)
            else:
                importer.import_mails(self, part, folder, folder.uidvalidity, history=old)
        for failure in refused:
            folder._quarantine_unread(failure.uid, failure.words)
        folder._advance([raw.uid for raw in raws], history)
        folder.waiting = left
        self._phase("commit")

    def _by_age(self, raws):
        """``(mails, history)``: before *act since* is history, before *fetch since* nothing.

        The server searches by day, a mailbox is activated at a moment; and mail that is moved into
        a folder keeps its date.
        """
        since = self._active_since()
        old = [raw for raw in raws if raw.received_at and raw.received_at < since]
        old_uids = {raw.uid for raw in old}
        new = [raw for raw in raws if raw.uid not in old_uids]
        kept = [
            raw for raw in old if self.fetch_since and raw.received_at.date() >= self.fetch_since
        ]
        return [part for part in ((kept, True), (new, False)) if part[0]]

    @api.model
    def _phase(self, text, *args):
        """For an administrator who follows one import; tests of killed workers read it too."""
        _logger.debug("mail import phase: " + text, *args)

    # -- settling -------------------------------------------------------------------------------

    def _settle(self, receiver):
        """Carry out what is still to be done on the server, after the commit."""
        changes = self.env["mail.import.remote.change"].search(
            [("mailbox_id", "=", self.id)],
            limit=1000,
            order="attempts, id",  # a thousand that fail keep nobody waiting
        )
        if changes:
            self._phase("settle %s", len(changes))
            changes._settle(receiver)
            self._commit()

    def _refresh_folders(self, receiver):
        """Know the roles of the watched folders, and find those of the pattern."""
        infos = receiver.list_folders()
        roles = {info.name: info.role for info in infos}
        watching = self.with_context(active_test=False).remote_folder_ids
        for folder in watching:
            role = roles.get(folder.name) or False
            if folder.role != role:
                folder.role = role
        sent = next((info.name for info in infos if info.role == "sent"), False)
        if sent != self.sent_folder:
            self.sent_folder = sent
        if self.folder_pattern:
            known = set(watching.mapped("name"))
            self.remote_folder_ids = [
                fields.Command.create({"name": info.name, "role": info.role or False})
                for info in watched(self.folder_pattern, infos)
                if info.name not in known
            ]
        self._commit()
