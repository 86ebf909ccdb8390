"""Further conditions of import rules, one a line."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..mime.patterns import LONGEST_PATTERN, PatternError, compile_pattern
from .rule_matching import Equals, Text, pattern_of
from .rule_words import PLACES, pattern_error_words


class MailImportRuleLine(models.Model):
    _name = "mail.import.rule.line"
    _inherit = ["mail.import.rule.part.mixin"]
    _description = "Condition of an Import Rule"
    _order = "sequence, id"

    place = fields.Selection(
        [*PLACES, ("header", "A header")], "Where", required=True, default="subject"
    )
    header = fields.Char("Header", help="Its name, for example X-Priority.")
    operator = fields.Selection(
        [
            ("contains", "contains"),
            ("not_contains", "does not contain"),
            ("equals", "equals"),
            ("matches", "matches (regular expression)"),
        ],
        "How",
        required=True,
        default="contains",
    )
    value = fields.Char(required=True)

    @api.constrains("place", "header")
    def _check_header(self):
        for line in self:
            if line.place == "header" and not (line.header or "").strip(" :"):
                raise ValidationError(self.env._("Name the header."))

    @api.constrains("value")
    def _check_length(self):
        for line in self:
            if not (line.value or "").strip():
                raise ValidationError(self.env._("Say what the mail contains in each condition."))
            if len(line.value) > LONGEST_PATTERN:
                raise ValidationError(
                    self.env._("%s characters of a condition are the most.", LONGEST_PATTERN)
                )

    @api.constrains("operator", "value")
    def _check_value(self):
        for line in self.filtered(lambda line: line.operator == "matches"):
            try:
                compile_pattern(line.value, line.rule_id.match_case)
            except PatternError as error:
                raise ValidationError(pattern_error_words(self.env, error)) from error

    def _condition(self):
        """This line as a plain object."""
        header = (self.header or "").strip(" :").lower() if self.place == "header" else ""
        match_case = self.rule_id.match_case
        if self.operator == "equals":
            return Equals("line", str(self.id), self.place, header, self.value.strip(), match_case)
        pattern = pattern_of(self.value, self.operator == "matches", match_case)
        negated = self.operator == "not_contains"
        return Text("line", str(self.id), self.place, header, pattern, negated=negated)
