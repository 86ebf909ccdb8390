"""Which fields a rule may fill, and whether a value fits: said when it is saved."""

import re
from ast import literal_eval

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.models import MAGIC_COLUMNS

from ..access import as_seen_by
from .rule_filling import KIND_OF_TYPE, YEARS, Unfit, sense_of, sensible
from .rule_naming import PERSONAL, USERS, places_of

NOT_GIVEN = frozenset(
    (
        *MAGIC_COLUMNS, "display_name", "parent_path", "company_id", "access_token", "active",
        "email_from", "email_cc", "partner_email", "project_id", "is_template", "recurring_task",
        "recurrence_id", "displayed_image_id", "iap_enrich_done", "lead_mining_request_id",
        "reveal_id", "last_stage_update", "assigned_date", "closed_date", "duplicate_id",
    )
)  # fmt: skip
"""Kept by the host, said by the mail, or by another part of the rule."""
NOT_GIVEN_PREFIXES = (
    "message_", "website_message", "activity_", "rating_", "alias_", "mail_import_",
)  # fmt: skip
HARMLESS_INVERSES = frozenset(("state", "parent_id"))
"""Other fields with an inverse write into other records: a lead's phone into its contact."""
NOT_NAMED = frozenset(
    (
        "res.partner", "res.company", "res.groups", "project.project", "crm.team",
        "helpdesk.ticket.team", "hr.employee", "hr.department",
    )
)  # fmt: skip
"""Who reads a record, hangs on these; no stranger's word chooses them. Of users only employees who
see the place anyway are found by their name (``rule_naming.py``)."""
UID = re.compile(r"\buid\b")
COMMON = (
    "stage_id", "type_id", "category_id", "tag_ids", "priority", "date_deadline", "user_ids",
    "user_id", "milestone_id", "expected_revenue",
)  # fmt: skip
"""Fields that are offered first."""


class MailImportRuleValue(models.Model):
    _inherit = "mail.import.rule.value"

    @api.constrains(
        "field_name", "kind", "group", "number", "choice", "when", "days", "day", "res_id"
    )
    def _check_fits(self):
        for value in self:
            if trouble := value._trouble():
                raise ValidationError(trouble)

    @api.constrains(
        "field_name", "kind", "text", "html", "number", "flag", "choice", "when", "days", "day",
        "res_id",
    )  # fmt: skip
    def _check_is_taken(self):
        self.rule_id._check_values_are_taken()

    def _trouble(self):
        """Why the value cannot be given, "" where it can."""
        field = self._field()
        if field is None:
            return self.env._(
                "“%(target)s” has no field “%(field)s”.",
                target=self.rule_id.target_id.name or "",
                field=self.field_name,
            )
        if not self._may_be_given(field):
            return self.env._("A rule does not fill the field “%s”.", self.field_label)
        if self.kind == "group":
            return self._trouble_of_group(field)
        check = getattr(self, f"_trouble_of_{self.editor}", None)
        return check(field) if check else ""

    def _may_be_given(self, field):
        """Stored, written by people, and nothing beside the record changes with it."""
        if field.name in NOT_GIVEN or field.name.startswith(NOT_GIVEN_PREFIXES):
            return False
        if field.type not in KIND_OF_TYPE or not field.store or field.readonly or field.related:
            return False
        if field.inverse and field.name not in HARMLESS_INVERSES:
            return False
        if _is_each_users_own(field):
            return False
        rule = self.rule_id
        if field.name in literal_eval(rule.target_id.create_values or "{}"):
            return False
        Model = as_seen_by(self.env[rule.target_model], rule.owner_id)
        return Model._has_field_access(field, "write")

    def _trouble_of_group(self, field):
        """A sub-task, too, is read by whoever follows what it is part of."""
        if field.comodel_name in NOT_NAMED or field.comodel_name == self.target_model:
            return self.env._(
                "What a mail says does not choose the field “%s”: others might come to see the "
                "record. Give it a value that is always the same.",
                self.field_label,
            )
        return ""

    def _trouble_of_choice(self, _field):
        if self.choice in dict(self.choices or ()):
            return ""
        return self.env._(
            "“%(value)s” is no value of the field “%(field)s”.",
            value=self.choice or "",
            field=self.field_label,
        )

    def _trouble_of_number(self, field):
        try:
            sensible(field.name, field.type, self.number)
        except Unfit:
            least, most = sense_of(field.name, field.type)
            if field.type == "integer" and least <= self.number <= most:
                return self.env._("“%s” takes whole numbers.", self.field_label)
            return self.env._(
                "“%(field)s” takes numbers from %(least)s to %(most)s.",
                field=self.field_label,
                least=f"{least:,}",
                most=f"{most:,}",
            )
        return ""

    def _trouble_of_date(self, _field):
        if self.when == "day":
            if self.day and self.day.year in YEARS:
                return ""
            return self.env._("Name the day for “%s”.", self.field_label)
        if 0 <= self.days <= 3650:
            return ""
        return self.env._("“%s” is 0 to 3,650 days after the mail.", self.field_label)

    def _trouble_of_record(self, field):
        # sudo: whether it is there; who may see it is asked next
        record = self.env[field.comodel_name].sudo().browse(self.res_id or ()).exists()
        readers = (self.rule_id.owner_id, *([] if self.env.su else [self.env.user]))
        if not record or not all(
            as_seen_by(record, reader).has_access("read") for reader in readers
        ):
            return self.env._(
                "Choose a record for “%s” that you and the rule's owner may see.", self.field_label
            )
        return self._trouble_of_place(record)

    def _trouble_of_place(self, record):
        """Stages of other projects, tags of another company, people who do not see it."""
        # sudo: where the rule's records go
        rule = self.rule_id.sudo()
        place = rule._stray_from(record, self._places())
        if not place:
            return ""
        if record._name == USERS:
            return self.env._(
                "“%(person)s” is no employee who may see %(place)s.",
                person=record.display_name,
                place=place.display_name,
            )
        return self.env._(
            "“%(record)s” does not belong to %(place)s.",
            record=record.display_name,
            place=place.display_name,
        )

    def _places(self):
        # sudo: the whole rule counts, also what its changer does not see
        rule = self.rule_id.sudo()
        given = {filling.name: filling.value for filling in rule._places()}
        return rule._places_in(self.target_model, given)

    # -- what the form offers -------------------------------------------------------------------

    def _offered_fields(self):
        """``[[name, label]]``, the common ones first."""
        Model = self.env.get(self.target_model or "")
        if Model is None:
            return []
        # sudo: names of fields, whoever looks at the rule
        labels = Model.sudo().fields_get(attributes=["string"])
        names = [name for name, field in Model._fields.items() if self._may_be_given(field)]
        common = [name for name in COMMON if name in names]
        others = sorted(set(names) - set(common), key=lambda name: labels[name]["string"])
        return [[name, labels[name]["string"]] for name in common + others if name in labels]

    def _offered_records(self):
        """The domain of records that belong to the rule's project or team, and company."""
        Model = self.env.get(self.relation or "")
        if Model is None:
            return []
        company = self.rule_id.company_id._origin.ids
        if Model._name == USERS:
            return [["share", "=", False], ["company_ids", "in", company]]
        domain = [["user_id", "=", False]] if Model._name == PERSONAL else []
        if company and "company_id" in Model._fields:
            domain.append(["company_id", "in", [False, *company]])
        places = self._places()
        for name, here in places_of(Model):
            if mine := places.get(here):
                domain.append([name, "in", [False, *mine._origin.ids]])
        return domain


def _is_each_users_own(field):
    """Records of which each user has others, as the stages of the own to-do list."""
    return bool(field.relational and isinstance(field.domain, str) and UID.search(field.domain))
