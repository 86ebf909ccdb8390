"""*Link to…*: choose the records that e-mails belong to, or take one away.

What is found while somebody types is in ``models/target_searching.py``, what is suggested in
``models/target_suggesting.py``. The dialog holds what was chosen as ``[{"model": …, "id": …}]``.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..actions import in_dialog

MOST = 10
"""Records that are chosen at once."""


class MailImportLinkTo(models.TransientModel):
    _name = "mail.import.link.to"
    _inherit = ["mail.import.moved.mixin"]
    _description = "Link an E-mail to a Record"

    email_ids = fields.Many2many("mail.import.email", required=True, readonly=True)
    record = fields.Reference(selection="_target_models")
    chosen = fields.Json(help="Model and id of each record.")
    publish = fields.Boolean(
        "Show in the chatter",
        help="As an internal note, without a notification. Otherwise the e-mail is found under "
        "the record's E-mails button only.",
    )
    suggestion_ids = fields.Many2many("mail.import.link", compute="_compute_suggestion_ids")
    suggestions = fields.Json(compute="_compute_suggestions")
    linked = fields.Json(compute="_compute_linked", help="Records that they belong to already.")
    count = fields.Integer(compute="_compute_count")
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

    # -- what is shown --------------------------------------------------------------------------

    @api.depends("email_ids")
    def _compute_suggestion_ids(self):
        for wizard in self:
            wizard.suggestion_ids = wizard.email_ids.link_ids.filtered("suggested")

    @api.depends("email_ids")
    @api.depends_context("uid", "lang")
    def _compute_suggestions(self):
        for wizard in self:
            wizard.suggestions = self.env["mail.import.target"]._suggested_for(wizard.email_ids)

    @api.depends("email_ids.link_ids.suggested")
    @api.depends_context("uid", "lang")
    def _compute_linked(self):
        for wizard in self:
            linked = {}
            for link in wizard.email_ids.link_ids.filtered(lambda link: not link.suggested):
                linked.setdefault((link.res_model, link.res_id), link)
            wizard.linked = [
                {
                    "model": model,
                    "id": res_id,
                    "kind": link.target_id.name or "",
                    "name": link.record_name or self.env._("a record that you may not read"),
                }
                for (model, res_id), link in linked.items()
            ]

    @api.depends("email_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.email_ids)

    @api.depends("email_ids")
    def _compute_thread_size(self):
        """How many other e-mails come along, as far as the user reads them."""
        for wizard in self:
            wizard.thread_size = len(wizard.email_ids._thread_to_take_along())

    # -- what is done ---------------------------------------------------------------------------

    def _records(self):
        """What was chosen; what is no target's is refused, whoever names it."""
        places = [(one.get("model"), one.get("id")) for one in self.chosen or ()]
        known = dict(self._target_models())
        if any(model not in known or type(number) is not int for model, number in places):
            raise UserError(self.env._("Choose the record that the e-mail belongs to."))
        records = [self.env[model].browse(number).exists() for model, number in places[:MOST]]
        records = [record for record in records if record]
        return [*records, self.record] if self.record else records

    def action_link(self):
        self.ensure_one()
        records = self._records()
        if not records:
            raise UserError(self.env._("Choose the record that the e-mail belongs to."))
        for email in self.email_ids:
            self.env["mail.import.link"]._link_by_hand(email, records, self.publish)
        return {"type": "ir.actions.act_window_close"}

    def unlink_from(self, model, number):
        """Take the e-mails away from one record; its journal says who did it.

        :return: what they are linked to still, as the dialog shows it
        """
        self.ensure_one()
        self.check_access("read")
        links = self.email_ids.link_ids.filtered(
            lambda link: (link.res_model, link.res_id, link.suggested) == (model, number, False)
        )
        links.with_context(mail_import_go_back=False).action_unlink_email()
        self.invalidate_recordset()
        return self.linked or []
