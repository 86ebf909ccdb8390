"""Drafts to people who opted out of mailings: a personal answer goes, and says so."""

from odoo import api, fields, models


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    opted_out = fields.Char(compute="_compute_opted_out", compute_sudo=True)

    @api.depends("to", "cc", "state", "template_ids")
    def _compute_opted_out(self):
        for email in self:
            addresses = email._recipient_addresses() if email.state == "draft" else ()
            email.opted_out = self.env["mail.import.opt.out"]._words(
                addresses, mailing=email._is_mailing()
            )
