"""Whose an e-mail is: its record rule asks ``is_mine``."""

from odoo import api, fields, models
from odoo.fields import Domain

from ..row_by_row import one_of


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    is_mine = fields.Boolean(
        compute="_compute_is_mine",
        search="_search_is_mine",
        compute_sudo=True,
        help="The user has a copy of it, or reads a group mailbox that has one.",
    )

    # who reads a mailbox is no dependency here: the host would look for all mail of a mailbox
    # whenever somebody joins it; ``mailbox._compute_reader_ids`` has it forgotten
    @api.depends_context("uid")
    @api.depends(
        "entry_ids.user_id", "entry_ids.mailbox_id", "entry_ids.writer_id", "entry_ids.is_draft"
    )
    def _compute_is_mine(self):
        uid = self.env.uid
        for email in self:
            email.is_mine = any(
                uid in (entry.user_id.id, entry.writer_id.id)
                or (
                    not (entry.user_id or entry.is_draft)
                    and uid in entry.mailbox_id.reader_ids.ids
                )
                for entry in email.entry_ids
            )

    @api.model
    def _search_is_mine(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        uid = self.env.uid
        shared = Domain("user_id", "=", False) & Domain("is_draft", "=", False)
        mine = (
            Domain("user_id", "=", uid)
            | Domain("writer_id", "=", uid)
            | (shared & Domain("mailbox_id.reader_ids", "in", [uid]))
        )
        # sudo: the condition itself says whose they are
        return one_of(self.env["mail.import.entry"].sudo()._search(mine), "id", "email_id")
