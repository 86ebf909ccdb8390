"""*Rehearse*: the next fetches of a mailbox, to see what comes of them, and to undo it all.

The mail is fetched and imported by what fetches and imports it in earnest. The transaction is one,
and ends by a rollback (``rehearsing.py``); nothing on the mail server changes.
"""

import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..actions import form_of
from ..exceptions import CONFLICTS
from ..receivers.exceptions import ConnectionLost, FolderError, ReceiverError, ServerRefused
from ..receivers.reading_ahead import ReadersAtWork
from ..rehearsal_notes import RehearsalNotes, SomebodyWaits
from ..rehearsing import begin_anew, notes_of, rehearsing

_logger = logging.getLogger(__name__)
REHEARSAL_SECONDS = 45
"""Whoever pressed the button waits, and so does what stands before Odoo: mostly for a minute."""
FEW = 50
"""New mails that tell too little of a change of rules: known mail is tried, too."""


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    rehearsal_ids = fields.One2many("mail.import.rehearsal", "mailbox_id", readonly=True)
    rehearsal_count = fields.Integer(compute="_compute_rehearsal_count", compute_sudo=False)

    @api.depends("rehearsal_ids")
    def _compute_rehearsal_count(self):
        for mailbox in self:
            mailbox.rehearsal_count = len(mailbox.rehearsal_ids)

    # -- buttons --------------------------------------------------------------------------------

    def action_rehearse(self):
        """What the next fetches would make of the mail, as the rules are now."""
        return self._action_rehearse(self.env["mail.import.rule"])

    def _action_rehearse(self, rule):
        """:param rule: one that is asked too, though it may not be switched on"""
        self.ensure_one()
        self._check_may_rehearse()
        return form_of(self._rehearse(rule), self.env._("Rehearsal"))

    def action_test_rules(self):
        """All rules and filters, with one mail."""
        self.ensure_one()
        return self.env["mail.import.rule.test"]._open(self, self.env["mail.import.rule"])

    def action_view_rehearsals(self):
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rehearsals"),
            "res_model": "mail.import.rehearsal",
            "views": [(False, "list"), (False, "form")],
            "domain": [("mailbox_id", "in", self.ids)],
        }

    def _check_may_rehearse(self):
        self.check_access("read")
        if not self.may_read and not self.may_set_up:
            raise AccessError(self.env._("Only who reads or sets up a mailbox rehearses it."))
        self._check_complete()

    # -- in a transaction of its own ------------------------------------------------------------

    def _rehearse(self, rule):
        """Returns the ``mail.import.rehearsal``, which is the caller's transaction's."""
        notes = RehearsalNotes(mailbox_id=self.id, rule_ids=rule.ids)
        # superuser, as the importer
        with rehearsing(self.env["mail.import.importer"]._as_importer().env, notes) as env:
            mailbox = env["mail.import.mailbox"].browse(self.id)
            mailbox = mailbox.with_context(mail_import_fetching=True, fetchmail_cron_running=True)
            if not mailbox._claim_reading():
                raise UserError(
                    self.env._("“%s” is being read just now. Try again in a minute.", self.name)
                )
            # the claim's own snapshot is from before the last fetch ended
            begin_anew(env.cr)
            try:
                notes.ending = mailbox._read_for_rehearsal(notes)
            finally:
                env.cr.rollback()
                mailbox._release_reading()
        # sudo: rehearsals are made by this alone
        return self.env["mail.import.rehearsal"].sudo()._write_down(self, rule, notes).sudo(False)

    def _read_for_rehearsal(self, notes):
        """Returns how it ended, a value of ``ending``."""
        with ReadersAtWork() as readers:
            look = self._new_look(readers)
            look.not_longer_than(REHEARSAL_SECONDS)
            try:
                return self._served(readers, look, self._converse_in_rehearsal(look, notes))
            except CONFLICTS:
                _logger.info("The rehearsal of mailbox %s met another transaction", self.id)
                return "conflict"
            except SomebodyWaits:
                return "waiting"
            except ReceiverError as error:
                if not notes.total and not isinstance(error, ConnectionLost):
                    raise UserError(str(error)) from error
                notes.error = str(error)[:500]
                return "server"
            finally:
                look.close()

    @staticmethod
    def _served(readers, look, conversation):
        """Serve one conversation to its end; returns what it returns."""
        try:
            look.begin(conversation)
            while True:
                readers.next_ready(seconds=0.5)
                if look.is_ready:
                    look.go_on()
                elif look.is_late:
                    look.give_up()
        except StopIteration as end:
            return end.value

    def _converse_in_rehearsal(self, look, notes):
        """As ``_converse``, without what is settled on the server."""
        yield from self._connect(look)
        infos = yield look.ask(lambda receiver: receiver.list_folders())
        self._prepare_rehearsal(infos)
        yield from self._each_folder(look, notes, self._count_waiting)
        for history in (False, True):

            def fetch(look, folder, _notes, history=history):
                if history and self._rests(folder):
                    return False
                return (yield from self._fetch_folder(look, folder, history))

            if (yield from self._each_folder(look, notes, fetch)):
                return "time"
        if notes.taken() < FEW:
            if notes.taken():
                # known mail came before this
                begin_anew(self.env.cr)
                self.env.registry.reset_changes()
                self._prepare_rehearsal(infos)
            if (yield from self._rehearse_known(look, notes)):
                return "time"
        return "complete"

    def _prepare_rehearsal(self, infos):
        self._refresh_folders(infos)
        if not self.act_since:
            self.act_since = fields.Datetime.now()

    def _each_folder(self, look, notes, step):
        """``step`` for each; what the server keeps closed holds up no other. True: time is over."""
        for folder in self.remote_folder_ids - notes.refused(self.env):
            try:
                if (yield from step(look, folder, notes)):
                    return True
            except (FolderError, ServerRefused) as error:
                notes.refuse(folder, error)
        return False

    def _count_waiting(self, look, folder, notes):
        """How many mails the next fetches will look at."""
        state = yield look.select(folder.name)
        if state.uidvalidity != folder.uidvalidity:
            folder._restart(state.uidvalidity)
        uids = set((yield from self._new_uids(look, folder)))
        uids.update((yield from self._backfill_uids(look, folder)))
        notes.total += len(uids)
        return look.time_is_over()

    # -- what is done otherwise in a rehearsal ----------------------------------------------------

    def _import_fetched(self, folder, fetched, history, left):
        notes = notes_of(self.env)
        if notes is None:
            return super()._import_fetched(folder, fetched, history, left)
        self._import_batch(folder, fetched, history, left, killer=False)
        notes.count("quarantined", len(fetched.failures))
        self._commit()
        if self._is_somebody_waiting():
            raise SomebodyWaits
        return None

    def _imported(self, mails):
        super()._imported(mails)
        if (notes := notes_of(self.env)) is not None:
            notes.take(self.env, mails)

    def _is_somebody_waiting(self):
        """Whether another transaction waits for what this one has written."""
        self.env.cr.execute(
            """SELECT EXISTS (
                   SELECT FROM pg_locks
                    WHERE NOT granted AND pid <> pg_backend_pid()
                      AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"""
        )
        return self.env.cr.fetchone()[0]

    @api.model
    def _by_address(self, addresses):
        """The rehearsed mailbox counts as active: it will be, when its mail is fetched."""
        found = super()._by_address(addresses)
        notes = notes_of(self.env)
        if isinstance(notes, RehearsalNotes):
            mailbox = self.browse(notes.mailbox_id)
            for address in mailbox._own_addresses() & set(addresses):
                found.setdefault(address, mailbox)
        return found
