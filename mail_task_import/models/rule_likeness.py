"""Weak matching: a mail that names no other mail, but is like those of one open record.

After the numbers, before rules make records. Only where a rule asks for it, and only where exactly
one record fits; mail that nobody vouches for, and automatic mail, is never taken that way.
"""

from odoo import api, models

from ..batch import LinkDecision
from ..mime.subjects import bare


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    @api.model
    def _decide_by_likeness(self, batch, mail):
        """One ``LinkDecision``, without a record where an earlier mail of the batch makes it."""
        book = self._book_for(mail.owner_mailbox)
        if not book.weak or not self._may_be_alike(batch, mail):
            return []
        for rule in book.weak:
            for way in rule.replies.weak:
                if not self._is_asked(batch, mail, rule, way, book):
                    continue
                found = self._alike(batch, mail, rule, way)
                if len(found) == 1:
                    mail.note("likeness", way, rule=rule.id, name=rule.name)
                    return [self._weakly(batch, mail, rule, found[0])]
                if found:
                    mail.note("likeness", "several", rule=rule.id, name=rule.name)
        return []

    @api.model
    def _may_be_alike(self, batch, mail):
        """Only of senders whom nothing speaks against; employees' and own addresses never link."""
        sender = mail.parsed.sender.email
        return bool(
            self._may_govern(batch, mail)
            and sender
            and not mail.parsed.automatic
            and not (mail.unverified or mail.is_forged)
            and sender not in batch.lookups["insiders"]
        )

    @api.model
    def _is_asked(self, batch, mail, rule, way, book):
        """The sender alone counts where the rule holds, or no other does: new mail to another
        queue is no answer.
        """
        if not self._is_for_reply(batch, mail, rule):
            return False
        if way == "subject_sender":
            return bool(bare(mail.parsed.subject))
        first = next(book.matches(self._facts(batch, mail)), None)
        return first is None or first.rule is rule

    @api.model
    def _alike(self, batch, mail, rule, way):
        """Open records of the rule, and mails of this batch that are to make some."""
        sender, subject = mail.parsed.sender.email, bare(mail.parsed.subject)
        records = self._open_of(batch, rule, sender)
        pending = [
            one
            for one, its_subject in batch.lookups["pending"].get((rule.id, sender), ())
            if way == "sender" or its_subject == subject
        ]
        if way == "subject_sender" and records:
            subjects = self._subjects(batch)
            records = [one for one in records if subject in subjects[one._name, one.id]]
        return [*records, *pending]

    @api.model
    def _open_of(self, batch, rule, address):
        """Open records of a sender within reach of a rule; archived ones are not open."""
        found = self.env["mail.import.target"]._open_in(batch).get(rule.target_id, {})
        return [record for record in found.get(address, ()) if self._reaches(rule, record)]

    @api.model
    def _subjects(self, batch):
        """``{(model, id): subjects}`` of the open records of all senders of the batch: their names
        and their mails' subjects, in one query.
        """
        lookups = batch.lookups
        if "subjects" not in lookups:
            found = {}
            for of_addresses in self.env["mail.import.target"]._open_in(batch).values():
                for records in of_addresses.values():
                    for record in records:
                        found[record._name, record.id] = {bare(record[record._rec_name])}
            self._add_subjects_of_mails(found)
            lookups["subjects"] = found
        return lookups["subjects"]

    @api.model
    def _add_subjects_of_mails(self, found):
        for model in {model for model, _id in found}:
            links = self.env["mail.import.link"].search_fetch(
                [
                    ("res_model", "=", model),
                    ("res_id", "in", [id_ for name, id_ in found if name == model]),
                    ("suggested", "=", False),
                ],
                ["res_id", "email_id"],
                limit=5000,
            )
            for link in links:
                found[model, link.res_id].add(bare(link.email_id.subject))

    @api.model
    def _weakly(self, batch, mail, rule, found):
        record = found if hasattr(found, "_name") else None
        if record is None:
            batch.lookups["alike"][id(mail)] = found
        return LinkDecision("weak", record=record, rule=self.browse(rule.id), public=True)

    @api.model
    def _follow_alike(self, batch, mail):
        """Follow the mail of this batch that makes the record; or be the one that others follow."""
        if first := batch.lookups["alike"].get(id(mail)):
            mail.follows, mail.decisions = first, []
            return
        for decision in mail.decisions:
            if decision.target and decision.rule:
                key = decision.rule.id, mail.parsed.sender.email
                made = (mail, bare(mail.parsed.subject))
                batch.lookups["pending"].setdefault(key, []).append(made)
