"""Templates for mailings: what is written by them does not go to who opted out."""

from odoo import fields, models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    mail_import_marketing = fields.Boolean(
        "For Mailings",
        help="What is written by it does not go to those who opted out of mailings, also if they "
        "did so after it was queued.",
    )

    def send_mail_batch(self, res_ids, *args, email_values=None, **kwargs):
        if self.mail_import_marketing:
            email_values = {**(email_values or {}), "mail_import_marketing": True}
        return super().send_mail_batch(res_ids, *args, email_values=email_values, **kwargs)
