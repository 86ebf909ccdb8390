"""Mails of a template that serves once: it has served when one of them was sent."""

from odoo import fields, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    # a number: the name of a template of somebody's own would be shown to administrators
    mail_import_once = fields.Integer("Template That Serves Once", readonly=True)

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        once = set(self.mapped("mail_import_once")) - {0} if not failure_type else ()
        self.env["mail.template"].browse(once).exists()._mail_import_used()
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
