"""Own folders belong to whoever makes them, or to all members of a group mailbox.

A folder that is deleted leaves its mail behind, one floor up: mail is never deleted with it.
"""

from contextlib import contextmanager

from psycopg2.errors import ForeignKeyViolation

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError


class MailImportFolder(models.Model):
    _inherit = "mail.import.folder"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            own = vals.get("kind", "own") == "own"
            if own and not vals.get("mailbox_id") and not vals.get("user_id"):
                vals.update(self._owner_of_new(vals))
        return super().create(vals_list)

    @api.model
    def _owner_of_new(self, vals):
        """A folder inside another one is of the same owner; any other is its maker's."""
        default = self.env.context.get("default_mailbox_id")
        if default and "mailbox_id" not in vals:
            return {"mailbox_id": default}
        parent = self.browse(vals.get("parent_id") or [])
        if parent and parent.has_access("read") and parent.mailbox_id:
            return {"mailbox_id": parent.mailbox_id.id}
        return {"user_id": self.env.uid}

    @api.model
    def action_new(self):
        """The dialog; for the group mailbox of who reads nothing else."""
        mailboxes = self.env["mail.import.mailbox"].search([("reader_ids", "in", self.env.uid)])
        alone = mailboxes if len(mailboxes) == 1 and mailboxes.kind == "group" else mailboxes[:0]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail_task_import.action_mail_import_new_folder"
        )
        return {**action, "context": {"default_mailbox_id": alone.id}}

    @api.onchange("parent_id")
    def _onchange_parent_id(self):
        if self.parent_id:
            self.mailbox_id = self.parent_id.mailbox_id

    def write(self, vals):
        """A folder goes from its maker to a group mailbox, or back, in one step, while empty."""
        if vals.get("mailbox_id"):
            vals = {**vals, "user_id": False}
        elif "mailbox_id" in vals and "user_id" not in vals:
            vals = {**vals, "user_id": self.env.uid}
        owners = {folder: (folder.user_id, folder.mailbox_id) for folder in self}
        result = super().write(vals)
        if {"user_id", "mailbox_id"} & set(vals):
            self.filtered(
                lambda folder: owners[folder] != (folder.user_id, folder.mailbox_id)
            )._check_empty()
        return result

    def _check_empty(self):
        """Whose mail is in it, or comes there, would find it in another one's folder."""
        for folder in self:
            if folder._is_used("mail.import.entry", "folder_id"):
                raise UserError(
                    self.env._(
                        "“%s” holds e-mails of its owner. Move them to another folder first.",
                        folder.name,
                    )
                )
            if folder._is_used("mail.import.filter", "folder_id") or folder._is_used(
                "mail.import.mailbox", "local_folder_id"
            ):
                raise UserError(
                    self.env._(
                        "A filter or a mailbox files mail into “%s”. Change that first.",
                        folder.name,
                    )
                )

    def _is_used(self, model, name):
        # sudo: whether there is any, nothing of it
        Model = self.env[model].sudo().with_context(active_test=False)
        return bool(Model.search_count([(name, "in", self.ids)], limit=1))

    # -- deleting -------------------------------------------------------------------------------

    def action_delete_folder(self):
        self.unlink()
        return {"type": "ir.actions.act_window_close"}

    def unlink(self):
        """Mail and folders inside go to the folder above, or where they would have been without."""
        self.check_access("unlink")
        # sudo: entries of the group's other readers are the same; of a person there are none else
        own = self.sudo()
        # a parent before its children, so that nothing is moved into what goes as well
        for folder in own.sorted("parent_path"):
            folder._move_up(folder.parent_id - own)
        with self._asked_again_after_an_importer():
            return super().unlink()

    @contextmanager
    def _asked_again_after_an_importer(self):
        """One had put mail into it that nobody else saw yet: the host begins anew, and sees it."""
        try:
            yield
        except ForeignKeyViolation as error:
            if error.diag.table_name not in (self._table, self.env["mail.import.entry"]._table):
                raise
            raise ConcurrencyError(
                self.env._("E-mails are just coming into this folder. Try again in a moment.")
            ) from error

    def _move_up(self, parent):
        self.ensure_one()
        Entry = self.env["mail.import.entry"]
        entries = Entry.search([("folder_id", "=", self.id)])
        if parent:
            entries.folder_id = parent
        else:
            for folder, some in entries.grouped(lambda entry: entry._usual_folder()).items():
                some.folder_id = folder
        Entry.search([("previous_folder_id", "=", self.id)]).previous_folder_id = parent
        self.search([("parent_id", "=", self.id)]).parent_id = parent
        self._file_elsewhere("mail.import.mailbox", {"local_folder_id": parent.id})
        self._file_elsewhere(
            "mail.import.filter",
            {"folder_id": parent.id, "destination": "folder" if parent else "keep"},
        )

    def _file_elsewhere(self, model, values):
        """What files mail here files it there from now on."""
        Model = self.env[model].with_context(active_test=False)
        name = next(iter(values))
        Model.search([(name, "=", self.id)]).write(values)
