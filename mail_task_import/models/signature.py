"""Signatures: under which name a mailbox writes, and what stands below."""

from odoo import api, fields, models


class MailImportSignature(models.Model):
    _name = "mail.import.signature"
    _inherit = [
        "mail.import.given.values.mixin",
        "mail.import.text.mixin",
        "mail.import.private.name.mixin",
        "mail.import.moved.mixin",
    ]
    _description = "Alias and Signature"
    _order = "sequence, id"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(
        "Alias",
        required=True,
        help="The sender's name that recipients see, for example Azure Support.",
    )
    body = fields.Html("Signature")

    @api.constrains("body")
    def _check_placeholders(self):
        # constraints run as superuser; what may be told is asked of whoever writes it
        check = self.sudo(False).env["mail.import.placeholder"]._check_signature
        for signature in self:
            check(signature.body)
