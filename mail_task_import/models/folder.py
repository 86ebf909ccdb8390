"""Folders: where an owner files entries. The system folders are shared records without owner."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MailImportFolder(models.Model):
    _name = "mail.import.folder"
    _inherit = [
        "mail.import.text.mixin",
        "mail.import.private.name.mixin",
        "mail.import.moved.mixin",
    ]
    _description = "E-mail Folder"
    _parent_store = True
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    display_name = fields.Char(recursive=True)
    sequence = fields.Integer(default=50)
    color = fields.Integer()
    skip_notification = fields.Boolean(
        help="Mail that a filter files here is not announced. It is unread and counted all the "
        "same."
    )
    kind = fields.Selection(
        [
            ("inbox", "Inbox"),
            ("sent", "Sent"),
            ("drafts", "Drafts"),
            ("archive", "Archive"),
            ("trash", "Trash"),
            ("own", "Own folder"),
        ],
        default="own",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "Owner", ondelete="cascade", index="btree_not_null")
    mailbox_id = fields.Many2one(
        "mail.import.mailbox",
        "Group Mailbox",
        ondelete="cascade",
        domain=[("kind", "=", "group")],
        index="btree_not_null",
    )
    parent_id = fields.Many2one("mail.import.folder", "Inside", ondelete="restrict", index=True)
    parent_path = fields.Char(index=True)

    @api.constrains("kind", "user_id", "mailbox_id")
    def _check_owner(self):
        for folder in self:
            owned = bool(folder.user_id) + bool(folder.mailbox_id)
            if owned != (folder.kind == "own"):
                raise ValidationError(
                    self.env._("An own folder belongs to one user or one group mailbox.")
                )
            # sudo: the kind of a mailbox, nothing else of it
            if folder.mailbox_id and folder.sudo().mailbox_id.kind != "group":
                raise ValidationError(
                    self.env._("Folders of a personal mailbox belong to its owner alone.")
                )

    @api.constrains("parent_id", "user_id", "mailbox_id")
    def _check_parent(self):
        """Else the name of somebody's folder is read above one's own."""
        if self._has_cycle():
            raise ValidationError(self.env._("A folder cannot lie inside itself."))
        # sudo: what lies below may be another's, which is refused
        for folder in self | self.sudo().search([("parent_id", "in", self.ids)]):
            # sudo: the parent may be a folder that the user does not see
            parent = folder.sudo().parent_id
            same = (parent.user_id, parent.mailbox_id) == (folder.user_id, folder.mailbox_id)
            if parent and not same:
                raise ValidationError(self.env._("A folder lies below a folder of the same owner."))

    @api.depends("parent_id.display_name", "name")
    @api.depends_context("hierarchical_naming")
    def _compute_display_name(self):
        """With those it lies in, but in a tree, which shows them itself."""
        full = self.env.context.get("hierarchical_naming", True)
        for folder in self._named_to_user():
            above = full and folder.parent_id.display_name
            folder.display_name = f"{above} / {folder.name}" if above else folder.name

    @api.model
    def _system(self, kind):
        """The system folder of a kind ("inbox", "sent", "drafts", "archive", "trash")."""
        # not env.ref: it asks the database each time whether the folder still exists
        xmlid = f"mail_task_import.folder_{kind}"
        return self.browse(self.env["ir.model.data"]._xmlid_to_res_id(xmlid, True))
