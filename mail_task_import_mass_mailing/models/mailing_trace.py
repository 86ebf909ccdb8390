"""Traces of mailings tell who was left out since a placeholder was empty for them."""

from odoo import fields, models

from odoo.addons.mail_task_import.models.mail_mail_bounced import CAME_BACK


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    failure_type = fields.Selection(
        selection_add=[
            ("mail_import_empty", "Empty Placeholder"),
            (CAME_BACK, "Address That Fails"),
        ],
        ondelete={"mail_import_empty": "set null", CAME_BACK: "set null"},
    )
