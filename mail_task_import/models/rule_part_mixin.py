"""Lines and values: parts of a rule, changed by those who may change the rule."""

from odoo import api, fields, models


class MailImportRulePartMixin(models.AbstractModel):
    _name = "mail.import.rule.part.mixin"
    _inherit = [
        "mail.import.text.mixin",
        "mail.import.moved.mixin",
        "mail.import.remembered.mixin",
    ]
    _description = "Part of an Import Rule"

    rule_id = fields.Many2one("mail.import.rule", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.rule_id._check_may_change()
        return parts

    def write(self, vals):
        self.rule_id._check_may_change()
        result = super().write(vals)
        self.rule_id._check_may_change()
        return result

    def unlink(self):
        self.rule_id._check_may_change()
        return super().unlink()
