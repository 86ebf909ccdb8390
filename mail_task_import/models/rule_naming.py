"""Records in the values of rules: found by the name that a group holds, and kept to their place.

What a group holds is a stranger's word: it finds nothing that the rule's form would not offer, and
no value brings a record of another project, team or company into one of this.
"""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ..access import as_seen_by, as_superuser
from .rule_filling import Unfit

USERS = "res.users"
PERSONAL = "project.task.type"
"""Stages of somebody's own to-do list are among those of projects."""
PLACES = {"project_id": ("project_id", "project_ids"), "team_id": ("team_id", "team_ids")}
"""The field of a record, and those of what belongs to it that say where."""
EVERYWHERE = frozenset(("project.tags", USERS, "res.partner"))
"""Their fields of these names say something else."""


def places_of(Model):
    """``[(field, the record's field for the same)]``: where records of a model belong."""
    if Model._name in EVERYWHERE:
        return []
    named = ((name, mine) for mine, names in PLACES.items() for name in names)
    return [(name, mine) for name, mine in named if name in Model._fields]


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    def _record_named(self, model, name):
        """The one record of this name that the rule's owner reads; raises ``Unfit``."""
        # sudo: the rule is carried out, whoever reads it
        Model = as_seen_by(self.env[model], self.sudo().owner_id)
        if not Model._rec_name or not Model.has_access("read"):
            raise Unfit
        domain = Domain(Model._rec_name, "=ilike", escape_psql(name)) & self._domain_here(Model)
        found = Model.search(domain, limit=2)
        if len(found) != 1:
            raise Unfit
        return as_superuser(found)

    def _domain_here(self, Model):
        """What belongs to the rule's company, and to its project or team or to none."""
        # sudo: where the rule's records go
        rule = self.sudo()
        if Model._name == USERS:
            company = Domain("company_ids", "in", rule.company_id.ids)
            return Domain("share", "=", False) & Domain("active", "=", True) & company
        domain = Domain("user_id", "=", False) if Model._name == PERSONAL else Domain.TRUE
        if "company_id" in Model._fields:
            domain &= Domain("company_id", "in", [False, rule.company_id.id])
        mine = {filling.name: filling.value for filling in rule._places()}
        for name, here in places_of(Model):
            domain &= Domain(name, "in", [False, *filter(None, [mine.get(here)])])
        return domain

    # -- where it is written --------------------------------------------------------------------

    def _kept_in_place(self, batch, mail, decision):
        """Take out of the values, of several rules perhaps, what belongs to another place."""
        Model = self.env[decision.target.model]
        for name, value in list(decision.values.items()):
            field = Model._fields.get(name)
            if not value or name in PLACES or field is None or not field.comodel_name:
                continue
            given = value if isinstance(value, list) else [(4, value)]
            kept = [(4, one) for _link, one in given if self._fits(batch, decision, field, one)]
            if kept == given:
                continue
            if kept:
                decision.values[name] = kept
            else:
                del decision.values[name]
            mail.note("rule", "stray", rule=self.id, model=Model._name, field=name)

    def _fits(self, batch, decision, field, res_id):
        """Whether a record may be named in one of these values; asked once a batch."""
        places = tuple((name, decision.values.get(name)) for name in PLACES)
        key = self.id, decision.target.id, field.name, res_id, places
        known = batch.lookups["fits"]
        if key not in known:
            # sudo: where a record belongs, which its reader has chosen
            record = self.env[field.comodel_name].sudo().browse(res_id).exists()
            mine = self._places_in(decision.target.model, dict(places))
            # what is gone is said by the database, and the rule fails
            known[key] = not record or not self._stray_from(record, mine)
        return known[key]

    @api.model
    def _places_in(self, model, values):
        """``{field: project or team}`` of the values of a record."""
        fields_ = self.env[model]._fields
        return {
            name: self.env[fields_[name].comodel_name].browse(values[name])
            for name in PLACES
            if values.get(name) and name in fields_
        }

    def _stray_from(self, record, places):
        """The place that a record is no part of; None where it may be named there.

        :param places: ``{"project_id": …, "team_id": …}`` of the record that is made
        """
        # sudo: as above
        company = self.sudo().company_id
        if record._name == USERS:
            return self._closed_to(record, company, places)
        if record._name == PERSONAL and record.user_id:
            return places.get("project_id") or company
        theirs = record["company_id"] if "company_id" in record._fields else None
        if theirs and theirs != company:
            return company
        for name, here in places_of(record):
            mine = places.get(here)
            if mine and record[name] and not record[name] & mine:
                return mine
        return None

    @api.model
    def _closed_to(self, user, company, places):
        """Only employees of the company, who see the project or team, are named in a record."""
        if user.share or not user.active or company not in user.company_ids:
            return company
        closed = (p for p in places.values() if not as_seen_by(p, user).has_access("read"))
        return next(closed, None)
