"""Bcc of drafts: written and read by the writer alone, and told to nobody when it is sent.

Neither recipients nor colleagues learn of it: it is in no header, no copy that is kept, no reason
of a failure, no notice. A colleague who sends a failed e-mail again sends it to everybody whom its
writer had named, without seeing them.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..receivers.smtp import without_addresses


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    bcc = fields.Char(
        "Bcc",
        compute="_compute_bcc",
        inverse="_inverse_bcc",
        help="They get the e-mail too. Nobody sees them but you: neither the other recipients nor "
        "your colleagues.",
    )
    bcc_refused = fields.Text(compute="_compute_bcc")

    @api.depends_context("uid")
    def _compute_bcc(self):
        # sudo: nobody reaches the rows; each is shown to its writer
        rows = self.env["mail.import.bcc"].sudo()._of(self._origin)
        mine = {row.email_id.id: row for row in rows if row.writer_id.id == self.env.uid}
        for email in self:
            row = mine.get(email._origin.id)
            email.bcc = row.addresses if row else False
            email.bcc_refused = email._bcc_refusal_words(row.refusals) if row else False

    def _inverse_bcc(self):
        for email in self:
            # sudo: whether there is a row; whose it is, is asked next
            if email.bcc or self.env["mail.import.bcc"].sudo()._of(email):
                email._check_is_written_by_user()
                email._bcc_row().write({"addresses": email.bcc or False})

    def _check_is_written_by_user(self):
        """Drafts, and what hangs on them, are their writer's."""
        for email in self:
            # sudo: who wrote it
            entries = email.sudo().entry_ids.filtered("writer_id")
            if entries and self.env.uid not in entries.writer_id.ids:
                raise AccessError(self.env._("Only who wrote an e-mail may change it."))

    # -- who they are, as superuser -------------------------------------------------------------

    def _bcc_row(self):
        # sudo: nobody reaches the rows; who writes the draft was checked
        Bcc = self.env["mail.import.bcc"].sudo()
        return Bcc._of(self) or Bcc.create({"email_id": self.id, "writer_id": self.env.uid})

    def _bcc(self):
        """Normalised addresses that get blind copies, without those that To and Cc show."""
        if not self.ids:
            return []
        # sudo: they are sent to, and shown to nobody
        hidden = self.env["mail.import.bcc"].sudo()._of(self)._normalized()
        return [one for one in hidden if one not in self._recipient_addresses()]

    def _without_bcc(self, text):
        """A text for everybody: what a server said may name people."""
        return without_addresses(text, self._bcc())

    # -- what is told of them -------------------------------------------------------------------

    def _refused_openly(self, refused):
        """Of what the server said, that of recipients whom everybody may know."""
        hidden = set(self._bcc())
        return {one: words for one, words in refused.items() if one.lower() not in hidden}

    def _openly_delivered(self):
        """Addresses that it went to and that everybody may know."""
        return sorted(self._refused_openly(dict.fromkeys(self.delivered_to or ())))

    def _note_recipients(self, taken, refused):
        if self:
            openly = self._refused_openly(refused)
            hidden = {one: words for one, words in refused.items() if one not in openly}
            self._note_bcc({one.lower() for one in taken}, hidden)
            refused = openly
        return super()._note_recipients(taken, refused)

    def _note_bcc(self, taken, refused):
        """
        :param refused: ``{address: the server's words}`` of blind copies
        """
        # sudo: as above
        row = self.env["mail.import.bcc"].sudo()._of(self)
        left = {**(row.refusals or {}), **refused}
        left = {one: words for one, words in left.items() if one.lower() not in taken}
        if (row.refusals or {}) != left:
            row.refusals = left or False

    def _bcc_refusal_words(self, refusals):
        return refusals and self.env._(
            "Not everybody in Bcc got it, by what the mail server answered. Retry sends it to "
            "these alone.\n%s",
            "\n".join(f"{address}: {words}" for address, words in refusals.items()),
        )

    @api.depends("bcc_refused")
    @api.depends_context("uid")
    def _compute_can_retry(self):
        """To the writer, also what did not reach a blind copy."""
        result = super()._compute_can_retry()
        for email in self:
            email.can_retry |= bool(email.state == "sent" and email.bcc_refused)
        return result

    def write(self, vals):
        if vals.get("failure_reason") and self.env.su:
            for email in self:
                words = email._without_bcc(vals["failure_reason"])
                super(MailImportEmail, email).write({**vals, "failure_reason": words})
            return True
        return super().write(vals)
