"""What people do with an entry: read, answer, file, link and delete it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

WRITTEN_BY_USERS = {"folder_id", "is_read", "starred", "handled"}


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    correspondent = fields.Char(related="email_id.correspondent")
    cc = fields.Char(related="email_id.cc")
    reply_to = fields.Char(related="email_id.reply_to")
    from_email = fields.Char(related="email_id.from_email")
    has_remote_pictures = fields.Boolean(related="email_id.has_remote_pictures")
    files = fields.Json("List of Files", related="email_id.files")
    failure_reason = fields.Text(related="email_id.failure_reason")
    can_retry = fields.Boolean(related="email_id.can_retry")
    is_twin = fields.Boolean(related="email_id.is_twin")
    folder_kind = fields.Selection(related="folder_id.kind", string="Kind of Folder")
    has_suggestions = fields.Boolean(compute="_compute_has_suggestions")
    is_linked = fields.Boolean(
        "Linked", compute="_compute_has_suggestions", search="_search_is_linked"
    )
    can_delete_for_everyone = fields.Boolean(related="email_id.can_delete_for_everyone")
    can_send = fields.Boolean(related="mailbox_id.can_send")
    can_remember = fields.Boolean(
        compute="_compute_can_remember",
        help="The sender's address may be remembered for a contact.",
    )

    @api.depends("link_ids.suggested")
    def _compute_has_suggestions(self):
        for entry in self:
            proposals = entry.link_ids.filtered("suggested")
            entry.has_suggestions = bool(proposals)
            entry.is_linked = bool(entry.link_ids - proposals)

    @api.model
    def _search_is_linked(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("email_id.link_ids", "any!", [("suggested", "=", False)])]

    @api.depends("direction", "from_email")
    def _compute_can_remember(self):
        incoming = self.filtered(lambda entry: entry.direction == "incoming" and entry.from_email)
        # sudo: whose address it is; the user learns that it is nobody's to remember
        insiders = self.env["mail.import.target"].sudo()._insiders(incoming.mapped("from_email"))
        for entry in self:
            entry.can_remember = entry in incoming and entry.from_email not in insiders

    @api.depends("subject")
    def _compute_display_name(self):
        for entry in self._named_to_user():
            entry.display_name = entry.subject or self.env._("(no subject)")

    # -- what users may change ------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su:
            if set(vals) - WRITTEN_BY_USERS:
                raise AccessError(
                    self.env._("An e-mail that is stored is filed and marked, never changed.")
                )
            if "folder_id" in vals:
                self._check_folder(self.env["mail.import.folder"].browse(vals["folder_id"]))
        return super().write(vals)

    def unlink(self):
        """The owner's copy goes; the e-mail itself when nobody needs it any more."""
        self.check_access("unlink")
        if not self.env.su:
            self._check_in_trash()
        # sudo: what nobody owns any more nobody may delete
        emails = self.sudo().email_id
        emails._lose_copies(self.sudo())
        self._drop()
        emails._without_use().unlink()
        return True

    def _check_in_trash(self):
        """Nothing goes before somebody has put it there, and all readers could see it there."""
        if any(entry.folder_kind != "trash" for entry in self):
            raise UserError(self.env._("Only what is in the Trash is deleted for good."))

    def _drop(self):
        """These copies, and what only they had."""
        # sudo: the ledger is the importer's
        self.env["mail.import.location"].sudo()._note_deleted(self)
        self._notices().unlink()
        return super().unlink()  # pylint: disable=super-method-mismatch  # see unlink

    # -- reading and filing ---------------------------------------------------------------------

    def action_mark_read(self):
        self.filtered(lambda entry: not entry.is_read).is_read = True

    def action_mark_unread(self):
        self.is_read = False

    def action_toggle_handled(self):
        for entry in self:
            entry.handled = not entry.handled

    def action_archive_entry(self):
        self._move_to("archive")

    def action_trash(self):
        self._move_to("trash")

    def action_delete_for_everyone(self):
        self.check_access("read")
        self.email_id._delete_for_everyone()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "mail_task_import.action_mail_import_inbox"
        )

    def action_delete(self):
        """Delete the owner's copy for good; only out of the Trash."""
        self._check_in_trash()
        self.unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "mail_task_import.action_mail_import_inbox"
        )

    # -- answering ------------------------------------------------------------------------------

    def action_reply(self):
        return self._draft("reply")._open_draft()

    def action_reply_all(self):
        return self._draft("reply_all")._open_draft()

    def action_forward(self):
        return self._draft("forward")._open_draft()

    def _draft(self, written_as):
        """A draft that answers this e-mail, from its mailbox where the user may send from it."""
        self.ensure_one()
        self.check_access("read")
        self.mailbox_id._check_may_send()
        return self.env["mail.import.email"]._answer(self, written_as)

    def action_compose(self):
        """A new e-mail from the first mailbox that the user may send from.

        Not of the model alone: a button above a list hands over the selected records.
        """
        return self.env["mail.import.email"].action_compose()

    def action_edit_draft(self):
        self.ensure_one()
        return self.email_id._open_draft()

    def action_retry_send(self):
        self.check_access("read")
        self.email_id.action_retry_send()

    def action_edit_failed(self):
        """Back to a draft, to correct what kept it from being sent."""
        self.ensure_one()
        return self.email_id.action_edit_failed()

    # -- linking and downloading ----------------------------------------------------------------

    def action_link_to(self):
        return self.env["mail.import.link.to"]._open(self.email_id)

    def action_remember_address(self):
        self.ensure_one()
        return self.env["mail.import.remember.address"]._open(self.email_id)

    def action_download_original(self):
        self.ensure_one()
        if not self.has_original:
            raise UserError(self.env._("The original of this e-mail is no longer kept."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/mail_import/entry/{self.id}/original.eml",
            "target": "download",
        }
