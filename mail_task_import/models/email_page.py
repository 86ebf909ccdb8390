"""The page of an e-mail itself: of what was written here."""

from odoo import models


class MailImportEmail(models.Model):
    _name = "mail.import.email"
    _inherit = ["mail.import.email", "mail.import.page.mixin"]

    def _email_of_page(self):
        # sudo: as the other pages give it
        return self.sudo()

    def _may_add_addresses(self):
        return self.env.user.has_group("base.group_partner_manager")
