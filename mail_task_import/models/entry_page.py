"""The page of an owner's copy."""

from odoo import fields, models


class MailImportEntry(models.Model):
    _name = "mail.import.entry"
    _inherit = ["mail.import.entry", "mail.import.page.mixin"]

    status = fields.Selection(related="email_id.status")
    archived_by = fields.Char(related="email_id.archived_by")

    def _is_page_unverified(self, email):
        return super()._is_page_unverified(email) or self.verdict == "fail"

    def _may_add_addresses(self):
        return self.env.user.has_group("base.group_partner_manager")
