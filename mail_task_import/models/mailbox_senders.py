"""Who sends from a mailbox: its readers, or those groups that an administrator chose.

The owner of a personal mailbox sends from it and nobody else. A group mailbox without chosen groups
is sent from by all its readers. Where groups are chosen their people send, and nobody else; one
who is no reader of the mailbox writes from it, reads what they wrote, and nothing else of it.
"""

from odoo import api, fields, models
from odoo.fields import Domain


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    sender_group_ids = fields.Many2many(
        "res.groups",
        "mail_import_mailbox_sender_group_rel",
        string="Who Sends",
        copy=False,
        help="People of these groups write from this mailbox, and nobody else. Without a group: "
        "everybody who reads it.",
    )

    def _may_send(self, user):
        """Whether this user may write from this mailbox, now."""
        self.ensure_one()
        # sudo: groups and readers are asked, not shown
        mailbox = self.sudo()
        groups = mailbox.sender_group_ids
        if mailbox.kind == "personal" or not groups:
            return user in mailbox.reader_ids
        user = user.sudo()
        return bool(user.active and not user.share and user.all_group_ids & groups)

    @api.model
    def _sent_from_by(self, user):
        """The mailboxes that this user may write from, as a domain."""
        # sudo: which groups one is of
        groups = user.sudo().all_group_ids.ids
        everybody = Domain("sender_group_ids", "=", False) | Domain("kind", "=", "personal")
        reads = Domain("reader_ids", "in", user.ids) & everybody
        return reads | (Domain("kind", "=", "group") & Domain("sender_group_ids", "in", groups))
