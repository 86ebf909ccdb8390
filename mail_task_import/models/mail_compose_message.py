"""The host's composer: what is written to many is a template, which may be one that serves once."""

from odoo import models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def action_send_mail(self):
        """One letter to many is rendered for each, and would go out with its mistakes."""
        check = self.env["mail.import.placeholder"]._check
        for letter in self.filtered("composition_batch"):
            check(letter.subject, letter.render_model)
            check(letter.body, letter.render_model, is_html=True)
        return super().action_send_mail()

    def _action_send_mail(self, auto_commit=False):
        result = super()._action_send_mail(auto_commit=auto_commit)
        self.template_id._mail_import_used()
        return result
