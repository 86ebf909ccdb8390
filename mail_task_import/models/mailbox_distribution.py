"""Mailboxes: to whom the records that their mail makes are assigned."""

from odoo import api, fields, models


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    distribution_id = fields.Many2one(
        "mail.import.distribution",
        "Assigned By",
        ondelete="restrict",
        domain="[('company_id', '=', company_id)]",
        help="Who gets the records that mail to this mailbox becomes. Empty: they are assigned to "
        "nobody. An import rule may say otherwise.",
    )

    @api.constrains("distribution_id", "company_id")
    def _check_distribution(self):
        self.env["mail.import.distribution"]._check_company_of(self)
