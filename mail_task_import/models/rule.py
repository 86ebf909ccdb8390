"""Import rules: the place in the order of links where rules say which mail becomes which record.

The rules come with their own forms; until then none matches.
"""

from odoo import api, models


class MailImportRule(models.AbstractModel):
    _name = "mail.import.rule"
    _description = "Import Rule"

    @api.model
    def _decide(self, batch, mail):
        """Fourth link step. Returns a list of ``LinkDecision``, empty where no rule matches."""
        return []
