"""The dialog of *Reset position*: from which day on mail that is not here yet is fetched."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class MailImportPositionReset(models.TransientModel):
    _name = "mail.import.position.reset"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Reset the Position of a Mailbox"

    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, readonly=True, ondelete="cascade"
    )
    fetch_since = fields.Date(
        required=True, compute="_compute_fetch_since", store=True, readonly=False, precompute=True
    )
    act_since = fields.Datetime(related="mailbox_id.act_since")

    @api.constrains("mailbox_id")
    def _check_mailbox(self):
        """Nobody opens the dialog of a mailbox that is not theirs to set up."""
        # constraints run as superuser; the user is meant
        self.mailbox_id.sudo(False)._check_may_set_up()

    @api.depends("mailbox_id")
    def _compute_fetch_since(self):
        for wizard in self:
            mailbox = wizard.mailbox_id
            start = mailbox.act_since or fields.Datetime.now()
            wizard.fetch_since = mailbox.fetch_since or start.date()

    def action_reset(self):
        """Ask the ledger anew: whatever has a location stays as it is, the rest is fetched.

        So is what a filter had skipped that is deleted: nothing else would ever fetch it.
        """
        mailbox = self.mailbox_id
        mailbox._check_may_set_up()
        if self.fetch_since > fields.Date.today():
            raise UserError(self.env._("The day lies in the future."))
        mailbox.fetch_since = self.fetch_since
        # sudo: positions are the importer's
        folders = mailbox.sudo().with_context(active_test=False).remote_folder_ids
        folders.write(folders._no_history())
        mailbox.sudo().history_stopped = False
        # sudo: the ledger is the importer's
        self.env["mail.import.location"].sudo()._forget_skipped_by_deleted(mailbox)
        mailbox.message_post(
            body=self.env._("Position reset: mail since %s is looked for.", self.fetch_since)
        )
        if mailbox.state == "active":
            mailbox._ask_for_fetch()
        return {"type": "ir.actions.act_window_close"}
