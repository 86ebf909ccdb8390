"""Missing messages: those that an audit found on the server and not in the ledger."""

from odoo import api, fields, models

from ..mime.parser import parse
from .big_integer import BigInteger
from .location import OUTCOMES

NAMED_AT_ONCE = 1000
"""For so many the server is asked who wrote them; of the others one knows it once they are here."""


class MailImportAuditLine(models.Model):
    _name = "mail.import.audit.line"
    _description = "Message Missing in the Ledger"
    _order = "audit_id desc, uid desc"
    _rec_name = "uid"
    _log_access = False

    audit_id = fields.Many2one(
        "mail.import.audit", required=True, index=True, ondelete="cascade", readonly=True
    )
    remote_folder_id = fields.Many2one(
        "mail.import.remote.folder", "Folder", required=True, ondelete="cascade", readonly=True
    )
    uidvalidity = BigInteger(readonly=True)
    uid = BigInteger("UID", readonly=True)
    received_at = fields.Datetime("Received", readonly=True)
    sender = fields.Char("From", readonly=True)
    subject = fields.Char(readonly=True)
    tried = fields.Boolean("Tried Again", readonly=True)
    fate = fields.Selection(
        [("waiting", "Being fetched again"), ("gone", "No longer on the server"), *OUTCOMES],
        "What Became of It",
        compute="_compute_fate",
        compute_sudo=True,
    )

    @api.depends("tried")
    def _compute_fate(self):
        """From the ledger as it is now: a mail is on the list, and yet here."""
        outcomes = {}
        for folder, lines in self._by_folder():
            locations = self.env["mail.import.location"].search_fetch(
                [("remote_folder_id", "=", folder.id), ("uid", "in", lines.mapped("uid"))],
                ["uidvalidity", "uid", "outcome"],
            )
            for location in locations:
                outcomes[folder, location.uidvalidity, location.uid] = location.outcome
        for line in self:
            place = (line.remote_folder_id, line.uidvalidity, line.uid)
            line.fate = outcomes.get(place, "gone" if line.tried else "waiting")

    @api.model
    def _write_down(self, audit, folder, facts):
        """One line a message. ``facts``: ``{uid: arrival or None}``, of tens of thousands."""
        self.env.cr.execute(
            """INSERT INTO mail_import_audit_line
                      (audit_id, remote_folder_id, uidvalidity, uid, received_at)
               SELECT %s, %s, %s, * FROM unnest(%s::int8[], %s::timestamp[])""",
            [audit.id, folder.id, folder.uidvalidity, list(facts), list(facts.values())],
        )
        self.env.invalidate_all()

    def _by_folder(self):
        return self.grouped("remote_folder_id").items()

    def _read_names(self, look):
        """From the headers on the server, newest first."""
        lines = {line.uid: line for line in self[:NAMED_AT_ONCE]}
        uids = list(lines)
        raws = yield look.ask(lambda receiver: receiver.fetch_headers_sizes(uids))
        for raw in raws:
            parsed = parse(raw.content, received_at=raw.received_at, truncated=True)
            lines[raw.uid].write(
                {
                    "subject": parsed.subject,
                    "sender": str(parsed.sender),
                    "received_at": raw.received_at,
                }
            )

    def _take_names_from_entries(self):
        """Of what is here by now, where the server was not asked."""
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE mail_import_audit_line AS line
                  SET subject = entry.subject, sender = entry.sender
                 FROM mail_import_location AS location
                 JOIN mail_import_entry AS entry ON entry.id = location.entry_id
                WHERE line.id = ANY(%s) AND line.subject IS NULL AND line.sender IS NULL
                  AND location.remote_folder_id = line.remote_folder_id
                  AND location.uidvalidity = line.uidvalidity AND location.uid = line.uid""",
            [self.ids],
        )
        self.invalidate_recordset(["subject", "sender"])

    def _fates(self):
        """How many of them are ``located`` now."""
        self.env.flush_all()
        self.env.cr.execute(
            """SELECT count(*) FROM mail_import_audit_line AS line
                 JOIN mail_import_location AS location
                      USING (remote_folder_id, uidvalidity, uid)
                WHERE line.id = ANY(%s)""",
            [self.ids],
        )
        return {"located": self.env.cr.fetchone()[0]}
