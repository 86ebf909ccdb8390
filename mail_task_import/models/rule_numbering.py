"""Numbers in subjects: a rule says how its records are numbered there, as "#12", say.

Part of the third link step. A number opens a record only to those who take part in it, or who have
access to it; to anybody else it says nothing, not even whether there is such a record.
"""

from odoo import api, models
from odoo.fields import Domain

from ..access import as_superuser
from ..batch import LinkDecision


def _key_of(rule):
    """Rules of one key name the same records; only their projects and teams differ."""
    return rule.target_id, rule.replies.number.field, rule.replies.number.pattern.source


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    @api.model
    def _decide_by_number(self, batch, mail):
        """The record that a subject names by the pattern of a rule; rules by their sequence."""
        book = self._book_for(mail.owner_mailbox)
        rules = book.naming(mail.parsed.subject) if book.numbering else ()
        named = {}
        for rule in rules:
            key = _key_of(rule)
            if key not in named:
                named[key] = self._named(batch, mail, rule, key)
            for records in named[key]:
                mine = [r for r in records if rule.replies.spot <= self._spot(batch, book, r)]
                # a number that several have says nothing
                if len(mine) == 1 and self._may_name(batch, mail, rule, mine[0]):
                    mail.note("number", "found", rule=rule.id, name=rule.name)
                    by, public = self.browse(rule.id), not mail.outgoing
                    return [LinkDecision("token", record=mine[0], rule=by, public=public)]
        if rules:
            mail.note("number", "refused", rule=rules[0].id, name=rules[0].name)
        return []

    @api.model
    def _named(self, batch, mail, rule, key):
        """``[records]`` of the numbers that the subject names; looked up for the batch at once."""
        known, how = batch.lookups["numbered"], rule.replies.number
        if key not in known:
            subjects = {mail.parsed.subject for mail in batch.under_way}
            known[key] = self._with_numbers(rule, {n for s in subjects for n in how.found(s)})
        keys = map(how.key, how.found(mail.parsed.subject))
        return [known[key][one] for one in keys if one in known[key]]

    @api.model
    def _may_name(self, batch, mail, rule, record):
        return self._is_of_record(batch, mail, record) and self._is_for_reply(batch, mail, rule)

    @api.model
    def _is_of_record(self, batch, mail, record):
        """Whether its sender takes part; rules may ask it many times."""
        known = batch.lookups["takes_part"]
        key = id(mail), record._name, record.id
        if key not in known:
            known[key] = self.env["mail.import.target"]._takes_part(record, mail)
        return known[key]

    @api.model
    def _is_for_reply(self, batch, mail, rule):
        """Whether a rule that goes, and does not say otherwise, takes this mail as a reply."""
        if rule.replies.must_match and not rule.holds(self._facts_of_reply(batch, mail)):
            return False
        return self._still_goes(batch, rule)

    @api.model
    def _with_numbers(self, rule, numbers):
        """``{number: records}`` of a rule's target, closed ones too: one query a pattern."""
        how = rule.replies.number
        if how.field == "id":
            return self._with_ids(rule.replies.model, numbers)
        Model = as_superuser(self.env[rule.replies.model], active_test=False)
        records = Model.search(
            self.env["mail.import.target"].browse(rule.target_id)._records()
            & Domain(how.field, "in", list(set().union(*map(how.ways, numbers))))
        )
        found = {}
        for record in records:
            found.setdefault(how.key(record[how.field]), []).append(record)
        return found

    @api.model
    def _with_ids(self, model, numbers):
        """As ``_with_numbers``. A lead that became a deal, or was merged into one, is found by the
        number that was told its customer.
        """
        targets = as_superuser(self.env["mail.import.target"])
        moved = as_superuser(self.env["mail.import.merged.record"])
        found = moved._follow({(model, number) for number in numbers})
        return {
            number: [record]
            for (_model, number), record in found.items()
            if targets._of_record(record)
        }
