"""Why a mailing does not leave: its address fails. That it does is asked with who opted out."""

from odoo import fields, models

CAME_BACK = "mail_import_bounced"


class MailMail(models.Model):
    _inherit = "mail.mail"

    failure_type = fields.Selection(
        selection_add=[(CAME_BACK, "Address That Fails")], ondelete={CAME_BACK: "set null"}
    )

    def _mail_import_why_out(self):
        return self._mail_import_why_bounced() or super()._mail_import_why_out()

    def _mail_import_why_bounced(self):
        """As ``_mail_import_why_out``; None where it is not for that, or not for that alone."""
        addresses = set(self._mail_import_to())
        failing = self.env["mail.import.address.state"]._left_out(addresses)
        if addresses - failing or self.env["mail.import.opt.out"]._opted_out(addresses):
            return None
        return CAME_BACK, self.env._("E-mails to this address came back.")
