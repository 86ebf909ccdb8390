"""*Process Unlinked Mail Again*: all of a mailbox, in the background, newest first."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..actions import notice
from .entry_again import AT_ONCE


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    again_below = fields.Integer(
        readonly=True, copy=False, help="Entries with lower numbers are still to be processed."
    )
    again_linked = fields.Integer(readonly=True, copy=False)
    again_user_id = fields.Many2one("res.users", readonly=True, copy=False)
    again_text = fields.Char(compute="_compute_again_text")

    @api.depends("again_below", "again_linked")
    @api.depends_context("lang")
    def _compute_again_text(self):
        for mailbox in self:
            words = self.env._(
                "Unlinked mail is being processed again: %s linked so far.", mailbox.again_linked
            )
            mailbox.again_text = words if mailbox.again_below else False

    def action_process_again(self):
        """Whoever reads the mail has it sorted by today's rules."""
        self.ensure_one()
        self.check_access("read")
        if not self.may_read:
            raise AccessError(self.env._("Only the readers of a mailbox have its mail sorted."))
        newest = self.env["mail.import.entry"].search(
            [("mailbox_id", "=", self.id)], order="id desc", limit=1
        )
        # sudo: readers do not write the mailbox; this much they ask for
        self.sudo().write(
            {"again_below": newest.id + 1, "again_linked": 0, "again_user_id": self.env.uid}
        )
        # sudo: readers may start this one job
        self.env.ref("mail_task_import.ir_cron_process_again").sudo()._trigger()
        return notice(self.env._("Unlinked mail is being processed again."), "info")

    @api.model
    def _process_all_again(self):
        """By the scheduler: so many at a time, each time committed."""
        cron = self.env["ir.cron"]
        for mailbox in self.search([("again_below", ">", 0)]):
            while mailbox.again_below:
                mailbox._process_some_again()
                if not cron._commit_progress(AT_ONCE, remaining=mailbox.again_below):
                    return

    def _process_some_again(self):
        self.lock_for_update()
        user = self.again_user_id
        entries = self.env["mail.import.entry"].search(
            [
                ("mailbox_id", "=", self.id),
                ("id", "<", self.again_below),
                ("direction", "=", "incoming"),
                ("is_linked", "=", False),
                ("folder_id.kind", "!=", "trash"),
            ],
            order="id desc",
            limit=AT_ONCE,
        )
        if not entries or user not in self.reader_ids:
            self._end_again()
            return
        # sudo: links are the importer's; whose entries they are was asked above
        links = entries.with_user(user).sudo()._process_again()
        self.write(
            {
                "again_below": min(entries.ids),
                "again_linked": self.again_linked + len(links.email_id),
            }
        )

    def _end_again(self):
        self._message_log(
            body=self.env._("Unlinked mail was processed again; linked: %s.", self.again_linked)
        )
        self.write({"again_below": 0, "again_linked": 0, "again_user_id": False})
