"""Drafts whose mailbox does not write to everybody whom they name: said while they are written."""

from odoo import api, fields, models


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    not_allowed = fields.Char(compute="_compute_not_allowed", compute_sudo=True)

    @api.depends("to", "cc", "mailbox_id", "state")
    def _compute_not_allowed(self):
        for email in self:
            mailbox = email.mailbox_id if email.state == "draft" else None
            outside = mailbox and mailbox._outside(email._recipient_addresses())
            email.not_allowed = bool(outside) and mailbox._outside_words(outside)
