"""First link step, third part: answers to one question that has not come here, or not yet.

Two people answer a third, and both copy us in; or answers overtake their question. They name the
same mail. A number that a program puts into everything it sends joins nothing: too many name it,
and people who have nothing to do with each other.

And answers that came before this mail, and made a record then, as nothing else of the thread named
them: where the thread has another record, theirs is proposed.
"""

from odoo import api, models

from ..batch import LinkDecision
from .reference import digest_of
from .target_signed import ASKED

MOST_PROPOSED = 5
TOO_MANY = 50
"""Known mails that name one number: it is no thread's."""


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _decide_by_siblings(self, batch, mail):
        """The links of a known mail that answers the same question among the same people."""
        if not mail.message_ids:
            return []
        siblings = self._siblings_in(batch)
        for message_id in mail.message_ids[:ASKED]:
            for email in siblings.get(digest_of(message_id), ()):
                people = f"{email.to or ''} {email.cc or ''}"
                in_touch = self._are_in_touch(mail, email.from_email, people)
                if in_touch and (decisions := self._like(email, batch, mail)):
                    return decisions
        return []

    @api.model
    def _follow_sibling(self, batch, mail):
        """Follow such a mail of this batch, whose record is to come."""
        if mail.follows or any(decision.record for decision in mail.decisions):
            return
        for message_id in mail.message_ids[:ASKED]:
            mate = batch.lookups["mates"].get(("names", message_id))
            if mate and mate is not mail and (mate.decisions or mate.follows):
                parsed = mate.parsed
                people = " ".join(each.email for each in parsed.to + parsed.cc)
                if self._are_in_touch(mail, parsed.sender.email, people):
                    mail.follows, mail.decisions = mate, []
                    return

    @api.model
    def _with_early_answers(self, batch, mail, decisions):
        """The decisions, and proposals of other records that answers to this mail have made."""
        own = mail.parsed.message_id and digest_of(mail.parsed.message_id)
        answers = batch.lookups["threads"]["names"].get(own, ())
        taken = {decision.record for decision in decisions if decision.record}
        if not (answers and taken):
            return decisions
        proposed = []
        for link in (link for email in answers for link in email.link_ids):
            record = link.made_record and self._record_of(link, batch)
            if record and record not in taken and len(proposed) < MOST_PROPOSED:
                taken.add(record)
                proposed.append(LinkDecision("reply", record=record, suggested=True))
                mail.note("early", "proposed", model=record._name, id=record.id)
        return decisions + proposed

    @api.model
    def _are_in_touch(self, mail, other, others_people):
        """Whether one of the two senders has the other one's mail, or both are the same."""
        sender, parsed = mail.parsed.sender.email, mail.parsed
        if not sender or not other:
            return False
        mine = {each.email for each in [parsed.sender, *parsed.to, *parsed.cc]}
        return other in mine or sender in others_people.lower()

    @api.model
    def _siblings_in(self, batch):
        """``{digest: e-mails that name it}``, asked by the first mail that needs it."""
        if "siblings" not in batch.lookups:
            known = batch.lookups["threads"]["is"]
            named = {
                digest_of(message_id)
                for mail in batch.under_way
                for message_id in mail.message_ids[:ASKED]
            } - set(known)
            rows = self.env["mail.import.reference"].search_fetch(
                [("digest", "in", list(named))],
                ["digest", "email_id"],
                order="id desc",
                limit=TOO_MANY * len(named),
            )
            batch.lookups["siblings"] = {
                digest: some.email_id
                for digest, some in rows.grouped("digest").items()
                if len(some) < TOO_MANY
            }
        return batch.lookups["siblings"]
