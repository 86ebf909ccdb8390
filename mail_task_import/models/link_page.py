"""The page of a mail that is read through a record."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class MailImportLink(models.Model):
    _name = "mail.import.link"
    _inherit = ["mail.import.link", "mail.import.page.mixin"]

    status = fields.Selection(related="email_id.status")
    archived_by = fields.Char(related="email_id.archived_by")

    def _record_of_page(self):
        return self.res_model, self.res_id

    def _may_add_addresses(self):
        """Only who has the mail: the dialog looks at it."""
        may = self.env.user.has_group("base.group_partner_manager")
        return may and bool(self.my_entry_id)

    @api.model
    def action_archive_email(self, *_ids):
        """The dialog, for the record whose e-mails are listed."""
        place = self.env.context.get("mail_import_record")
        if not isinstance(place, list | tuple) or len(place) != 2:
            raise UserError(self.env._("Open the E-mails of the record that it belongs to."))
        return self.env["mail.import.archive"].open_on(*place)
