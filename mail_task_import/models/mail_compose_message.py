"""The host's composer: a template that serves once has served when its letter has left."""

from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _action_send_mail(self, auto_commit=False):
        result = super()._action_send_mail(auto_commit=auto_commit)
        self.template_id._mail_import_used()
        return result
