"""Who writes to an address that mail came back from is told, beside who opted out."""

from odoo import api, models


class MailImportOptOut(models.AbstractModel):
    _inherit = "mail.import.opt.out"

    @api.model
    def _words(self, addresses, mailing=False):
        words = super()._words(addresses, mailing)
        # sudo: of addresses that the user writes to
        states = self.env["mail.import.address.state"].sudo()._of(sorted(set(addresses) - {False}))
        return " ".join(filter(None, [words, *(state._words() for state in states)]))
