"""Fetching: how a mailbox's folders are read, batch by batch, and what is settled afterwards.

The position and the mail are committed together; the server is touched only after that.
"""

import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..access import in_own_context
from ..accounts import SERVICES
from ..exceptions import CONFLICTS
from ..looks import Look, Run
from ..receivers.connection import ConnectionSettings
from ..receivers.exceptions import ConnectionLost, FolderError, ReceiverError, ServerRefused
from ..receivers.folders import watched
from ..receivers.imap import ImapReceiver
from ..receivers.sign_in import NotedSignIn
from .mailbox_patience import ANSWER_SECONDS, CONNECT_SECONDS, SILENCE_SECONDS

_logger = logging.getLogger(__name__)
READING_LOCK = 0x4D54494D
"""Namespace of this add-on's advisory locks."""
BUDGET_SECONDS = 60
"""For one mailbox in one run of the scheduler."""
HISTORY_SECONDS = 30
"""Of history in one look: then one looks for new mail again, well within the shortest interval."""
PASSWORD_TYPES = ("imap", "pop")
"""The host's server types that sign in with a password, each with its protocol."""
AGAIN = "again"
"""In place of True for history: what an audit found missing. It is neither new nor on the way."""
MAX_CONFLICTS = 8
MAX_DEATHS = 2
"""A mail that was taken singly and killed its worker this often is put aside unread."""


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    next_fetch = fields.Datetime(readonly=True, copy=False, help="Empty: at once.")
    asked_at = fields.Datetime(readonly=True, copy=False, help="When somebody asked to fetch now.")

    # -- connecting -----------------------------------------------------------------------------

    def _receiver(self):
        """Speaks with the server of this mailbox; not open yet. For who waits for it."""
        return self._new_receiver(*self._connection__())

    def _new_receiver(self, settings, sign_in):
        return ImapReceiver(settings, sign_in)

    def _receiver_for_threads(self):
        """The same for a thread that knows no models: what it signs in by is noted here already.

        Where that cannot be, ``authenticate`` is no ``NotedSignIn`` but the host's own.
        """
        settings, sign_in = self._connection__()
        # sudo: the importer signs in as the mailbox
        return self._new_receiver(settings, self.sudo().server_id._noted_sign_in__() or sign_in)

    def _connection__(self):
        """``ConnectionSettings``, and the callable that signs in."""
        self.ensure_one()
        # sudo: connection data and the login of the mailbox, for the importer only
        mailbox = self.sudo()
        if not mailbox.host:
            raise UserError(self.env._("“%s” has no mail server yet.", mailbox.name))
        settings = ConnectionSettings(
            host=mailbox.host,
            port=mailbox.port,
            security=mailbox.security,
            login=mailbox.login or "",
            timeout=mailbox._patience(CONNECT_SECONDS),
            read_timeout=mailbox._patience(SILENCE_SECONDS),
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
            **mailbox._server_type(),
            "name": mailbox.name,
            "server": mailbox.host,
            "port": mailbox.port,
            "is_ssl": mailbox.security == "ssl" or mailbox.sign_in_by in SERVICES,
            "user": mailbox.login,
            "active": mailbox.active,
            "state": "done" if mailbox._is_fetched() else "draft",
        }
        if mailbox.server_id:
            mailbox.server_id.write(values)
        else:
            servers = in_own_context(self.env["fetchmail.server"].sudo())
            mailbox.server_id = servers.create({**values, "object_id": False})

    def _server_type(self):
        """As the host calls it. Types of other add-ons, which sign in by themselves, stay."""
        ours = self.sign_in_by if self.sign_in_by in SERVICES else self.protocol
        known = self.server_id.server_type or ours
        return {"server_type": ours} if known in (*PASSWORD_TYPES, *SERVICES) else {}

    # -- one look -------------------------------------------------------------------------------

    def _is_fetched(self):
        """Not one whose mail is handed over, and that has no server."""
        return bool(self.state == "active" and self.active and self.host)

    def _is_due(self):
        return not self.next_fetch or self.next_fetch <= fields.Datetime.now()

    def _due_here(self):
        """Those that are to be looked at now, by this worker."""
        return self.with_context(mail_import_fetching=True, fetchmail_cron_running=True).filtered(
            lambda mailbox: (
                mailbox.state == "active"
                and mailbox.active
                and mailbox.host
                and mailbox._is_due()
                and not mailbox._is_fetched_elsewhere()
            )
        )

    def _is_fetched_elsewhere(self):
        """For add-ons that have another worker fetch a mailbox that is due."""
        return False

    def _fetch_if_due(self):
        """Fetch, where the interval is over. Returns the exception that stopped it, or None."""
        due = self._due_here()
        return due._fetch() if due else None

    def _fetch(self):
        """Fetch what is new, each within its time budget, all at once. Commits as it goes.

        :return: the exception that stopped one of them, or None
        """
        mailboxes = iter([self])
        errors = Run(self.env, lambda: next(mailboxes, self.browse())).carry_out()
        return errors[-1] if errors else None

    def _has_more(self, since):
        """Whether this run, begun at ``since``, stopped before everything was fetched."""
        return bool(
            self.last_fetch
            and self.last_fetch >= since
            and not self.failures
            and not self.next_fetch
        )

    def _asked_again(self, look):
        """Whether somebody asked for a look while this one was under way already."""
        return self.asked_at != look.asked_at

    def _is_asked_for(self):
        """Whether somebody waits for the next look: new mail was announced, or a button pressed."""
        return bool(self.asked_at and not (self.last_fetch and self.last_fetch > self.asked_at))

    @api.model
    def _asked_ids(self):
        """Mailboxes that are to be looked at because somebody asked for it."""
        self.env.cr.execute(
            """SELECT id FROM mail_import_mailbox
                WHERE active AND state = 'active' AND next_fetch IS NULL AND asked_at IS NOT NULL"""
        )
        return {mailbox_id for (mailbox_id,) in self.env.cr.fetchall()}

    def _claim_reading(self):
        """One worker reads a mailbox at a time. Commits end row locks, so the session holds it:

        PostgreSQL releases it with the connection, however the worker ends.
        """
        self.env.cr.execute("SELECT pg_try_advisory_lock(%s, %s)", [READING_LOCK, self.id])
        return self.env.cr.fetchone()[0]

    def _release_reading(self):
        self.env.cr.execute("SELECT pg_advisory_unlock(%s, %s)", [READING_LOCK, self.id])

    def _new_look(self, readers):
        """A ``Look``: the thread of this mailbox's server is started, nothing is asked yet."""
        reader = readers.start(self.id, self._receiver_for_threads())
        return Look(self, reader, readers.room, BUDGET_SECONDS, self._patience(ANSWER_SECONDS))

    def _converse(self, look):
        """The whole conversation of one look. Returns True where something is left to fetch.

        It yields requests and is given their answers; whatever it wrote until then is committed.
        """
        yield from self._connect(look)
        self._refresh_folders((yield look.ask(lambda receiver: receiver.list_folders())))
        more = yield from self._fetch_folders(look, history=False)
        more = (yield from self._audit(look)) or more
        look.not_longer_than(HISTORY_SECONDS)
        more = more or (yield from self._fetch_folders(look, history=True))
        yield from self._settle(look)
        self._check_refused(look)
        return more

    def _connect(self, look):
        """Connect and sign in. What cannot be noted beforehand waits here for the server's word."""
        receiver = look.reader.receiver
        if isinstance(receiver.authenticate, NotedSignIn):
            yield look.ask(lambda receiver: receiver.open())
        else:
            yield look.ask(lambda receiver: receiver.connect())
            receiver.sign_in(receiver.authenticate)

    def _note_look(self, more, error, has_stored=False, look=None):
        """What came of it, on the mailbox.

        :param look: None where it did not even begin
        """
        if not self.exists():
            return
        if has_stored and isinstance(error, ConnectionLost):
            self._committed(self._note_cut_short, error)
        elif error:
            self._committed(self._note_failure, error)
            if not isinstance(error, ReceiverError | UserError):
                _logger.error("Fetching mailbox %s failed", self.id, exc_info=error)
        else:
            # who asks in this very moment makes the commit fail, and is heard the second time
            self._committed(lambda: self._note_success(more or self._asked_again(look)))
        # the host lists its servers longest-waiting first
        self._committed(self.server_id.write, {"date": fields.Datetime.now()})

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

    # -- folders --------------------------------------------------------------------------------

    def _fetch_folders(self, look, history):
        """New mail of all folders, or history. True where something is left.

        A folder that somebody renamed holds up neither the others nor what is to be settled.
        """
        for folder in self.remote_folder_ids:
            if history and (folder in look.refused or self._rests(folder)):
                continue
            if look.time_is_over():
                return True
            try:
                more = yield from self._fetch_folder(look, folder, history)
            except (FolderError, ServerRefused) as error:
                self.env.cr.rollback()
                look.refused[folder] = error
                folder._note_refused(error)
                continue
            folder._note_read(history)
            if more:
                return True
        return False

    def _rests(self, folder):
        """Its history is stopped. How much of it there is, is asked once all the same."""
        return self.history_stopped and bool(folder.history_begun_at or folder.backfill_done)

    def _fetch_folder(self, look, folder, history):
        self._phase("select %s", folder.name)
        state = yield look.select(folder.name)
        if state.uidvalidity != folder.uidvalidity:
            folder._restart(state.uidvalidity)
        list_uids = self._backfill_uids if history else self._new_uids
        uids = yield from list_uids(look, folder)
        if history:
            folder._note_listed(len(uids))
            if uids and self.history_stopped:
                return False
        folder.waiting = len(uids)
        if (yield from self._fetch_uids(look, folder, uids, history)):
            return True
        if history and self.fetch_since and not folder.backfill_done:
            # what moves in from now on has a higher UID than all that is done
            folder.backfill_done = True
            if not folder.last_uid:
                done = self.env["mail.import.location"]._all_done_uids(folder)
                folder.last_uid = max(done, default=0)
        return False

    def _new_uids(self, look, folder):
        """UIDs above the position; in a folder that was never read, those since *act since*."""
        if last := folder.last_uid:
            return (yield look.ask(lambda receiver: receiver.uids_above(last)))
        if folder.backfill_done:
            # nothing was there when its history was complete: what came since may be of any age
            return (yield from self._uids_without_location(look, folder))
        since = self._active_since().date()
        return (yield look.ask(lambda receiver: receiver.uids_since(since)))

    def _active_since(self):
        return self.act_since or self.create_date

    def _backfill_uids(self, look, folder):
        """UIDs since *fetch since* that have no location yet, newest first.

        Asked of the ledger, not of the position: mail that was moved into the folder has a high
        UID and an old date, and must not fall between the two ranges.
        """
        if not self.fetch_since or folder.backfill_done:
            return []
        uids = yield from self._uids_without_location(look, folder)
        return uids[::-1]

    def _uids_without_location(self, look, folder):
        since = self.fetch_since
        uids = yield look.ask(lambda receiver: receiver.uids_since(since))
        done = self.env["mail.import.location"]._all_done_uids(folder)
        return [uid for uid in uids if uid not in done]

    def _fetch_uids(self, look, folder, uids, history):
        """Fetch and import these, read ahead meanwhile. True where the time did not suffice."""
        attempts = folder._attempts(history)
        attempts.look_out(uids)
        reading = None
        try:
            while uids:
                if look.time_is_over() or self._is_stopped(look, history):
                    return True
                if not reading:
                    self._phase("fetch %s-%s", uids[0], uids[-1])
                    singly = bool(attempts.singly)
                    reading = look.read_ahead(uids[:1] if singly else uids, self.size_limit)
                fetched = yield from self._next_fetched(folder, reading, history)
                uids = uids[len(fetched.uids) :]
                self._import_fetched(folder, fetched, history, len(uids))
                look.has_stored = look.has_stored or bool(fetched.mails)
                reading.done_with(fetched)
                if singly or attempts.singly:
                    reading.cancel()
                    reading = None
                if not self.env["ir.cron"]._commit_progress(len(fetched.mails), remaining=1):
                    look.hurry()
        finally:
            if reading:
                reading.cancel()
        return False

    def _is_stopped(self, look, history):
        """Somebody pressed *Stop*, or new mail was announced, which comes before history.

        Perhaps this moment: each commit shows what others wrote.
        """
        return history is True and (self.history_stopped or self._asked_again(look))

    def _next_fetched(self, folder, reading, history):
        try:
            return (yield reading)
        except ConnectionLost as error:
            self._committed(folder._attempts(history).note_cut, reading.in_flight, str(error))
            raise

    def _import_fetched(self, folder, fetched, history, left):
        """One batch: the attempt is committed, then mail, position and all."""
        attempts = folder._attempts(history)
        killer = False
        if fetched.mails:
            killer = attempts.note(fetched.mails[0].uid) >= MAX_DEATHS
            self._commit()
        try:
            self._committed(self._import_batch, folder, fetched, history, left, killer)
        except Exception:
            # the worker lives: no mail is a killer for that
            self.env.cr.rollback()
            self._committed(attempts.take_back)
            raise
        self._phase("committed")

    def _import_batch(self, folder, fetched, history, left, killer):
        """One batch in one transaction: lock the folder, drop what is done, import, advance."""
        folder.lock_for_update()
        undone = folder._undone([raw.uid for raw in self._wanted(fetched.mails, history)])
        raws = [raw for raw in fetched.mails if raw.uid in undone]
        self._phase("import %s", len(raws))
        importer = self.env["mail.import.importer"]
        for part, old in self._by_age(raws):
            if killer:
                importer._quarantine_unparsed(self, part, folder, folder.uidvalidity)
            else:
                self._imported(
                    importer.import_mails(self, part, folder, folder.uidvalidity, history=old)
                )
        for failure in fetched.failures:
            folder._quarantine_unread(failure.uid, failure.words)
        folder._advance(fetched.uids, history)
        folder._attempts(history).note_survived(len(fetched.uids))
        if history != AGAIN:
            folder.waiting = left
        if history is True:
            folder._note_history(len(fetched.uids), left)
        self._phase("commit")

    def _imported(self, mails):
        """For who watches: outcomes of a part of a batch, which is not committed yet."""

    def _wanted(self, raws, history):
        """Not what is older than *fetch since*, unless an audit asked for it.

        The server searches by day; and mail that is moved into a folder keeps its date.
        """
        first = self.fetch_since
        return [
            raw
            for raw in raws
            if history == AGAIN
            or not self._is_old(raw)
            or (first and raw.received_at.date() >= first)
        ]

    def _is_old(self, raw):
        return bool(raw.received_at and raw.received_at < self._active_since())

    def _by_age(self, raws):
        """``(mails, history)``: what came before *act since* is history."""
        old = [raw for raw in raws if self._is_old(raw)]
        new = [raw for raw in raws if not self._is_old(raw)]
        return [part for part in ((old, True), (new, False)) if part[0]]

    @api.model
    def _phase(self, text, *args):
        """For an administrator who follows one import; tests of killed workers read it too."""
        _logger.debug("mail import phase: " + text, *args)

    # -- settling -------------------------------------------------------------------------------

    def _settle(self, look):
        """Carry out what is still to be done on the server, after the commit."""
        changes = self.env["mail.import.remote.change"].search(
            [("mailbox_id", "=", self.id)],
            limit=1000,
            order="attempts, id",  # a thousand that fail keep nobody waiting
        )
        if changes:
            self._phase("settle %s", len(changes))
            yield from changes._settle(look)

    def _refresh_folders(self, infos):
        """Know the roles of the watched folders, and find those of the pattern."""
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
