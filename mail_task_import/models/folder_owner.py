"""Own folders belong to whoever makes them, or to all members of a group mailbox."""

from odoo import api, models


class MailImportFolder(models.Model):
    _inherit = "mail.import.folder"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            own = vals.get("kind", "own") == "own"
            if own and not vals.get("mailbox_id") and not vals.get("user_id"):
                vals["user_id"] = self.env.uid
        return super().create(vals_list)

    def write(self, vals):
        """A folder goes from its maker to a group mailbox, or back, in one step."""
        if vals.get("mailbox_id"):
            vals = {**vals, "user_id": False}
        elif "mailbox_id" in vals and "user_id" not in vals:
            vals = {**vals, "user_id": self.env.uid}
        return super().write(vals)
