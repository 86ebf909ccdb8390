"""Messages that are posted later: the template that they are written by serves then."""

from odoo import models


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    def _message_created_hook(self, message):
        result = super()._message_created_hook(message)
        once = (self.send_context or {}).get("mail_import_once")
        templates = self.env["mail.template"].with_user(self.create_uid)
        templates.with_context(
            mail_import_once=once
        )._mail_import_once_in_context()._mail_import_posted()
        return result
