"""*Write* in the form of a record: an e-mail to its customer that belongs to the record."""

from odoo import api, fields, models


class MailImportRecordMixin(models.AbstractModel):
    _inherit = "mail.import.record.mixin"

    mail_import_can_write = fields.Boolean(
        compute="_compute_mail_import_can_write", groups="base.group_user"
    )

    @api.depends_context("uid")
    def _compute_mail_import_can_write(self):
        self.mail_import_can_write = self.env["mail.import.mailbox"]._can_send_from_one()

    def action_mail_import_write(self):
        """Begin an e-mail to the record's customer."""
        self.ensure_one()
        return self.env["mail.import.email"].begin(self._name, self.id)
