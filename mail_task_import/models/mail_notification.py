"""Why the host did not notify somebody by e-mail: a mailing that their address was left out of."""

from odoo import fields, models

from .mail_mail_bounced import CAME_BACK


class MailNotification(models.Model):
    _inherit = "mail.notification"

    failure_type = fields.Selection(
        selection_add=[(CAME_BACK, "Address That Fails")], ondelete={CAME_BACK: "set null"}
    )
