"""Merging leads: the host moves their messages one by one; links move with them."""

from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_dependences_history(self, opportunities):
        # sudo: links of e-mails that the user may not read move too
        self.env["mail.import.link"].sudo()._move(opportunities, self)
        return super()._merge_dependences_history(opportunities)
