"""How long a group mailbox keeps what is in its Trash."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .res_users import MOST_DAYS, TRASH_DAYS


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    trash_days = fields.Integer(
        "Empty the Trash After",
        default=TRASH_DAYS,
        required=True,
        tracking=True,
        help="Days that e-mails of a group mailbox stay in its Trash. 0: for good. Of a personal "
        "mailbox its owner says so in the preferences.",
    )

    @api.constrains("trash_days")
    def _check_trash_days(self):
        for mailbox in self:
            if not 0 <= mailbox.trash_days <= MOST_DAYS:
                raise ValidationError(self.env._("The Trash is emptied after 0 to 36,500 days."))
