"""Assigning: whom the records of a batch go to, decided before they are made."""

from dataclasses import dataclass, field
from typing import Any

from odoo import api, models

from .distribution_turn import Turns

GIVEN = "mail_task_import.given"


@dataclass(slots=True)
class Round:
    """The mails of one batch that one distribution assigns."""

    distribution: Any
    people: Any
    away: Any
    transaction: str
    turns: dict = field(default_factory=dict)
    """``{user id: Turns}``"""
    open: dict = field(default_factory=dict)
    """``{target id: {user id: open records}}``"""
    barred: dict = field(default_factory=dict)
    """``{(target id, project id): users}``"""
    latest: int = 0


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
        rule = decision.rule
        ours = rule.distribution_id if rule and "distribution_id" in rule._fields else None
        distribution = ours or mail.owner_mailbox.distribution_id
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
            around.turns = turns.with_env(there.env)._settled(there)
            self._seat(around)
            for (mail, decision), out in zip(asked, barred, strict=True):
                self._give(around, there, mail, decision, out)
            turns.with_env(there.env)._keep(there, around.turns)

    @api.model
    def _seat(self, around):
        """Who was away catches nothing up: they begin where the others are."""
        present = around.people - around.away
        turns = {user: around.turns.setdefault(user, Turns()) for user in present.ids}
        sums = [mine.total for mine in turns.values() if mine.was_there]
        for mine in turns.values():
            if sums and not mine.was_there:
                mine.settled += max(min(sums) - mine.total, 0)
        for user, mine in around.turns.items():
            mine.was_there = user in turns
        around.latest = max((mine.latest for mine in around.turns.values()), default=0)

    def _give(self, around, there, mail, decision, barred):
        target = decision.target
        left = around.people - around.away - barred
        counts = self._counts(around, there, target)
        full = left.filtered(lambda user: self.capacity and counts[user.id] >= self.capacity)
        chosen = self._given_before(around, mail, left - full)
        if not chosen:
            chosen = self._choose(around, left - full, counts)
            if chosen:
                around.latest += 1
                around.turns[chosen.id].take(around.transaction, around.latest)
                self._remember_given(around, mail, chosen)
        if chosen:
            counts[chosen.id] += 1
            decision.values = {
                **decision.values,
                target.assignee_field: self._value(target, chosen),
            }
            mail.note(
                "assign", "assigned", id=self.id, name=self.name, way=self.way, user=chosen.id
            )
        else:
            mail.note(
                "assign", "nobody", id=self.id, name=self.name, away=around.away.ids,
                barred=(barred - around.away).ids, full=full.ids,
            )  # fmt: skip

    def _choose(self, around, left, counts):
        """The one whose turn it is; of several, who has waited longest."""
        busy = self.way == "least_busy"

        def rank(user):
            mine = around.turns[user.id]
            return (counts[user.id] if busy else mine.total, mine.latest, user.id)

        return min(left, key=rank, default=None)

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
                user: counts.get(user, 0)
                + (around.turns[user].waiting if user in around.turns else 0)
                for user in around.people.ids
            }
        return around.open[target.id]

    @api.model
    def _open_counts_at(self, there, target, people):
        return there._open_counts(target.with_env(there.env), people.with_env(there.env))

    @api.model
    def _value(self, target, user):
        many = self.env[target.model]._fields[target.assignee_field].type != "many2one"
        return [(6, 0, user.ids)] if many else user.id

    @api.model
    def _let_follow(self, linkings):
        """Assignees of what quiet mail has made; the host subscribes only whom it also tells."""
        for linking in linkings:
            target, record = linking.decision.target, linking.decision.record
            name = target.assignee_field if target else False
            if name and name in linking.decision.values:
                record.message_subscribe(record[name].partner_id.ids)

    # -- a batch that is tried again ------------------------------------------------------------

    def _given_before(self, around, mail, left):
        """Whom this very mail was assigned to, when its batch failed and is retried in halves."""
        _raw, user = self._given(around).get((self.id, id(mail.raw)), (None, None))
        return left.browse(user) if user in left.ids else None

    def _remember_given(self, around, mail, user):
        # with the mail: as long as it is held, its id is no other's
        self._given(around)[self.id, id(mail.raw)] = mail.raw, user.id

    def _given(self, around):
        """``{(distribution id, id of a raw mail): (raw mail, user id)}`` of this transaction."""
        kept = self.env.cr.cache.setdefault(GIVEN, {})
        if around.transaction not in kept:
            kept.clear()
        return kept.setdefault(around.transaction, {})
