"""The host's queue of push messages, which administrators read: not what is said of mail there."""

from odoo import fields, models


class MailPush(models.Model):
    _inherit = "mail.push"

    mail_import_private = fields.Boolean(readonly=True, help="It holds words of an e-mail.")
