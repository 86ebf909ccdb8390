"""Records that a rule made, with the reason why one stays."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class MailImportRuleUndoLine(models.TransientModel):
    _name = "mail.import.rule.undo.line"
    _description = "Record That a Rule Made"
    _order = "is_free, made_at desc, id"

    undo_id = fields.Many2one("mail.import.rule.undo", required=True, ondelete="cascade")
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True)
    made_at = fields.Datetime("Made", readonly=True)
    reasons = fields.Json(readonly=True)
    is_free = fields.Boolean(compute="_compute_is_free", store=True)
    record_name = fields.Char("Record", compute="_compute_words", compute_sudo=False)
    why = fields.Char("Why It Stays", compute="_compute_words", compute_sudo=False)

    @api.depends("reasons")
    def _compute_is_free(self):
        for line in self:
            line.is_free = not line.reasons

    @api.depends("reasons")
    @api.depends_context("uid", "lang")
    def _compute_words(self):
        for line in self:
            record = line._record()
            readable = record is not None and record.has_access("read")
            line.record_name = (
                record.display_name if readable else self.env._("A record that you may not read")
            )
            line.why = line._in_words()

    def _record(self):
        if self.res_model not in self.env:
            return None
        return self.env[self.res_model].browse(self.res_id).exists() or None

    def _in_words(self):
        somebody = self.env._("somebody")
        words = {
            "written": lambda who: self.env._("changed by %s", who or somebody),
            "tracked": lambda names: self.env._("changed: %s", self._labels_of(names)),
            "answered": lambda who: self.env._("answered by %s", who or somebody),
            "linked": lambda who: self.env._("%s linked e-mails to it", who or somebody),
            "message": lambda _: self.env._("somebody wrote in its chatter"),
            "edited": lambda _: self.env._("somebody changed a message in its chatter"),
            "refers": lambda model: self.env._("something belongs to it: %s", self._kind_of(model)),
            "no_right": lambda _: self.env._("you may not delete it"),
            "gone": lambda _: self.env._("it is gone already"),
        }
        reasons = self.reasons or {}
        return "; ".join(say(reasons[code]) for code, say in words.items() if code in reasons)

    def _labels_of(self, names):
        """Of fields, as forms call them."""
        known = self.env[self.res_model]._fields
        labels = [
            known[name]._description_string(self.env) for name in names.split(",") if name in known
        ]
        return ", ".join(labels) or self.env._("a field")

    def _kind_of(self, model):
        # sudo: the names of models are no secret
        return self.env["ir.model"].sudo()._get(model).name or model

    def action_open(self):
        record = self._record()
        if record is None:
            raise UserError(self.env._("The record is gone."))
        return record.get_formview_action()
