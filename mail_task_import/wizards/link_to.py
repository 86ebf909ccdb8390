"""*Link to…*: choose the record that an e-mail belongs to, or accept what is proposed."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..actions import in_dialog


class MailImportLinkTo(models.TransientModel):
    _name = "mail.import.link.to"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Link an E-mail to a Record"

    email_ids = fields.Many2many("mail.import.email", required=True, readonly=True)
    record = fields.Reference(selection="_target_models")
    publish = fields.Boolean(
        "Show in the chatter",
        help="As an internal note, without a notification. Otherwise the e-mail is found under "
        "the record's E-mails button only.",
    )
    suggestion_ids = fields.Many2many("mail.import.link", compute="_compute_suggestion_ids")
    thread_size = fields.Integer(compute="_compute_thread_size")

    @api.constrains("email_ids")
    def _check_emails(self):
        """Nobody opens the dialog on e-mails that they do not read."""
        # constraints run as superuser; the user is meant
        self.email_ids.sudo(False).check_access("read")

    @api.model
    def _target_models(self):
        """Models of the installed targets, each once."""
        # sudo: targets are settings
        targets = self.env["mail.import.target"].sudo().search([("active", "=", True)])
        names = dict.fromkeys(targets._installed().mapped("model"))
        return [(name, self.env["ir.model"]._get(name).name) for name in names]

    @api.model
    def _open(self, emails):
        emails.check_access("read")
        wizard = self.create(
            {
                "email_ids": [fields.Command.set(emails.ids)],
                "publish": all(email.visibility == "linked" for email in emails),
            }
        )
        return in_dialog(wizard, self.env._("Link to…"))

    @api.depends("email_ids")
    def _compute_suggestion_ids(self):
        for wizard in self:
            wizard.suggestion_ids = wizard.email_ids.link_ids.filtered("suggested")

    @api.depends("email_ids")
    def _compute_thread_size(self):
        """How many other e-mails come along, as far as the user reads them."""
        for wizard in self:
            # sudo: the thread is found by references, which nobody reads
            thread = wizard.email_ids.sudo()._thread().sudo(False)._filtered_access("read")
            wizard.thread_size = len(
                thread.filtered(
                    lambda email: not email.link_ids.filtered(lambda link: not link.suggested)
                )
            )

    def action_link(self):
        self.ensure_one()
        if not self.record:
            raise UserError(self.env._("Choose the record that the e-mail belongs to."))
        for email in self.email_ids:
            self.env["mail.import.link"]._link_by_hand(email, self.record, self.publish)
        return {"type": "ir.actions.act_window_close"}
