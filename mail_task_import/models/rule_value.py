"""Values that an import rule gives: a field of the new record, and what is written there."""

from odoo import api, fields, models

from .rule_filling import KIND_OF_TYPE, Filling


class MailImportRuleValue(models.Model):
    """Which of the columns holds the value, the kind of the field says."""

    _name = "mail.import.rule.value"
    _inherit = ["mail.import.rule.part.mixin"]
    _description = "Value Given by an Import Rule"
    _order = "sequence, id"

    target_model = fields.Char(related="rule_id.target_model")
    field_name = fields.Char("Field", required=True)
    kind = fields.Selection(
        [("fixed", "Always the same"), ("group", "A named group of the pattern")],
        "Value Is",
        default="fixed",
        required=True,
    )
    group = fields.Char("Named Group", help=r"For example order, of the pattern (?P<order>\d+).")
    text = fields.Text()
    html = fields.Html()
    number = fields.Float(digits=False)
    flag = fields.Boolean("Ticked")
    choice = fields.Char()
    when = fields.Selection(
        [("after", "Days after the mail"), ("day", "This day")], default="after", required=True
    )
    days = fields.Integer(default=3)
    day = fields.Date()
    res_id = fields.Many2oneReference("Record", model_field="relation")

    field_label = fields.Char("Name of the Field", compute="_compute_field")
    editor = fields.Char(compute="_compute_field")
    relation = fields.Char(compute="_compute_field")
    choices = fields.Json(compute="_compute_field")
    field_choices = fields.Json(compute="_compute_offers")
    record_domain = fields.Json(compute="_compute_offers")
    shown_value = fields.Char("Value", compute="_compute_shown_value")

    @api.depends("field_name", "rule_id.target_id")
    @api.depends_context("lang")
    def _compute_field(self):
        """What the form needs to show the one editor that fits."""
        for value in self:
            field = value._field()
            about = self._about(value.target_model, field)
            value.field_label = about.get("string") or value.field_name
            value.editor = KIND_OF_TYPE.get(field.type, "") if field else ""
            value.relation = (field.comodel_name if field else "") or ""
            value.choices = about.get("selection") or []

    @api.depends("relation", "rule_id.target_id", "rule_id.project_id", "rule_id.team_id")
    @api.depends_context("lang")
    def _compute_offers(self):
        for value in self:
            value.field_choices = value._offered_fields()
            value.record_domain = value._offered_records()

    def _field(self):
        """The field that is meant; None where the target's model has none of this name."""
        Model = self.env.get(self.target_model or "")
        return Model._fields.get(self.field_name or "") if Model is not None else None

    @api.model
    def _about(self, model, field):
        """What the host tells of a field, in the user's language."""
        if not field:
            return {}
        # sudo: names of fields and of their values, whoever looks at the rule
        return self.env[model].sudo().fields_get([field.name]).get(field.name, {})

    @api.depends(
        "field_name", "kind", "group", "text", "html", "number", "flag", "choice", "when", "days",
        "day", "res_id",
    )  # fmt: skip
    @api.depends_context("lang", "uid")
    def _compute_shown_value(self):
        for value in self:
            value.shown_value = value._in_words()

    def _in_words(self):
        if self.kind == "group":
            return self.env._("from the group “%s”", self.group or "")
        if self.editor == "record":
            record = self.env[self.relation].browse(self.res_id).exists()
            readable = record and record._filtered_access("read")
            return readable.display_name if readable else self.env._("(not yours to see)")
        if self.editor == "date":
            if self.when == "day":
                return fields.Date.to_string(self.day) or ""
            return self.env._("%s days after the mail", self.days)
        if self.editor == "choice":
            return dict(self.choices or ()).get(self.choice, self.choice or "")
        if self.editor == "flag":
            return self.env._("Yes") if self.flag else self.env._("No")
        if self.editor == "number":
            return f"{self.number:g}"
        return (self.html if self.editor == "html" else self.text) or ""

    def _filling(self):
        """This value as a plain object."""
        field = self._field()
        return Filling(
            name=self.field_name,
            type=field.type if field else "",
            relation=self.relation or "",
            group=self.group if self.kind == "group" else "",
            value=self._raw_value(),
            days=self.days if self.editor == "date" and self.when == "after" else None,
            choices=tuple(map(tuple, self.choices or ())),
        )

    def _raw_value(self):
        columns = {
            "text": self.text or "",
            "html": str(self.html or ""),
            "number": self.number,
            "flag": self.flag,
            "choice": self.choice or "",
            "date": fields.Date.to_string(self.day) or "",
            "record": self.res_id or 0,
        }
        return columns.get(self.editor)
