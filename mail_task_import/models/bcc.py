"""Blind copies: who else gets an e-mail that is written here. Its writer alone knows them.

They are kept apart from the e-mail, which colleagues and readers of a record read. Nobody reaches
this model, administrators included; the writer does through the field of the e-mail
(``email_bcc.py``).
"""

from odoo import api, fields, models
from odoo.tools.mail import email_normalize_all


class MailImportBcc(models.Model):
    _name = "mail.import.bcc"
    _inherit = ["mail.import.text.mixin", "mail.import.own.defaults.mixin"]
    _description = "Blind Copies of an E-mail"

    email_id = fields.Many2one("mail.import.email", required=True, index=True, ondelete="cascade")
    writer_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    addresses = fields.Char(help="As they were written.")
    refusals = fields.Json(help="What the SMTP server said, by refused address.")

    _once = models.Constraint("UNIQUE(email_id)", "Its blind copies are noted already.")

    @api.model
    def _of(self, emails):
        """The row of each of these e-mails that has one. As superuser."""
        return self.search([("email_id", "in", emails.ids)])

    def _normalized(self):
        """Addresses that get blind copies, in their order."""
        return list(
            dict.fromkeys(email_normalize_all(", ".join(filter(None, self.mapped("addresses")))))
        )
