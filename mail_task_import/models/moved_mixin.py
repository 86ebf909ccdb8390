"""Records stay where their writer may make them: the host's rules look at a record before a write
only, not at where it is afterwards.
"""

from odoo import api, models


class MailImportMovedMixin(models.AbstractModel):
    """For models whose owner, mailbox or parent people may name, dialogs included."""

    _name = "mail.import.moved.mixin"
    _description = "Records That Stay Within Reach"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not self.env.su:
            records._check_access_to_what_it_is_about()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su:
            self._check_access_where_it_is_now()
            self._check_access_to_what_it_is_about()
        return result

    def _check_access_where_it_is_now(self):
        for operation in ("write", "create"):
            if self.browse().has_access(operation):
                self.check_access(operation)

    def _check_access_to_what_it_is_about(self):
        """Nobody opens a dialog on what they do not read: it may tell of it, or change it."""
        if not self._transient:
            return
        for name, field in self._fields.items():
            ours = field.relational and field.comodel_name.startswith("mail.import.")
            if ours and field.store and field.type != "one2many":
                self[name].check_access("read")
