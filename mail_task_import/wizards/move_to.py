"""*Move to folder…*: one folder for one or many e-mails of the same owner."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..actions import in_dialog

SYSTEM = ("inbox", "archive", "trash")
"""Folders of the system that anything may lie in."""


class MailImportMoveTo(models.TransientModel):
    _name = "mail.import.move.to"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Move E-mails to a Folder"

    entry_ids = fields.Many2many("mail.import.entry", required=True, readonly=True)
    folder_id = fields.Many2one("mail.import.folder", "Folder")
    fitting_folder_ids = fields.Many2many(
        "mail.import.folder", compute="_compute_fitting_folder_ids"
    )
    count = fields.Integer(compute="_compute_count")
    owner = fields.Char(compute="_compute_owner")
    mixed = fields.Boolean(compute="_compute_owner")
    mailbox_id = fields.Many2one(
        "mail.import.mailbox", compute="_compute_owner", help="For a folder that is made here."
    )

    @api.constrains("entry_ids")
    def _check_entries(self):
        """Nobody opens the dialog on e-mails that they do not read."""
        # constraints run as superuser; the user is meant
        self.entry_ids.sudo(False).check_access("read")

    @api.model
    def _open(self, entries):
        entries.check_access("read")
        wizard = self.create({"entry_ids": [fields.Command.set(entries.ids)]})
        return in_dialog(wizard, self.env._("Move to Folder…"))

    @api.depends("entry_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.entry_ids)

    @api.depends("entry_ids")
    def _compute_owner(self):
        for wizard in self:
            users, mailboxes = wizard.entry_ids._owners()
            wizard.owner = ", ".join([*users.mapped("name"), *mailboxes.mapped("name")])
            wizard.mixed = len(users) + len(mailboxes) > 1
            wizard.mailbox_id = mailboxes if not users and len(mailboxes) == 1 else False

    @api.depends("entry_ids")
    def _compute_fitting_folder_ids(self):
        Folder = self.env["mail.import.folder"]
        for wizard in self:
            users, mailboxes = wizard.entry_ids._owners()
            domain = Domain("kind", "in", SYSTEM)
            if len(users) + len(mailboxes) == 1:
                domain |= Domain("user_id", "in", users.ids) | Domain(
                    "mailbox_id", "in", mailboxes.ids
                )
            wizard.fitting_folder_ids = Folder.search(domain)

    def action_move(self):
        self.ensure_one()
        if not self.folder_id:
            raise UserError(self.env._("Choose a folder."))
        if self.mixed and self.folder_id.kind == "own":
            raise UserError(
                self.env._(
                    "These e-mails belong to several mailboxes (%s). Own folders hold those of "
                    "one: choose the e-mails of one mailbox.",
                    self.owner,
                )
            )
        return self.entry_ids._file_into_with_way_back(self.folder_id)
