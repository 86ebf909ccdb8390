"""Signatures of drafts: their placeholders tell of the record, and of whom the draft goes to.

A signature is filled in anew whenever that changes, and once more when the draft is sent; unless
its writer has changed it.
"""

from odoo import api, fields, models

from ..answering import people, with_signature
from ..placeholders.letters import Letter


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    left_empty = fields.Char(compute="_compute_left_empty")
    template_gaps = fields.Char(readonly=True, copy=False)
    """Placeholders of templates that had no value when they were filled in."""

    @api.depends("to", "signature_id", "mailbox_id", "template_gaps", "state")
    @api.depends_context("uid")
    def _compute_left_empty(self):
        """What is said before and when it is sent; it goes all the same."""
        for email in self:
            draft = email.state == "draft"
            signed = email._signature_here()[1] if draft else []
            gaps = (email.template_gaps or "").split("\n") if draft else []
            names = ", ".join(dict.fromkeys(filter(None, [*gaps, *signed])))
            email.left_empty = names and self.env._(
                "Without a value here: %s. The default is written, or nothing.", names
            )

    @api.onchange("to")
    def _onchange_to(self):
        self.body = with_signature(self.body, self._signature_here()[0], only_unchanged=True)

    def _signature_of_last_time(self):
        """The alias that the user last wrote by, about this record or else from this mailbox."""
        # sudo: of what is remembered, what the user may use is found
        choice = self.env["mail.import.signature.choice"].sudo()
        return choice._signature_in(self.mailbox_id.sudo(), list(self._records())).sudo(False)

    def _sign_as_last_time(self):
        """To be called when the records of a new draft are known."""
        self.ensure_one()
        signature = self._signature_of_last_time()
        if signature != self.signature_id:
            # sudo: its writer has just begun it
            self.sudo().signature_id = signature
            self.sudo().body = with_signature(self.body, self._signature_here()[0])
            self._synchronise_entries()
        else:
            self._sign_anew()

    def _remember_signature(self):
        # sudo: what the user has used is the user's own
        choice = self.env["mail.import.signature.choice"].sudo()
        choice._remember(self.mailbox_id.sudo(), self.signature_id.sudo(), list(self._records()))

    def _sign_anew(self):
        """Fill in the signature by what is known now, where its writer has left it alone."""
        for email in self:
            body = with_signature(email.body, email._signature_here()[0], only_unchanged=True)
            if body != email.body:
                # sudo: only the signature, which the writer may change
                email.sudo().body = body

    def _signature_here(self):
        """``(HTML, placeholders that have no value)`` of the signature in this draft."""
        signature = self.signature_id.body
        placeholder = self.env["mail.import.placeholder"]
        return placeholder._signed(signature, self._about(), self.env.user, self._letter())

    def _about(self):
        """The record that a draft is about, or the draft itself, as the user sees them."""
        for record in self._records():
            return record
        return self._origin

    def _records(self):
        """The records that a draft is linked to, as far as the user reads them."""
        # sudo: of links, only to which records; those are read as the user
        links = self._origin.sudo().link_ids.filtered(lambda link: not link.suggested).sorted("id")
        for link in links:
            record = link._existing_record()
            if record is not None:
                yield from record.with_env(self.env)._filtered_access("read")

    def _letter(self):
        """Whom it goes to: the first of To, and that one's contact, as far as the user reads it."""
        to = people(self.to)
        address = next(iter(to), "")
        name = to[address].rpartition("<")[0].strip().strip('"') if address else ""
        return Letter(name=name, address=address, contact_id=self._contact_of(address).id or 0)

    def _contact_of(self, address):
        """The record's own contact, where the address is theirs; otherwise whoever has it."""
        partners = self.env["res.partner"]
        if not address:
            return partners
        for record in self._records():
            own = record._mail_get_partners()[record.id]._filtered_access("read")
            if mine := own.filtered(lambda partner: partner.email_normalized == address):
                return mine[:1]
        return partners.search([("email_normalized", "=", address)], limit=1)
