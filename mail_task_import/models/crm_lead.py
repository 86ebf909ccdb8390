"""Leads and deals: the e-mails that belong to them."""

from odoo import models
from odoo.tools import email_normalize


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "mail.import.record.mixin", "mail.import.bounced.mixin"]

    # every mail asks for the open leads of its sender
    _mail_import_address = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    def _get_partner_email_update(self, force_void=True):
        """The host makes a lead's address that of its contact; a further address is no new one."""
        if not super()._get_partner_email_update(force_void):
            return False
        known = self.env["mail.import.address"]._of_partners(self.partner_id)
        return email_normalize(self.email_from) not in known.get(self.partner_id.id, ())
