"""The mark beside an address that mail came back from, on contacts and leads."""

from odoo import api, fields, models

from ..access import as_superuser


class MailImportBouncedMixin(models.AbstractModel):
    _name = "mail.import.bounced.mixin"
    _description = "Record with an Address"

    mail_import_bounced = fields.Text(
        "Came Back", compute="_compute_mail_import_bounced", groups="base.group_user"
    )
    mail_import_left_out = fields.Boolean(
        "Left Out of Mailings", compute="_compute_mail_import_bounced", groups="base.group_user"
    )

    @api.depends_context("uid", "lang")
    @api.depends("email_normalized")
    def _compute_mail_import_bounced(self):
        # sudo: of the address of a record that the user reads
        states = self.env["mail.import.address.state"].sudo()
        found = states._of(self.mapped("email_normalized")).grouped("address")
        for record in self:
            state = found.get(record.email_normalized)
            record.mail_import_bounced = state._words() if state else False
            record.mail_import_left_out = state.is_left_out if state else False

    def action_mail_import_works_again(self):
        """Whoever may change the address may say that it works."""
        self.check_access("write")
        states = as_superuser(self.env["mail.import.address.state"])
        states._note_alive(self.mapped("email_normalized"))
