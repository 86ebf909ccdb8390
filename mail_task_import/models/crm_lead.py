"""Leads and deals: the e-mails that belong to them."""

from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "mail.import.record.mixin"]

    # every mail asks for the open leads of its sender
    _mail_import_address = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
