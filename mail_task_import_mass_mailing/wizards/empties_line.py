"""A placeholder, and for whom it is empty."""

from odoo import fields, models


class MailImportEmptiesLine(models.TransientModel):
    _name = "mail.import.empties.line"
    _description = "Empty Placeholder"
    _order = "id"

    dialog_id = fields.Many2one(
        "mail.import.empties", required=True, readonly=True, ondelete="cascade"
    )
    placeholder = fields.Char(readonly=True)
    count = fields.Integer("Recipients", readonly=True)
    names = fields.Text(readonly=True)
    res_ids = fields.Json(readonly=True)

    def action_open(self):
        """The recipients, to give them what is missing."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("%s is empty", self.placeholder),
            "res_model": self.dialog_id.mailing_id.mailing_model_real,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.res_ids)],
            "context": {"active_test": False},
        }
