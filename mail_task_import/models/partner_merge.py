"""Merging contacts: the host moves only columns that it knows; links move with their messages,
and no address gets lost.
"""

from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """The host keeps one address of the merged contacts; mail comes from all of them."""
        if not self.env["mail.import.mailbox"]._any():
            return super()._merge(partner_ids, dst_partner, extra_checks)
        partners = self.env["res.partner"].browse(partner_ids).exists()
        addresses = set(partners.mapped("email_normalized")) - {False}
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        kept = partners.exists()
        if len(kept) == 1 and len(partners) > 1:
            # sudo: who may merge contacts has merged their addresses
            self.env["mail.import.address"].sudo()._keep_merged(kept, addresses)
        return result

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Where one address is two contacts', the host would drop all of one of them."""
        if self.env["mail.import.address"]._any():
            # sudo: as above
            self.env["mail.import.address"].sudo()._drop_doubles(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _update_reference_fields(self, src_partners, dst_partner):
        # sudo: links of e-mails that the user may not read move too
        self.env["mail.import.link"].sudo()._move(src_partners, dst_partner)
        return super()._update_reference_fields(src_partners, dst_partner)
