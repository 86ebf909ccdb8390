"""Who opted out by a link may take it back by it; what others have decided, it does not change."""

from odoo import api, fields, models

from ..remembered import forget_out


class MailBlacklist(models.Model):
    _inherit = "mail.blacklist"

    mail_import_opted_out_at = fields.Datetime(
        "Opted Out by Link",
        readonly=True,
        copy=False,
        help="When they did it themselves, by the link in a mail. They may take it back there.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """The host returns those that are there already, too."""
        entries = super().create(vals_list)
        entries._mail_import_decided()
        forget_out(self.env)
        return entries

    def _add(self, email, message=None):
        entry = super()._add(email, message=message)
        entry._mail_import_decided()
        return entry

    def _mail_import_decided(self):
        """Somebody else has put them there as well: that stands, whatever a link takes back."""
        # sudo: who may add an address need not be one who changes entries
        by_link = self.sudo().filtered("mail_import_opted_out_at")
        if by_link:
            by_link.mail_import_opted_out_at = False

    def write(self, vals):
        if "active" in vals and "mail_import_opted_out_at" not in vals:
            vals = {**vals, "mail_import_opted_out_at": False}
        result = super().write(vals)
        forget_out(self.env)
        return result

    def unlink(self):
        result = super().unlink()
        forget_out(self.env)
        return result

    def _mail_import_note_link(self):
        self.mail_import_opted_out_at = fields.Datetime.now()
