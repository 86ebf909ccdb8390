"""Who writes to an address that mail came back from is told, beside who opted out."""

from odoo import api, models


class MailImportOptOut(models.AbstractModel):
    _inherit = "mail.import.opt.out"

    @api.model
    def _words(self, addresses, mailing=False):
        words = super()._words(addresses, mailing)
        # sudo: the user has no list of them
        states = self.env["mail.import.address.state"].sudo()._of(sorted(set(addresses) - {False}))
        told = (state._words() for state in states._told_to_user())
        return " ".join(filter(None, [words, *told]))
