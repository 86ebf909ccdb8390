"""Records stay where their writer may make them: the host's rules look at a record before a write
only, not at where it is afterwards.
"""

from odoo import models


class MailImportMovedMixin(models.AbstractModel):
    """For models whose owner, mailbox or parent people may name, dialogs included."""

    _name = "mail.import.moved.mixin"
    _description = "Records That Stay Within Reach"

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su:
            self._check_access_where_it_is_now()
        return result

    def _check_access_where_it_is_now(self):
        for operation in ("write", "create"):
            if self.browse().has_access(operation):
                self.check_access(operation)
