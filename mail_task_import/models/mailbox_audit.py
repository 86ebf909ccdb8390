"""*Audit*: a button, and a daily look of its own, that prove that nothing is missing."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..actions import form_of
from .mailbox_fetch import AGAIN

UNDER_WAY = ("asked", "naming", "fetching")
EVERY = timedelta(days=1)


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    next_audit = fields.Datetime(readonly=True, copy=False)
    audit_ids = fields.One2many("mail.import.audit", "mailbox_id", "Audits", readonly=True)
    audit_id = fields.Many2one(
        "mail.import.audit", "Last Audit", compute="_compute_audit", compute_sudo=False
    )
    audit_result = fields.Selection(
        [
            ("none", "Not checked yet"),
            ("under_way", "Being checked"),
            ("good", "Nothing is missing"),
            ("mended", "Was missing, is here now"),
            ("bad", "Needs a look"),
        ],
        "Audit",
        compute="_compute_audit",
        compute_sudo=False,
    )
    audit_text = fields.Char(compute="_compute_audit", compute_sudo=False)
    audit_short = fields.Char("Audit in Short", compute="_compute_audit", compute_sudo=False)
    audit_when = fields.Char("Audit Made", compute="_compute_audit", compute_sudo=False)
    audit_lost = fields.Integer("Lost", compute="_compute_audit", compute_sudo=False)
    audit_left = fields.Integer("Still Not Here", compute="_compute_audit", compute_sudo=False)
    audit_state = fields.Char("State of the Audit", compute="_compute_audit", compute_sudo=False)
    audit_line_ids = fields.One2many(
        "mail.import.audit.line",
        string="Missing Messages",
        compute="_compute_audit_lines",
        compute_sudo=False,
    )

    # -- what people see ------------------------------------------------------------------------

    @api.depends("audit_ids.state", "audit_ids.left", "audit_ids.lost")
    @api.depends_context("uid", "lang")
    def _compute_audit(self):
        for mailbox in self:
            audit = mailbox.audit_ids[:1]
            mailbox.audit_id = audit
            mailbox.audit_result = audit._result() if audit else "none"
            mailbox.audit_text = audit._in_words() if audit else False
            mailbox.audit_short = audit._in_short() if audit else self.env._("Not made yet")
            mailbox.audit_when = audit._checked_in_words()
            mailbox.audit_lost = audit.lost
            mailbox.audit_left = audit.left
            mailbox.audit_state = audit.state

    @api.depends("audit_ids.state")
    @api.depends_context("uid")
    def _compute_audit_lines(self):
        """The rules give them to the readers of the mailbox only."""
        for mailbox in self:
            mailbox.audit_line_ids = self.env["mail.import.audit.line"].search(
                [("audit_id", "=", mailbox.audit_id.id)], limit=1000
            )

    def action_audit(self):
        """Have the next look, which is asked for, compare the server with the ledger."""
        self.check_access("read")
        for mailbox in self:
            if mailbox.state != "active":
                raise UserError(self.env._("“%s” is not active: activate it first.", mailbox.name))
            if mailbox.audit_id.state not in UNDER_WAY:
                # sudo: audits are the importer's; whoever sees the mailbox may ask for one
                self.env["mail.import.audit"].sudo().create({"mailbox_id": mailbox.id})
        self._ask_for_fetch()

    def action_view_audits(self):
        return self._show("mail.import.audit", self.env._("Audits"))

    def action_view_last_audit(self):
        """Its numbers, and to readers the messages that it names."""
        self.ensure_one()
        self.check_access("read")
        return form_of(self.audit_id, self.env._("Audit"))

    def action_accept_loss(self):
        """Readers know that these messages are lost: audits speak of them no more."""
        self.ensure_one()
        self.check_access("read")
        lines = self.audit_id.line_ids.filtered(lambda line: line.fate == "lost")
        if not lines:
            raise UserError(
                self.env._("No message of this mailbox is lost, as far as you can see.")
            )
        # sudo: the ledger is the importer's; who may read its lines decides, by their rule
        lines.sudo()._accept_loss()
        audit = self.audit_id.sudo()
        audit.write(audit.line_ids._fates())
        # sudo: readers do not write the mailbox; the log says who it was, and no more than counts
        self.sudo()._message_log(
            body=self.env._("Known to be lost, and no longer reported: %s.", len(lines)),
        )

    # -- within a look --------------------------------------------------------------------------

    def _audited_since(self):
        """From this moment on every message has a location."""
        active = self._active_since()
        if not self.fetch_since:
            return active
        return min(active, fields.Datetime.to_datetime(self.fetch_since))

    def _audit_in_hand(self):
        """The audit that was asked for or not ended, or that the day is due."""
        audit = self.env["mail.import.audit"].search(
            [("mailbox_id", "=", self.id), ("state", "in", UNDER_WAY)], order="id", limit=1
        )
        if not audit and self.next_audit and self.next_audit <= fields.Datetime.now():
            audit = audit.create({"mailbox_id": self.id})
        return audit

    def _audit(self, look):
        """Compare, and fetch what is missing. True where the time was not enough."""
        audit = self._audit_in_hand()
        if not audit:
            return False
        audit._begin_attempt()
        self.next_audit = fields.Datetime.now() + EVERY
        self._commit()
        if audit.state == "asked":
            yield from audit._compare(look)
        if audit.state == "naming":
            yield from audit._name_missing(look)
        if audit.state == "fetching":
            if (yield from self._fetch_missing(look, audit)):
                audit.attempts = 0
                return True
            audit._finish()
        self._send_progress()
        return False

    def _fetch_missing(self, look, audit):
        """By the way that all mail goes, whatever the position says."""

        def fetch(folder, missing):
            state = yield look.select(folder.name)
            if state.uidvalidity != missing[:1].uidvalidity:
                return False
            done = self.env["mail.import.location"]._all_done_uids(folder)
            uids = [uid for uid in missing.mapped("uid") if uid not in done]
            if (yield from self._fetch_uids(look, folder, uids, AGAIN)):
                return True
            missing.tried = True
            return False

        return (yield from audit._each(audit._to_fetch()._by_folder(), fetch))

    def _note_success(self, more=False):
        super()._note_success(more)
        if not more and not self.next_audit:
            self.next_audit = fields.Datetime.now() + EVERY
