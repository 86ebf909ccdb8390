"""What a rule writes into the record that a mail becomes."""

from odoo import api, models

from ..access import as_seen_by
from .rule_filling import Unfit


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    def _values_for(self, mail, match):
        """ORM values of the record, and those of them that groups have filled (``from_groups`` of
        ``LinkDecision``); a group that does not fit its field leaves it empty.
        """
        received = mail.raw.received_at or mail.parsed.date or self.env.cr.now()
        values, from_groups = {}, {}
        for filling in match.rule.values:
            try:
                value = self._value_for(filling, match, received)
            except Unfit:
                # sudo: a mail's way does not depend on who reads the rule
                mail.note(
                    "rule",
                    "unfit",
                    rule=self.id,
                    model=self.sudo().target_id.model,
                    field=filling.name,
                    group=filling.group,
                )
                continue
            if value is None:
                continue
            values[filling.name] = _beside(values.get(filling.name), value)
            if filling.group:
                _group, earlier = from_groups.get(filling.name, ("", None))
                from_groups[filling.name] = filling.group, _beside(earlier, value)
            elif not isinstance(value, list):
                from_groups.pop(filling.name, None)
        title = self.env[
            self.env["mail.import.target"].browse(match.rule.target_id).model
        ]._rec_name
        if title and not mail.parsed.subject.strip():
            values.setdefault(title, match.rule.title_empty)
        return values, from_groups

    def _value_for(self, filling, match, received):
        """None where the group was not in the mail."""
        if not filling.group:
            return filling.fixed(received.replace(tzinfo=None))
        if filling.group not in match.groups:
            return None
        value = filling.from_text(match.groups[filling.group])
        if filling.type == "many2one":
            return self._record_named(filling.relation, value).id
        if filling.type == "many2many":
            words = filter(None, map(str.strip, value.split(",")))
            return [(4, self._record_named(filling.relation, word).id) for word in words]
        return value

    # -- whose rights ---------------------------------------------------------------------------

    def _may_make(self, batch, mail, decision):
        """Whether the actor could make this very record by hand."""
        target, actor = decision.target, decision.actor
        values = target._new_values(mail, decision)
        key = actor.id, target.id, repr(sorted(values.items(), key=lambda item: item[0]))
        known = batch.lookups["rights"]
        if key not in known:
            known[key] = self._could_make(self.env[target.model], actor, values)
        return known[key]

    @api.model
    def _could_make(self, Model, actor, values):
        """By access rights and record rules, for a record with these values, that is not made."""
        there = as_seen_by(Model, actor)
        if not there.has_access("create"):
            return False
        for name in ("project_id", "team_id"):
            related = values.get(name) and name in Model._fields
            if related:
                record = self.env[Model._fields[name].comodel_name].browse(values[name])
                if not as_seen_by(record, actor).has_access("read"):
                    return False
        domain = self.env["ir.rule"].with_env(there.env)._compute_domain(Model._name, "create")
        # sudo: the rules of the actor look at what the actor need not see
        return bool(there.sudo().new(values).filtered_domain(domain))


def _beside(earlier, value):
    """Links to several records add up; of other values the last counts."""
    return earlier + value if isinstance(value, list) and earlier else value
