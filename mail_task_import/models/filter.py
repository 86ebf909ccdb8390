"""Filters: the place in the way of a mail where incoming mail is dropped or filed.

The conditions come with the filters' own forms; until then every mail passes.
"""

from odoo import api, models


class MailImportFilter(models.AbstractModel):
    _name = "mail.import.filter"
    _description = "E-mail Filter"

    @api.model
    def _sort_out(self, batch):
        """Step *filter*: set ``state`` to "filtered" (and ``filter``) on mails to leave out."""
        return
