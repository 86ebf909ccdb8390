"""Leads and deals: the e-mails that belong to them."""

from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "mail.import.record.mixin"]
