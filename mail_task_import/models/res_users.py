"""What people choose for their own mail, in their preferences."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

TRASH_DAYS = 30
MOST_DAYS = 36_500
OWN_CHOICES = ("mail_import_notify", "mail_import_trash_days", "mail_import_quotes")


class ResUsers(models.Model):
    _inherit = "res.users"

    mail_import_notify = fields.Boolean(
        "Tell Me of New E-mails",
        default=True,
        # as below: not read along wherever the host reads users
        prefetch=False,
        help="In the bell or the open browser, and on devices that take push messages, when mail "
        "arrives in your personal mailbox.",
    )
    mail_import_trash_days = fields.Integer(
        "Empty My Trash After",
        default=TRASH_DAYS,
        prefetch=False,
        help="Days that your own e-mails stay in the Trash. 0: for good.",
    )

    mail_import_quotes = fields.Boolean(
        "Quote the Original",
        default=True,
        prefetch=False,
        help="Below your answers. As you chose it last; each answer can do otherwise.",
    )
    mail_import_list_closed = fields.Boolean("First Steps Are Done", prefetch=False)

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, *OWN_CHOICES]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, *OWN_CHOICES]

    @api.constrains("mail_import_trash_days")
    def _check_mail_import_trash_days(self):
        for user in self:
            if not 0 <= user.mail_import_trash_days <= MOST_DAYS:
                raise ValidationError(self.env._("The Trash is emptied after 0 to 36,500 days."))
