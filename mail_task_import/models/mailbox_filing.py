"""Where the e-mails of a mailbox are filed, and how long a group's stay in its Trash."""

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

    @api.constrains("local_folder_id", "kind", "owner_id")
    def _check_local_folder(self):
        """Else its mail lies where its readers do not see it."""
        for mailbox in self:
            # sudo: whose folder it is; its name is not said
            folder = mailbox.sudo().local_folder_id
            if folder.kind in ("sent", "drafts", "trash"):
                raise ValidationError(
                    self.env._("A mailbox does not file its e-mails into “%s”.", folder.name)
                )
            own = folder.user_id == mailbox.owner_id and not folder.mailbox_id
            groups = folder.mailbox_id == mailbox
            if folder.kind == "own" and not (own if mailbox.kind == "personal" else groups):
                raise ValidationError(
                    self.env._("A mailbox files its e-mails into folders of its own readers.")
                )
