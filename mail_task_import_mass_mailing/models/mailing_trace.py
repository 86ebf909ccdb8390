"""Traces of mailings tell who was left out since a placeholder was empty for them."""

from odoo import fields, models


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    failure_type = fields.Selection(
        selection_add=[("mail_import_empty", "Empty Placeholder")],
        ondelete={"mail_import_empty": "set null"},
    )
