"""The sign in lists of an e-mail that came back."""

from odoo import fields, models


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    has_bounced = fields.Boolean(related="email_id.has_bounced")
    bounced = fields.Text(related="email_id.bounced")
