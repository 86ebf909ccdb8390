"""The importer: the one way in for every receiver, ``.eml`` import, test and benchmark.

It only calls the steps in their order; each step belongs to the model that owns the decision.
"""

import logging
import traceback

from odoo import api, models
from odoo.exceptions import UserError

from ..access import as_superuser
from ..batch import QUARANTINED, Batch, IncomingMail
from ..exceptions import is_no_mails_fault
from ..mime.outside import Unreadable, parse_bounded
from ..mime.parsed_mail import ParsedMail
from ..mime.parser import parse
from ..receivers.raw_mail import RawMail
from ..undoing import undone_on_failure
from .ir_attachment import AS_IT_CAME

_logger = logging.getLogger(__name__)


class MailImportImporter(models.AbstractModel):
    _name = "mail.import.importer"
    _description = "Mail Importer"

    @api.private
    def import_mails(self, mailbox, raws, remote_folder=None, uidvalidity=0, history=False):
        """Import mails into a mailbox.

        :param raws: an iterable of bytes or ``RawMail``, oldest first
        :param history: file and link only: no record, no publication, no notification
        :return: one ``IncomingMail`` for each, in order, with ``state`` ("stored", "duplicate",
            "filtered", "quarantined") and ``email``
        :raises: never for what a mail contains; database conflicts (``CONFLICTS``) go to the
            caller, who rolls back and tries again; so does what ``is_host_trouble``, a full disk,
            say: no mail is put aside for it
        """
        # superuser, not sudo(): whoever pressed the button is nobody's author or creator
        importer = self._as_importer().with_company(mailbox.company_id)
        mailbox = mailbox.with_env(importer.env)
        raws = [raw if isinstance(raw, RawMail) else RawMail(content=raw) for raw in raws]
        sent = bool(remote_folder) and remote_folder.role == "sent"
        mails = []
        for part in importer._import(
            raws,
            lambda some: Batch(
                mailbox=mailbox,
                mails=[importer._receive(mailbox, raw) for raw in some],
                remote_folder=remote_folder and remote_folder.with_env(importer.env),
                uidvalidity=uidvalidity,
                history=history,
                sent=sent,
            ),
        ):
            mails += part
        return mails

    @api.model
    def _as_importer(self):
        """The superuser, who unlike users could store HTML and SVG that open as pages."""
        return as_superuser(self, **AS_IT_CAME)

    @api.model
    def _receive(self, mailbox, raw):
        options = {
            "received_at": raw.received_at or None,
            "truncated": raw.truncated,
            "own_addresses": mailbox._own_addresses(),
        }
        unread = ""
        try:
            parsed = parse_bounded(raw.content, **options)
        except Unreadable as error:
            _logger.warning("A mail of %s could not be read: %s", mailbox.address, error)
            parsed = parse(raw.content, **{**options, "truncated": True})
            unread = self._why_unread(error)
        if raw.unvouched:
            parsed.authentication = []
        elif raw.handed_over and not mailbox._removes_forged_results():
            parsed.authentication = [each for each in parsed.authentication if each.on_top]
        return IncomingMail(raw=raw, parsed=parsed, unread=unread)

    @api.model
    def _why_unread(self, error):
        if error.why == "time":
            return self.env._("Reading this mail took too long.")
        return self.env._("Reading this mail needed too much memory, or broke the program.")

    @api.model
    def _why_failed(self, error):
        """In words for people; what the program says of itself is among the technical details."""
        if isinstance(error, UserError):
            return str(error)
        return self.env._("An error in the program stopped it: the technical details name it.")

    def _import(self, raws, new_batch):
        """Import in one batch; a batch that fails is undone and retried in halves."""
        batch = new_batch(raws)
        try:
            with undone_on_failure(self.env.cr):
                self._walk(batch)
        except Exception as error:
            if is_no_mails_fault(error):
                raise
            if len(raws) > 1:
                half = len(raws) // 2
                yield from self._import(raws[:half], new_batch)
                yield from self._import(raws[half:], new_batch)
                return
            _logger.warning("A mail of %s is put aside", batch.mailbox.address, exc_info=True)
            batch = new_batch(raws)
            self._put_aside(
                batch, batch.mails[0], self._why_failed(error), trace=traceback.format_exc()
            )
        yield batch.mails

    def _walk(self, batch):
        """known? -> filter -> link -> store -> deliver"""
        env = self.env
        env["mail.import.arrival"]._claim_batch(batch)
        for mail in batch.mails:
            if mail.unread:
                self._quarantine(batch, mail, mail.unread, again=False)
        env["mail.import.email"]._recognise(batch)
        env["mail.import.filter"]._sort_out(batch)
        env["mail.import.target"]._decide_links(batch)
        env["mail.import.email"]._store(batch)
        env["mail.import.entry"]._store(batch)
        env["mail.import.invitation"]._store(batch)
        env["mail.import.link"]._store(batch)
        env["mail.import.bounce"]._hand_over(batch)
        env["mail.import.confirmation"]._confirm(batch)
        env["mail.import.unmatched"]._take_care(batch)
        env["mail.import.location"]._store(batch)
        env["mail.import.forwarding"]._notice(batch)
        env["mail.import.entry"]._deliver(batch)
        env["mail.import.mailbox"]._phase("flush")
        env.flush_all()

    def _put_aside(self, batch, mail, reason, **details):
        self._quarantine(batch, mail, reason, **details)
        self.env["mail.import.location"]._store(batch)

    def _quarantine(self, batch, mail, reason, **details):
        Quarantine = self.env["mail.import.quarantine"]
        mail.quarantine = Quarantine._put_aside(batch, mail, reason, **details)
        mail.state = QUARANTINED

    @api.model
    def _put_aside_handed_over(self, mailbox, content, error):
        """A mail that nobody keeps for us, and that even the way into quarantine has failed for."""
        raw = RawMail(content, size=len(content), handed_over=True)
        mail = IncomingMail(raw=raw, parsed=parse(content, truncated=True))
        batch = Batch(mailbox=mailbox, mails=[mail])
        trace = "".join(traceback.format_exception(error))
        self._as_importer()._put_aside(batch, mail, self._why_failed(error), trace=trace)

    @api.model
    def _quarantine_unparsed(self, mailbox, raws, remote_folder, uidvalidity):
        """Put mails aside without looking into them: one of them has killed its worker."""
        for raw in raws:
            mail = IncomingMail(raw=raw, parsed=ParsedMail())
            batch = Batch(
                mailbox=mailbox, mails=[mail], remote_folder=remote_folder, uidvalidity=uidvalidity
            )
            reason = self.env._("The import did not survive this mail twice.")
            self._as_importer()._put_aside(batch, mail, reason, killed_worker=True)
