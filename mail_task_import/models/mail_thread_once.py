"""Messages by a template that serves once: it ends with the first of their mails that is sent."""

from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_by_email_get_base_mail_values(self, message, *args, **kwargs):
        values = super()._notify_by_email_get_base_mail_values(message, *args, **kwargs)
        if self.env.context.get("mail_import_once"):
            values["mail_import_once"] = self.env["mail.template"]._mail_import_once_in_context().id
        return values
