"""Users: the mailboxes that they are members of."""

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    # The readers of a mailbox follow from its members. Without this way back, Odoo searches for
    # the mailboxes of each new user, which writes the user before the groups are known; one with
    # notifications in Odoo is then refused as a portal user.
    mail_import_member_mailbox_ids = fields.Many2many(
        "mail.import.mailbox",
        "mail_import_mailbox_member_rel",
        "res_users_id",
        "mail_import_mailbox_id",
        string="Mailboxes",
        copy=False,
        groups=fields.NO_ACCESS,
    )
