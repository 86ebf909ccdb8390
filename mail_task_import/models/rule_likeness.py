"""Weak matching: a mail that names no other mail, but is like those of one open record.

After the numbers, before rules make records. Only where a rule asks for it, and only where exactly
one record fits; mail of unverified senders, and automatic mail, is never taken that way, nor does
a record count that only such mail speaks for: one forged mail would end all matching of a subject.
"""

from odoo import api, models
from odoo.fields import Domain

from ..batch import LinkDecision
from ..mime.subjects import bare
from .touched import BY_PEOPLE


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
                found = self._alike(batch, mail, rule, way, book)
                if not found or not self._is_asked(batch, mail, rule, way, book):
                    continue
                if len(found) == 1:
                    mail.note("likeness", way, rule=rule.id, name=rule.name)
                    return [self._weakly(batch, mail, rule, found[0])]
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
            return True
        first = next(book.matches(self._facts(batch, mail)), None)
        return first is None or first.rule is rule

    @api.model
    def _alike(self, batch, mail, rule, way, book):
        """Open records of the rule, and mails of this batch that are to make some."""
        sender = mail.parsed.sender.email
        records = self._open_of(batch, rule, sender, book)
        pending = self._pending_of(batch, rule, sender)
        if way == "sender" or not (records or pending):
            return [*records, *(one for one, _subject in pending)]
        subject, subjects = bare(mail.parsed.subject), self._subjects(batch)
        return [
            *(one for one in records if subject and subject in subjects[one._name, one.id]),
            *(one for one, its_subject in pending if subject and its_subject == subject),
        ]

    @api.model
    def _pending_of(self, batch, rule, sender):
        """``[(mail, subject)]`` of this batch that are to make records within reach of a rule."""
        return [
            (mail, subject)
            for mail, subject, spot in batch.lookups["pending"].get(sender, ())
            if rule.replies.spot <= spot
        ]

    @api.model
    def _open_of(self, batch, rule, address, book):
        """Open records of a sender within reach of a rule; archived ones are not open."""
        found = self.env["mail.import.target"]._open_in(batch).get(rule.target_id, {})
        records = found.get(address, ())
        near = [one for one in records if rule.replies.spot <= self._spot(batch, book, one)]
        disbelieved = self._disbelieved(batch) if near else ()
        return [one for one in near if (one._name, one.id) not in disbelieved]

    @api.model
    def _disbelieved(self, batch):
        """``{(model, id)}`` of open records that mail of an unverified sender made, and nobody has
        answered, linked, or followed with better mail of that address; asked once.
        """
        if "disbelieved" not in batch.lookups:
            ids = {}
            for of_addresses in self.env["mail.import.target"]._open_in(batch).values():
                for records in of_addresses.values():
                    ids.setdefault(records._name, set()).update(records._ids)
            batch.lookups["disbelieved"] = {
                (model, id_)
                for model, some in ids.items()
                for id_ in self._without_proof(model, some)
            }
        return batch.lookups["disbelieved"]

    @api.model
    def _without_proof(self, model, ids):
        links = self.env["mail.import.link"]
        place = Domain("res_model", "=", model) & Domain("suggested", "=", False)
        made = links.search_fetch(
            place
            & Domain("res_id", "in", list(ids))
            & Domain("made_record", "=", True)
            & Domain("email_id.unverified", "!=", False),
            ["res_id", "email_id"],
        )
        forged = {link.res_id: link.email_id.from_email for link in made}
        if not forged:
            return set()
        proofs = links.search(
            place
            & Domain("res_id", "in", list(forged))
            & (Domain("step", "in", BY_PEOPLE) | Domain("email_id.unverified", "=", False))
        )
        return set(forged) - {
            link.res_id
            for link in proofs
            if link.step in BY_PEOPLE or link.email_id.from_email == forged[link.res_id]
        }

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
        if mail.unverified or mail.is_forged:
            return
        for decision in mail.decisions:
            if decision.target and not decision.record:
                made = (mail, bare(mail.parsed.subject), self._spot_to_be(mail, decision))
                batch.lookups["pending"].setdefault(mail.parsed.sender.email, []).append(made)

    @api.model
    def _spot_to_be(self, mail, decision):
        """Where the record will be, whoever makes it: as ``_spot`` of one that is there."""
        values = decision.target._mailbox_values(mail.owner_mailbox) | (decision.values or {})
        pairs = ((name, value) for name, value in values.items() if isinstance(value, int))
        return frozenset([("model", decision.target.model), *pairs])
