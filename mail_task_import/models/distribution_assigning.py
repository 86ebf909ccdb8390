"""Assigning: whom the records of a batch go to, decided before they are made."""

from dataclasses import dataclass, field
from typing import Any

from odoo import api, models

from .distribution_turn import Table


@dataclass(slots=True)
class Round:
    """The mails of one batch that one distribution assigns."""

    distribution: Any
    people: Any
    away: Any
    transaction: str
    table: Table = None
    open: dict = field(default_factory=dict)
    """``{target id: {user id: open records}}``"""
    barred: dict = field(default_factory=dict)
    """``{(target id, project id): users}``"""


class MailImportDistribution(models.Model):
    _inherit = "mail.import.distribution"

    @api.model
    def _assign(self, batch, asked):
        """Set the assignee among the values of the records that mails become.

        :param asked: ``[(mail, decision)]``, each decision with a target and without a record
        """
        if not self._any():
            return
        by_distribution = {}
        for mail, decision in asked:
            if distribution := self._distribution_of(mail, decision):
                by_distribution.setdefault(distribution, []).append((mail, decision))
        for distribution, some in sorted(by_distribution.items(), key=lambda one: one[0].id):
            distribution._assign_all(some)

    @api.model
    def _distribution_of(self, mail, decision):
        """The rule's, else the mailbox's; none where a value says already who it is for."""
        target = decision.target
        if not target or decision.record or not target.assignee_field:
            return None
        if target.assignee_field not in self.env[target.model]._fields:
            return None
        distribution = decision.distribution or mail.owner_mailbox.distribution_id
        if not distribution or not distribution.active:
            return None
        assigned = target._new_values(mail, decision).get(target.assignee_field)
        return None if assigned else distribution

    def _assign_all(self, asked):
        turns = self.env["mail.import.distribution.turn"]
        # superuser: the importer asks nobody for the right to see who is there
        people = self._candidates()
        transaction = turns._transaction()
        around = Round(self, people, self._away(people), transaction)
        # asked before: at the table nothing may wait for another importer
        barred = [self._barred_from(around, mail, decision) for mail, decision in asked]
        with turns._at_the_table(self) as there:
            around.table = turns.with_env(there.env)._read_table(there)
            self._seat(around)
            for (mail, decision), out in zip(asked, barred, strict=True):
                self._give(around, there, mail, decision, out)
            turns.with_env(there.env)._write_table(there, around.table)

    @api.model
    def _seat(self, around):
        """Who was away catches nothing up: they begin where the others are."""
        present = (around.people - around.away).ids
        sums = [around.table.of(user) for user in present]
        totals = [one.total for one in sums if one.was_there]
        for one in sums:
            if totals and not one.was_there:
                one.settled += max(min(totals) - one.total, 0)
        for user, one in around.table.people.items():
            one.was_there = user in present

    def _give(self, around, there, mail, decision, barred):
        counts = self._counts(around, there, decision.target)
        left = around.people - around.away - barred
        full = left.filtered(lambda user: self.capacity and counts[user.id] >= self.capacity)
        user = self._whose_turn(around, mail, left, left - full, counts)
        if not user:
            mail.note(
                "assign", "nobody", id=self.id, name=self.name, away=around.away.ids,
                barred=(barred - around.away).ids, full=full.ids,
            )  # fmt: skip
            return
        value = self._value(decision.target, user)
        decision.values = {**decision.values, decision.target.assignee_field: value}
        mail.note("assign", "assigned", id=self.id, name=self.name, way=self.way, user=user)

    def _whose_turn(self, around, mail, left, free, counts):
        """Id of a user, or None."""
        key = mail.parsed.key or f"nameless {id(mail)}"
        again = around.table.again(key, around.transaction, left.ids)
        if again:
            return again
        chosen = self._choose(around, free, counts)
        if chosen:
            around.table.take(chosen.id, key, around.transaction)
            counts[chosen.id] += 1
        return chosen.id

    def _choose(self, around, left, counts):
        """The one whose turn it is; of several, who has waited longest."""
        busy = self.way == "least_busy"

        def rank(user):
            mine = around.table.of(user.id)
            return (counts[user.id] if busy else mine.total, mine.latest, user.id)

        return min(left, key=rank, default=left)

    def _barred_from(self, around, mail, decision):
        target = decision.target
        values = target._new_values(mail, decision)
        project = self._project_of(target, values)
        key = target.id, project.id
        if key not in around.barred:
            around.barred[key] = self._barred(around.people, target, values)
        return around.barred[key]

    def _counts(self, around, there, target):
        """``{user id: open records}``, those that other importers are making included."""
        if target.id not in around.open:
            counts = {}
            if self.way == "least_busy" or self.capacity:
                counts = self._open_counts_at(there, target, around.people)
            around.open[target.id] = {
                user: counts.get(user, 0) + around.table.of(user).waiting
                for user in around.people.ids
            }
        return around.open[target.id]

    @api.model
    def _open_counts_at(self, there, target, people):
        return there._open_counts(target.with_env(there.env), people.with_env(there.env))

    @api.model
    def _value(self, target, user):
        many = self.env[target.model]._fields[target.assignee_field].type != "many2one"
        return [(6, 0, [user])] if many else user

    @api.model
    def _let_follow(self, linkings):
        """Assignees of what quiet mail has made; the host subscribes only whom it also tells."""
        for linking in linkings:
            target, record = linking.decision.target, linking.decision.record
            name = target.assignee_field if target else False
            if name and name in linking.decision.values:
                record.message_subscribe(record[name].partner_id.ids)
