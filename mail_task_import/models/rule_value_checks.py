"""Which fields a rule may fill, and whether a value fits: said when it is saved."""

from ast import literal_eval

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.models import MAGIC_COLUMNS

from ..access import as_seen_by
from .rule_filling import KIND_OF_TYPE

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
PERSONAL = "project.task.type"
"""Stages of somebody's own to-do list are among those of projects."""
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
            return ""
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
        rule = self.rule_id
        if field.name in literal_eval(rule.target_id.create_values or "{}"):
            return False
        Model = as_seen_by(self.env[rule.target_model], rule.owner_id)
        return Model._has_field_access(field, "write")

    def _trouble_of_choice(self, _field):
        if self.choice in dict(self.choices or ()):
            return ""
        return self.env._(
            "“%(value)s” is no value of the field “%(field)s”.",
            value=self.choice or "",
            field=self.field_label,
        )

    def _trouble_of_number(self, field):
        if field.type != "integer" or (
            self.number == int(self.number) and abs(self.number) < 2**31
        ):
            return ""
        return self.env._("“%s” takes whole numbers.", self.field_label)

    def _trouble_of_date(self, _field):
        if self.when == "day":
            return "" if self.day else self.env._("Name the day for “%s”.", self.field_label)
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
        """Stages of other projects, tags of another company and the like."""
        personal = record._name == PERSONAL and record.user_id
        for name, mine in self._places().items():
            theirs = record[name] if mine and name in record._fields else None
            if personal or (theirs and not theirs & mine):
                return self.env._(
                    "“%(record)s” does not belong to %(place)s.",
                    record=record.display_name,
                    place=mine.display_name,
                )
        return ""

    def _places(self):
        # sudo: where the rule's records go
        rule = self.rule_id.sudo()
        return {
            "company_id": rule.company_id,
            "project_id": rule.project_id,
            "project_ids": rule.project_id,
            "team_id": rule.team_id,
            "team_ids": rule.team_id,
        }

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
        domain = [["user_id", "=", False]] if self.relation == PERSONAL else []
        Model = self.env.get(self.relation or "")
        for name, mine in self._places().items() if Model is not None else ():
            if mine and name in Model._fields:
                ids = [False, *mine._origin.ids]
                domain.append([name, "in", ids])
        return domain
