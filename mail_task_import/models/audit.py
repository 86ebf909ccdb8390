"""Audits: the messages on the server compared with the ledger of locations, and the result.

An audit counts for whoever sees the mailbox. The messages that it names (``audit_line.py``) are for
the readers of the mailbox alone.
"""

from odoo import api, fields, models

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
    _description = "Audit of a Mailbox"
    _order = "id desc"
    _rec_name = "checked_at"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, index=True, ondelete="cascade", readonly=True
    )
    state = fields.Selection(
        [
            ("asked", "Waiting for the next look"),
            ("naming", "Under way"),
            ("fetching", "Fetching what is missing"),
            ("done", "Done"),
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
        readonly=True, help="Noted as stored, but the e-mail is not here and nobody deleted it."
    )
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

    def _compare(self, look):
        """Count, and write down each message without location whose turn is over."""
        mailbox = self.mailbox_id
        counts = dict.fromkeys(("located", "waiting", "missing"), 0)
        for folder in mailbox.remote_folder_ids:
            listed = yield from folder._compare_with_ledger(look)
            self.env["mail.import.audit.line"]._write_down(self, folder, listed.missing)
            counts["located"] += listed.located
            counts["waiting"] += listed.waiting
            counts["missing"] += len(listed.missing)
        self.write(
            {
                **counts,
                **self.env["mail.import.location"]._summary(mailbox),
                "on_server": sum(counts.values()),
                "since": mailbox._audited_since(),
                "checked_at": self._now(),
                "state": "naming" if counts["missing"] else "done",
                "attempts": 0,
            }
        )

    # -- what is missing ------------------------------------------------------------------------

    def _name_missing(self, look):
        """Date, sender and subject, as far as the server tells them; it need not."""
        self.state = "fetching"
        for folder, lines in self.line_ids._by_folder():
            yield look.select(folder.name)
            try:
                yield from lines._read_names(look)
            except ConnectionLost:
                raise
            except ReceiverError as error:
                self.error = str(error)[:500]

    def _finish(self):
        """Everything was tried: count what came of it."""
        self.line_ids._take_names_from_entries()
        fates = self.line_ids._fates()
        self.write(
            {
                "state": "done",
                "fetched": fates["located"],
                "vanished": self.missing - fates["located"],
            }
        )

    @api.autovacuum
    def _gc_old(self):
        self.env.cr.execute(
            """DELETE FROM mail_import_audit WHERE id IN (
                   SELECT id FROM (
                       SELECT id, row_number() OVER (PARTITION BY mailbox_id ORDER BY id DESC) AS n
                         FROM mail_import_audit) AS numbered
                    WHERE n > %s)""",
            [KEPT],
        )
