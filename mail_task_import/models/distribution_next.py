"""What the form of a distribution says: who gets the next record, and why others do not."""

from odoo import api, fields, models

from .distribution_assigning import Round
from .distribution_turn import Table

MODEL_OF_PEOPLE = {
    "team": "crm.lead",
    "project": "project.task",
    "helpdesk_team": "helpdesk.ticket",
}


class MailImportDistribution(models.Model):
    _inherit = "mail.import.distribution"

    here_text = fields.Text("Who Gets the Next", compute="_compute_here_text", compute_sudo=True)

    @api.depends(
        "way", "people", "user_id", "user_ids", "team_id", "project_id", "company_id", "capacity"
    )
    @api.depends_context("lang")
    def _compute_here_text(self):
        for distribution in self:
            people = distribution._candidates()
            around = Round(distribution, people, self._away(people), "")
            lines = [*distribution._lines_of_next(around), *distribution._lines_of_absent(around)]
            distribution.here_text = "\n".join(lines)

    def _lines_of_next(self, around):
        """Of each kind of records that come here; together where that is the same of all."""
        if not around.people:
            return
        found = {}
        for target, values in self._kinds_of_records():
            outcome = self._next_of(around, target, values)
            found.setdefault(outcome, []).append(target.name)
        for (chosen, others, full, barred), names in found.items():
            kinds = ", ".join(dict.fromkeys(names))
            if len(found) > 1:
                next_one = self.env._(
                    "Who gets the next of “%(kinds)s”: %(person)s",
                    kinds=kinds,
                    person=_names(chosen) or self.env._("nobody"),
                )
            else:
                next_one = self.env._(
                    "Who gets the next: %s", _names(chosen) or self.env._("nobody")
                )
            yield next_one
            if others:
                yield self.env._("Later, as their turn comes: %s", _names(others))
            if full:
                yield self.env._("Have as much as one may: %s", _names(full))
            if barred:
                yield self.env._(
                    "May not change such records, or not see their project: %s", _names(barred)
                )

    def _lines_of_absent(self, around):
        everybody = self.with_context(active_test=False)._everybody()._origin
        left_out = everybody - around.people if self.way != "direct" else ()
        if around.away:
            yield self.env._("Out of office or on leave: %s", _names(around.away))
        if left_out:
            yield self.env._(
                "Left out, as archived, no employees, or of other companies: %s", _names(left_out)
            )

    def _next_of(self, around, target, values):
        """``(who gets the next, who else can, who is full, who may not)``, users."""
        saved = self._origin
        turns = self.env["mail.import.distribution.turn"]
        around.table = turns._read_table(saved) if saved else Table()
        around.open = {}
        self._seat(around)
        barred = self._barred(around.people, target, values) - around.away
        left = around.people - around.away - barred
        counts = self._counts(around, self, target)
        full = left.filtered(lambda user: self.capacity and counts[user.id] >= self.capacity)
        chosen = self._choose(around, left - full, counts)
        return chosen, left - full - chosen, full, barred

    def _kinds_of_records(self):
        """``[(target, values)]`` of the rules and mailboxes that name this distribution; of one
        that none names, what its people are for.
        """
        rules = self.env["mail.import.rule"].search([("distribution_id", "in", self._origin.ids)])
        boxes = self.env["mail.import.mailbox"].search(
            [("distribution_id", "in", self._origin.ids)]
        )
        named = [(rule.target_id, {"project_id": rule.project_id.id}) for rule in rules]
        for mailbox in boxes:
            target = mailbox.default_target_id
            named.append((target, target._mailbox_values(mailbox) if target else {}))
        named = [one for one in named if self._can_assign(one[0])]
        return named or [(target, {}) for target in self._targets_of_people()]

    def _targets_of_people(self):
        targets = self.env["mail.import.target"].search([("can_create", "=", True)])
        targets = targets._installed().filtered(self._can_assign)
        of_people = targets.filtered(lambda one: one.model == MODEL_OF_PEOPLE.get(self.people))
        return of_people or targets

    def _can_assign(self, target):
        fields_ = self.env[target.model]._fields if target.model in self.env else {}
        return bool(target.assignee_field) and target.assignee_field in fields_


def _names(users):
    return ", ".join(users.mapped("name"))
