"""The scheduler sends mailings: what it writes in them is what their responsible may read."""

from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _mail_import_sender(self):
        # sudo: whose mailing it is
        mailing = self.sudo().mass_mailing_id if len(self) == 1 else None
        user = mailing and (mailing.user_id or mailing.create_uid)
        return user.sudo(False) if user else super()._mail_import_sender()
