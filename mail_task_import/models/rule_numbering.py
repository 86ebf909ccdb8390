"""Numbers in subjects: a rule says how its records are numbered there, as "#12", say.

Part of the third link step. A number opens a record only to those who take part in it, or who have
access to it; to anybody else it says nothing, not even whether there is such a record.
"""

from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain

from ..batch import LinkDecision


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    @api.model
    def _decide_by_number(self, batch, mail):
        """The record that a subject names by the pattern of a rule; rules by their sequence."""
        book = self._book_for(mail.owner_mailbox)
        for rule in book.naming(mail.parsed.subject):
            for number in rule.replies.number.found(mail.parsed.subject):
                record = self._numbered(batch, rule).get(rule.replies.number.key(number))
                if record and self._may_name(batch, mail, rule, record):
                    rule_record = self.browse(rule.id)
                    mail.note("number", "found", rule=rule.id, name=rule.name)
                    public = not mail.outgoing
                    return [LinkDecision("token", record=record, rule=rule_record, public=public)]
                mail.note("number", "refused", rule=rule.id, name=rule.name)
        return []

    @api.model
    def _may_name(self, batch, mail, rule, record):
        if not self._is_for_reply(batch, mail, rule):
            return False
        return self.env["mail.import.target"]._takes_part(record, mail)

    @api.model
    def _is_for_reply(self, batch, mail, rule):
        """Whether a rule that goes, and does not say otherwise, takes this mail as a reply."""
        if self.browse(rule.id)._has_stopped(batch):
            return False
        return not rule.replies.must_match or bool(rule.holds(self._facts_of_reply(batch, mail)))

    @api.model
    def _numbered(self, batch, rule):
        """``{number: record}`` of all numbers that this batch names; one query a rule."""
        known = batch.lookups["numbered"]
        if rule.id not in known:
            found = rule.replies.number.found
            numbers = {n for mail in batch.under_way for n in found(mail.parsed.subject)}
            known[rule.id] = self._with_numbers(rule, numbers) if numbers else {}
        return known[rule.id]

    @api.model
    def _with_numbers(self, rule, numbers):
        """Records within reach of the rule; a number that several have says nothing."""
        number = rule.replies.number
        asked = set().union(*map(number.ways, numbers))
        records = self._within_reach(rule).search(
            self._reach(rule) & Domain(number.field, "in", list(asked))
        )
        found = {}
        for record in records:
            key = number.key(record[number.field])
            found[key] = None if key in found else record
        return found

    @api.model
    def _within_reach(self, rule):
        """The model of a rule's records, as the importer sees it, closed ones too."""
        Model = self.env[rule.replies.model].with_user(SUPERUSER_ID)
        return Model.with_context(active_test=False)

    @api.model
    def _reach(self, rule):
        """The domain of a rule's records: of its target, in its project or team."""
        target = self.env["mail.import.target"].browse(rule.target_id)
        places = [Domain(name, "=", id_) for name, id_ in rule.replies.places.items()]
        return Domain.AND([target._records(), *places])
