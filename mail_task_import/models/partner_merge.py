"""Merging contacts: the host moves only columns that it knows; links move with their messages."""

from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_reference_fields(self, src_partners, dst_partner):
        # sudo: links of e-mails that the user may not read move too
        self.env["mail.import.link"].sudo()._move(src_partners, dst_partner)
        return super()._update_reference_fields(src_partners, dst_partner)
