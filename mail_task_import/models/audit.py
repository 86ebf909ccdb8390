"""Audits: the messages on the server compared with the ledger of locations, and the result.

An audit counts for whoever sees the mailbox. The messages that it names (``audit_line.py``) are for
the readers of the mailbox alone. A folder that the server refuses is noted, and the others go on.
"""

from odoo import api, fields, models
from odoo.tools import format_datetime

from ..kept import keep_last
from ..receivers.exceptions import ConnectionLost, ReceiverError

KEPT = 30
"""Audits a mailbox keeps; older ones go."""
MAX_ATTEMPTS = 3
"""An audit that was begun this often and never came to an end is given up until the next one."""


class MailImportAudit(models.Model):
    """
    ========= =========================================================================
    state     what the next look does
    ========= =========================================================================
    asked     compares each watched folder with the ledger
    naming    asks the server for date, sender and subject of what is missing
    fetching  fetches what is missing, as far as the time goes
    done      nothing
    failed    nothing: it could not be made, ``error`` says why
    ========= =========================================================================
    """

    _name = "mail.import.audit"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Audit of a Mailbox"
    _order = "id desc"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, index=True, ondelete="cascade", readonly=True
    )
    state = fields.Selection(
        [
            ("asked", "Waiting for the next look"),
            ("naming", "Under way"),
            ("fetching", "Fetching what is missing"),
            ("done", "Finished"),
            ("failed", "Could not be made"),
        ],
        default="asked",
        required=True,
        readonly=True,
    )
    checked_at = fields.Datetime("Checked", readonly=True)
    since = fields.Datetime("Mail Since", readonly=True)
    on_server = fields.Integer("On the Server", readonly=True, help="Messages since that moment.")
    located = fields.Integer("Accounted For", readonly=True)
    waiting = fields.Integer(
        "Not Fetched Yet",
        readonly=True,
        help="Their turn is still to come: they are above the position, or history.",
    )
    missing = fields.Integer(readonly=True, help="Their turn is over, and they have no location.")
    fetched = fields.Integer("Fetched Again", readonly=True)
    vanished = fields.Integer(
        "Gone Meanwhile", readonly=True, help="Missing messages that the server no longer has."
    )
    stored = fields.Integer(readonly=True)
    known = fields.Integer("Known Already", readonly=True)
    filtered_count = fields.Integer("Filtered", readonly=True)
    quarantined = fields.Integer(readonly=True)
    broken = fields.Integer(
        "Noted, but Not Here",
        readonly=True,
        help="Noted as stored, but the e-mail is not here and nobody deleted it.",
    )
    left = fields.Integer("Still Not Here", readonly=True, help="They could not be fetched again.")
    lost = fields.Integer(
        readonly=True, help="Noted as stored, but neither here nor in a watched folder any more."
    )
    accepted = fields.Integer("Known to Be Lost", readonly=True)
    refused = fields.Text(
        "Folders Not Compared", readonly=True, help="The mail server does not let us read them."
    )
    refused_count = fields.Integer("Folders Refused", compute="_compute_refused_count")
    doubled = fields.Integer(readonly=True, help="Messages with two locations or two entries.")
    attempts = fields.Integer(readonly=True)
    error = fields.Char(readonly=True)
    line_ids = fields.One2many(
        "mail.import.audit.line", "audit_id", "Missing Messages", readonly=True
    )

    # -- comparing ------------------------------------------------------------------------------

    def _begin_attempt(self):
        """Count it, so that an audit which never ends does not hold the mailbox up for good."""
        self.attempts += 1
        if self.attempts > MAX_ATTEMPTS:
            self._fail(self.env._("It was broken off %s times.", MAX_ATTEMPTS))

    def _fail(self, words):
        self.write({"state": "failed", "error": str(words)[:500], "checked_at": self._now()})

    @api.model
    def _now(self):
        return fields.Datetime.now()

    @api.depends("checked_at")
    def _compute_display_name(self):
        for audit in self:
            day = audit.checked_at and format_datetime(self.env, audit.checked_at)
            audit.display_name = day or self.env._("Audit")

    @api.depends("refused")
    def _compute_refused_count(self):
        for audit in self:
            audit.refused_count = len((audit.refused or "").splitlines())

    def _note_refused(self, folder, error):
        """By its name and the reason, once; whatever was found out in it goes on in the next."""
        if folder not in self._refused_folders():
            words = " ".join(str(error).split())[:500]
            self.refused = f"{self.refused or ''}“{folder.name}”: {words}\n"

    def _refused_folders(self):
        lines = (self.refused or "").splitlines()
        return self.mailbox_id.remote_folder_ids.filtered(
            lambda folder: any(line.startswith(f"“{folder.name}”: ") for line in lines)
        )

    def _each(self, folders, step):
        """``yield from step(folder, …)`` for each; what the server refuses holds up no other.

        :param folders: ``(folder, …)`` each
        :return: whether a step was not done in time
        """
        for folder, *rest in folders:
            try:
                if (yield from step(folder, *rest)):
                    return True
            except ConnectionLost:
                raise
            except ReceiverError as error:
                self.env.cr.rollback()
                self._note_refused(folder, error)
        return False

    def _compare(self, look):
        """Count, and write down each message that is not here and whose turn is over."""
        mailbox = self.mailbox_id
        # of an attempt that was broken off
        self.line_ids.unlink()
        self.refused = False
        counts = dict.fromkeys(("located", "waiting", "on_server"), 0)

        def compare(folder):
            listed = yield from folder._compare_with_ledger(look)
            self.env["mail.import.audit.line"]._write_down(self, folder, listed.missing)
            counts["located"] += listed.located
            counts["waiting"] += listed.waiting
            counts["on_server"] += listed.located + listed.waiting + len(listed.missing)

        folders = mailbox.remote_folder_ids
        yield from self._each([(folder,) for folder in folders], compare)
        if folders and self.refused_count == len(folders):
            self._fail(self.refused.strip())
            return
        self.write(
            {
                **counts,
                **self.env["mail.import.location"]._summary(mailbox),
                **self.line_ids._take_up_broken(self),
                "since": mailbox._audited_since(),
                "checked_at": self._now(),
                "attempts": 0,
            }
        )
        if self._to_fetch():
            self.state = "naming"
        else:
            self._finish()

    # -- what is missing ------------------------------------------------------------------------

    def _to_fetch(self):
        return self.line_ids.filtered(lambda line: not line.tried)

    def _name_missing(self, look):
        """Date, sender and subject, as far as the server tells them; it need not."""
        self.state = "fetching"

        def read_names(folder, lines):
            yield look.select(folder.name)
            yield from lines._read_names(look)

        yield from self._each(self._to_fetch()._by_folder(), read_names)

    def _finish(self):
        """Everything was tried: count what came of it."""
        self.line_ids._take_names_from_entries()
        self.write({"state": "done", **self.line_ids._fates()})

    @api.autovacuum
    def _gc_old(self):
        keep_last(self, KEPT)
