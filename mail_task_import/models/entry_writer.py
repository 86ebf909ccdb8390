"""Who wrote an e-mail here: a draft is its writer's own, what was sent is the mailbox's.

Colleagues of a group mailbox read no half-written mail. What has left they read like any other, and
so does its writer, who need not be a reader of the mailbox that it left from.
"""

from odoo import api, fields, models


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    writer_id = fields.Many2one(
        "res.users",
        "Written By",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Who wrote the e-mail here.",
    )
    can_send = fields.Boolean(related=None, compute="_compute_can_send", compute_sudo=False)
    written_bcc = fields.Char("Bcc of Its Writer", related="email_id.bcc", related_sudo=False)
    bcc_refused = fields.Text(
        related="email_id.bcc_refused", related_sudo=False, search="_search_bcc_refused"
    )
    is_draft = fields.Boolean(
        readonly=True, help="It is being written: nobody but its writer reads it."
    )

    @api.depends("mailbox_id.can_send")
    @api.depends_context("uid")
    def _compute_can_send(self):
        """Whether it is answered from where it lies; of one's own, by the company's server."""
        for entry in self:
            # sudo: whether the mailbox has a server
            mailbox = entry.sudo().mailbox_id
            entry.can_send = mailbox.can_send if mailbox else True

    @api.model
    def _search_bcc_refused(self, operator, value):
        """Of the user's own e-mails those that did not reach everybody in Bcc."""
        if operator not in ("in", "not in") or set(value) != {False}:
            return NotImplemented
        mine = [("writer_id", "=", self.env.uid), ("refusals", "!=", False)]
        # sudo: nobody reaches the rows; these are the user's own
        refused = self.env["mail.import.bcc"].sudo().search(mine).email_id
        return [("email_id", "in" if operator == "not in" else "not in", refused.ids)]
