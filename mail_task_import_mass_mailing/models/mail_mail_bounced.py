"""Why a letter of a mailing does not leave: an address that fails is no list that somebody left."""

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _mail_import_why_out(self):
        return self._mail_import_why_bounced() or super()._mail_import_why_out()
