"""Accounts and contacts: their e-mails, those of their contacts, and of their records."""

from odoo import models
from odoo.fields import Domain

from .record_mixin import LISTED


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "mail.import.record.mixin"]

    def _mail_import_link_domain(self):
        self.ensure_one()
        return Domain("customer_id", "=", self.id) & LISTED
