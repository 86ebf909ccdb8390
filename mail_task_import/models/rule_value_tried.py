"""Values that are always the same are tried when they are saved: a record is made with them, as
mail would make it, and undone. What its model refuses is said to whoever saves the rule.
"""

from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rehearsing import undone
from .rule_failing import LONGEST_REASON, is_not_the_rules
from .rule_filling import Unfit


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    @api.constrains("target_id", "project_id", "team_id", "company_id")
    def _check_values_are_taken(self):
        for rule in self:
            # sudo: the record is the importer's, as those of mail are
            if trouble := rule.sudo()._trouble_of_writing():
                raise ValidationError(trouble)

    def _trouble_of_writing(self):
        """Which value the model does not take, and why; "" where it takes them all."""
        given = self.value_ids.filtered(lambda value: value.kind == "fixed")
        if not given or not self.target_id.can_create or any(one._trouble() for one in given):
            return ""
        why_all = self._refusal_of(given)
        if not why_all or self._refusal_of(given.browse()):
            return ""
        for value in given:
            if why := self._refusal_of(value):
                return self.env._(
                    "The field “%(field)s” does not take “%(value)s”: %(why)s",
                    field=value.field_label,
                    value=value.shown_value or "",
                    why=self._reason_in_short(why),
                )
        return self.env._(
            "No record can be made with these values together: %s",
            self._reason_in_short(why_all),
        )

    def _reason_in_short(self, error):
        """In the model's words, or the first line of a technical error."""
        return self._reason(error) or str(error).partition("\n")[0][:LONGEST_REASON]

    def _refusal_of(self, given):
        """The error with which the model refuses a record with these values; None where it does
        not.
        """
        try:
            values = self._values_to_try(given)
            target = self.target_id.with_context(mail_import_quiet=True)
            with undone(self.env):
                target._gateway_model(self.env[target.model], self.company_id).create(values)
        except Unfit:
            return None
        except Exception as error:
            if is_not_the_rules(error):
                raise
            return error
        return None

    def _values_to_try(self, given):
        values = {self.env[self.target_model]._rec_name or "name": self.name}
        values.update(literal_eval(self.target_id.create_values or "{}"))
        values.update(self._place_of_mailboxes())
        for filling in (*self._places(), *(value._filling() for value in given)):
            value = filling.fixed(fields.Datetime.now())
            together = isinstance(value, list) and values.get(filling.name)
            values[filling.name] = values[filling.name] + value if together else value
        return values

    def _place_of_mailboxes(self):
        """The project or team of a mailbox that the rule is for; it has one where the rule names
        none.
        """
        places = map(self.target_id._mailbox_values, self.mailbox_ids)
        return next(filter(None, places), {})
