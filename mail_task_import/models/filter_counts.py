"""How many mails a filter has skipped, and what its owner sees of them."""

from odoo import api, fields, models

from .filter_catch import KEPT


class MailImportFilter(models.Model):
    _inherit = "mail.import.filter"

    trimmed = fields.Integer(default=0, copy=False, readonly=True, groups=fields.NO_ACCESS)
    """Skipped mails that are no longer listed."""
    caught = fields.Integer("Skipped", compute="_compute_caught", compute_sudo=True)
    catch_ids = fields.One2many(
        "mail.import.filter.catch",
        string="Last Skipped",
        compute="_compute_catch_ids",
        compute_sudo=False,
    )

    def _compute_caught(self):
        """As superuser: administrators see how many, in whosever mailbox."""
        rows = self.env["mail.import.filter.catch"]._read_group(
            [("filter_id", "in", self.ids)], ["filter_id"], ["__count"]
        )
        counts = {one.id: count for one, count in rows}
        for one in self:
            one.caught = (one.trimmed or 0) + counts.get(one.id, 0)

    @api.depends_context("uid")
    def _compute_catch_ids(self):
        """Those of mailboxes that the user reads, by the rule of access."""
        for one in self:
            one.catch_ids = self.env["mail.import.filter.catch"].search(
                [("filter_id", "in", one.ids)], limit=KEPT
            )
