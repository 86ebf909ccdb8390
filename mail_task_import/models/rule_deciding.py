"""The fourth link step: the first import rule whose conditions hold says what the mail becomes."""

from dataclasses import replace

from odoo import api, models

from ..batch import LinkDecision
from .rule_matching import Facts


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    @api.model
    def _decide(self, batch, mail):
        """A list of one ``LinkDecision``, empty where no rule makes anything of the mail."""
        book = self._book_for(mail.owner_mailbox)
        if not book.rules or not self._may_decide(batch, mail):
            return []
        facts = self._facts(batch, mail)
        decision = None
        for match in book.matches(facts):
            if found := self._taken(batch, mail, match, decision):
                decision = found
                if not match.rule.continues:
                    break
        return [decision] if decision else []

    @api.model
    def _may_decide(self, batch, mail):
        """No records of history, own mail, twins and mail that only closed mailboxes have."""
        if mail.outgoing or batch.history or mail.twin_of or not mail.decides:
            return False
        return self.env["mail.import.target"]._is_accepted(mail)

    @api.model
    def _book_for(self, mailbox):
        return self._book(mailbox.id, mailbox.company_id.id, mailbox.kind)

    @api.model
    def _facts(self, batch, mail):
        """What rules ask of a mail; one object a mail."""
        facts = batch.lookups["facts"].get(id(mail))
        if facts is None:
            kind = "employee" if mail.employee else "contact" if mail.author else "unknown"
            searches = self._book_for(mail.owner_mailbox).searches
            facts = Facts(mail, kind, bool(mail.parsed.references), searches)
            batch.lookups["facts"][id(mail)] = facts
        return facts

    @api.model
    def _taken(self, batch, mail, match, before):
        """The decision by a rule that holds, laid over ``before``; None where it is refused."""
        rule = self.browse(match.rule.id)
        if not match.rule.target_id:
            return None
        if rule._has_stopped(batch):
            mail.note("rule", "stopped", rule=rule.id, name=match.rule.name)
            return None
        if rule._refuses(mail, match):
            return None
        decision = rule._decision(batch, mail, match, before)
        if not decision:
            return None
        rule._kept_in_place(batch, mail, decision)
        if mail.employee and not rule._may_make(batch, mail, decision):
            mail.note("rule", "no_right", rule=rule.id, name=match.rule.name, by=mail.employee.id)
            return None
        result = "added" if before else "taken"
        mail.note("rule", result, rule=rule.id, name=match.rule.name, keyword=match.keyword)
        return decision

    def _decision(self, batch, mail, match, before):
        """What this rule decides. After one that ``continues``, which makes the record, it only
        lays its values over; None where those are of another kind of record.
        """
        target = self.env["mail.import.target"].browse(match.rule.target_id)
        values, from_groups = self._values_for(mail, match)
        given = self.env["mail.import.distribution"].browse(match.rule.distribution_id)
        if not before:
            return LinkDecision(
                "rule",
                target=target,
                public=True,
                rule=self,
                values=values,
                from_groups=from_groups,
                distribution=given,
                actor=mail.employee or self._owner_in(batch),
            )
        if before.target != target:
            return None
        return replace(
            before,
            values=_laid_over(before.values, values),
            from_groups=_groups_laid_over(before.from_groups, values, from_groups),
            distribution=given or before.distribution,
        )


def _laid_over(values, later):
    """Later values win; links to several records, tags say, add up."""
    both = {**values, **later}
    for name in values.keys() & later.keys():
        if isinstance(values[name], list) and isinstance(later[name], list):
            both[name] = values[name] + later[name]
    return both


def _groups_laid_over(groups, later, later_groups):
    """Which of the values of ``_laid_over`` are from groups."""
    kept = {
        name: found
        for name, found in groups.items()
        if name not in later or isinstance(later[name], list)
    }
    for name, (group, value) in later_groups.items():
        if isinstance(value, list) and name in kept:
            value = kept[name][1] + value
        kept[name] = group, value
    return kept
