"""Who opted out by a link may take it back by it; what others have decided, it does not change."""

from odoo import fields, models


class MailBlacklist(models.Model):
    _inherit = "mail.blacklist"

    mail_import_opted_out_at = fields.Datetime(
        "Opted Out by Link",
        readonly=True,
        copy=False,
        help="When they did it themselves, by the link in a mail. They may take it back there.",
    )

    def write(self, vals):
        if "active" in vals and "mail_import_opted_out_at" not in vals:
            vals = {**vals, "mail_import_opted_out_at": False}
        return super().write(vals)

    def _mail_import_note_link(self):
        self.mail_import_opted_out_at = fields.Datetime.now()
