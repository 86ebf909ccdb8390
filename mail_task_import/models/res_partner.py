"""Accounts and contacts: their e-mails, those of their contacts, and of their records."""

from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "mail.import.record.mixin", "mail.import.bounced.mixin"]

    # every mail asks whose address that is; the host reads all contacts to find one
    _mail_import_address = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    def _mail_import_link_domain(self):
        self.ensure_one()
        return Domain("customer_id", "=", self.id) & Domain("is_listed", "=", True)
