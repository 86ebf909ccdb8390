"""Contacts of employees: whose name is in a From, and who changes its address."""

from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _mail_import_is_staff(self):
        """Whether messages in this contact's name are an employee's."""
        # sudo: only whether there is such a user
        users = self.sudo().user_ids
        return any(user.active and not user.share and user.id != api.SUPERUSER_ID for user in users)

    def write(self, vals):
        if vals.get("email") and self.env["mail.import.mailbox"]._any():
            # sudo: which users have these contacts
            users = self.sudo().user_ids.filtered(lambda user: user.active and not user.share)
            users.sudo(self.env.su)._mail_import_check_takes(vals["email"])
        return super().write(vals)
