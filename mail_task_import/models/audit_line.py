"""Missing messages: those that an audit found on the server, or in the ledger, but not here."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..mime.parser import parse
from .big_integer import BigInteger
from .location import OUTCOMES
from .location_audit import BROKEN

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
    imported_at = fields.Datetime(
        "Noted", readonly=True, help="When it was noted as imported, though it is not here."
    )
    noted = fields.Boolean("Noted as Imported", readonly=True)
    tried = fields.Boolean("Tried Again", readonly=True)
    accepted = fields.Boolean("Known to Be Lost", readonly=True, help="Audits no longer report it.")
    fate = fields.Selection(
        [
            ("waiting", "Being fetched again"),
            ("refused", "Not fetched yet"),
            ("gone", "No longer on the server"),
            ("lost", "Lost"),
            *OUTCOMES,
        ],
        "What Became of It",
        compute="_compute_fate",
        compute_sudo=True,
    )

    @api.depends("tried", "audit_id.state")
    def _compute_fate(self):
        """From the ledger as it is now: a mail is on the list, and yet here."""
        outcomes = {}
        for folder, lines in self._by_folder():
            locations = self.env["mail.import.location"].search_fetch(
                [("remote_folder_id", "=", folder.id), ("uid", "in", lines.mapped("uid"))],
                ["uidvalidity", "uid", "outcome", "entry_id", "entry_deleted", "quarantine_id"],
            )
            for location in locations.filtered(lambda each: not each._is_broken()):
                outcomes[folder, location.uidvalidity, location.uid] = location.outcome
        for line in self:
            place = (line.remote_folder_id, line.uidvalidity, line.uid)
            found = not line.accepted and outcomes.get(place)
            line.fate = found or line._fate_without_mail()

    def _fate_without_mail(self):
        if self.tried:
            return "lost" if self.noted else "gone"
        return "refused" if self.audit_id.state in ("done", "failed") else "waiting"

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

    def _take_up_broken(self, audit):
        """Mark those that the ledger notes as imported, and add what it notes and nobody has.

        :return: how many are ``broken`` and ``missing``, for the audit
        """
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """UPDATE mail_import_audit_line AS line
                      SET noted = TRUE, imported_at = location.create_date
                     FROM mail_import_location AS location
                    WHERE line.audit_id = %s AND location.remote_folder_id = line.remote_folder_id
                      AND location.uidvalidity = line.uidvalidity AND location.uid = line.uid
                   RETURNING line.id""",
                audit.id,
            )
        )
        self.env.execute_query(
            SQL(
                """INSERT INTO mail_import_audit_line
                          (audit_id, remote_folder_id, uidvalidity, uid, noted, imported_at, tried)
                   SELECT %s, remote_folder_id, uidvalidity, uid, TRUE, create_date,
                          NOT EXISTS (
                          SELECT FROM mail_import_remote_folder AS folder
                           WHERE folder.id = ANY(%s) AND folder.id = location.remote_folder_id
                             AND folder.uidvalidity = location.uidvalidity)
                     FROM mail_import_location AS location
                    WHERE mailbox_id = %s AND %s AND NOT EXISTS (
                          SELECT FROM mail_import_audit_line AS line
                           WHERE line.audit_id = %s
                             AND line.remote_folder_id = location.remote_folder_id
                             AND line.uidvalidity = location.uidvalidity
                             AND line.uid = location.uid)
                   RETURNING id""",
                audit.id,
                audit._refused_folders().ids,
                audit.mailbox_id.id,
                BROKEN,
                audit.id,
            )
        )
        self.env.invalidate_all()
        noted = sum(audit.line_ids.mapped("noted"))
        return {"broken": noted, "missing": len(audit.line_ids) - noted}

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
        """How many of them are here now, are gone, are still not here: for the audit."""
        self.env.flush_all()
        ((fetched, vanished, lost, left, accepted),) = self.env.execute_query(
            SQL(
                """SELECT count(*) FILTER (WHERE here AND NOT accepted),
                          count(*) FILTER (WHERE NOT here AND tried AND NOT noted),
                          count(*) FILTER (WHERE NOT here AND tried AND noted),
                          count(*) FILTER (WHERE NOT here AND (noted OR NOT tried)),
                          count(*) FILTER (WHERE accepted)
                     FROM (SELECT COALESCE(line.tried, FALSE) AS tried,
                                  COALESCE(line.noted, FALSE) AS noted,
                                  COALESCE(line.accepted, FALSE) AS accepted,
                                  location.id IS NOT NULL AND NOT %s AS here
                             FROM mail_import_audit_line AS line
                             LEFT JOIN mail_import_location AS location
                                  USING (remote_folder_id, uidvalidity, uid)
                            WHERE line.id = ANY(%s)) AS each""",
                BROKEN,
                self.ids,
            )
        )
        return {
            "fetched": fetched,
            "vanished": vanished,
            "lost": lost,
            "left": left,
            "accepted": accepted,
        }

    def _accept_loss(self):
        """Their reader knows that they are lost: the ledger says so, and audits are content."""
        for folder, lines in self._by_folder():
            locations = self.env["mail.import.location"].search(
                [("remote_folder_id", "=", folder.id), ("uid", "in", lines.mapped("uid"))]
            )
            places = {(line.uidvalidity, line.uid) for line in lines}
            locations.filtered(
                lambda each, places=places: (each.uidvalidity, each.uid) in places
            ).entry_deleted = True
        self.accepted = True
