"""Step *store*, third part: links, the records that mails become, and their publication."""

from dataclasses import dataclass
from typing import Any

from odoo import api, models
from odoo.tools import groupby

from ..batch import STORED, LinkDecision


@dataclass(slots=True)
class Linking:
    """One mail and one record that it is linked to, on its way."""

    mail: Any
    decision: Any
    link: Any = None
    made: bool = False
    """The mail made the record."""


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    @api.model
    def _store(self, batch):
        """Link and publish the mails of a batch, in runs: one ``create`` a run, not one a mail."""
        batch.lookups["doubled"] = self.env["mail.import.email"]._doubled(batch)
        mails = [mail for mail in batch.mails_in_order() if mail.email and mail.state != "filtered"]
        for run in self._runs(mails):
            for mail in run:
                if mail.follows and mail.follows.email:
                    mail.decisions = self._as_mate(batch, mail)
            self._carry_out(batch, run)
        for mail in mails:
            if mail.decides and not mail.email.decided:
                mail.email.decided = True

    @api.model
    def _runs(self, mails):
        """Cut ``mails`` where one depends on another: on its mate's links, or its double's."""
        run, seen = [], set()
        for mail in mails:
            if {id(mail.follows), mail.email, mail.email.message_id} & seen:
                yield run
                run, seen = [], set()
            run.append(mail)
            seen |= {id(mail), mail.email, mail.email.message_id} - {False}
        if run:
            yield run

    @api.model
    def _as_mate(self, batch, mail):
        """The links of a mail of the same batch, once they are there."""
        target, told = self.env["mail.import.target"], len(mail.journal)
        decisions = target._like(mail.follows.email, batch, mail)
        decisions = target._with_early_answers(batch, mail, decisions)
        if len(mail.journal) > told and mail.entry:
            mail.entry.journal = mail.journal
        return decisions

    @api.model
    def _carry_out(self, batch, run):
        linkings = [
            Linking(mail, decision, made=not decision.record)
            for mail in run
            for decision in mail.decisions
        ]
        linkings += self._make_records(batch, [linking for linking in linkings if linking.made])
        linkings = self._link(linking for linking in linkings if linking.decision.record)
        self._publish_imported(
            batch,
            [
                linking
                for linking in linkings
                if not linking.decision.suggested and linking.mail.decides and not batch.history
            ],
        )
        self.env["mail.import.rule"]._welcome(batch, linkings)

    @api.model
    def _link(self, linkings):
        """Make the links that are not there yet.

        :return: the linkings whose link is new, or is opened by an open mailbox
        """
        fresh, kept = {}, []
        for linking in linkings:
            email, record = linking.mail.email, linking.decision.record
            key = email.id, record._name, record.id
            if key in fresh:
                continue
            link = None if self._is_first(linking.mail) else self._existing(email, record)
            if not link:
                fresh[key] = linking
            elif self._opens(link, linking.mail):
                linking.link = link
            else:
                continue
            kept.append(linking)
        links = self.create([self._values(linking) for linking in fresh.values()])
        for linking, link in zip(fresh.values(), links, strict=True):
            linking.link = link
        return kept

    @api.model
    def _is_first(self, mail):
        return mail.state == STORED and len(mail.decisions) == 1

    @api.model
    def _values(self, linking):
        decision = linking.decision
        return {
            "email_id": linking.mail.email.id,
            "res_model": decision.record._name,
            "res_id": decision.record.id,
            "target_id": self.env["mail.import.target"]._of_record(decision.record).id,
            "step": decision.step,
            "suggested": decision.suggested,
            "made_record": linking.made,
            "rule_id": decision.rule.id if decision.rule else False,
            # so that a change by hand is seen though the mail changes the record too
            "record_written": decision.record.write_date if not linking.made else False,
        }

    @api.model
    def _existing(self, email, record):
        return self.search(
            [
                ("email_id", "=", email.id),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
            ]
        )

    @api.model
    def _opens(self, link, mail):
        """A closed mailbox had linked the mail, and now an open one receives it."""
        return (
            not link.message_id and not link.suggested and mail.decides and not mail.email.decided
        )

    @api.model
    def _make_records(self, batch, linkings):
        """The records that mails become; their whole threads are claimed first.

        :return: other linkings of those mails whose rule could not make its record
        """
        self.env["mail.import.claim"]._claim_messages(
            message_id for linking in linkings for message_id in linking.mail.claim_ids
        )

        def quietly(linking):
            return self._is_quiet(batch, linking.mail)

        left = []
        for quiet, some in groupby(linkings, quietly):
            made = list(some)
            rules = self.env["mail.import.rule"].with_context(mail_import_quiet=quiet)
            left += rules._make_records([(linking.mail, linking.decision) for linking in made])
            if quiet:
                done = [linking for linking in made if linking.decision.record]
                self.env["mail.import.distribution"]._let_follow(done)
        return self._without_rule(batch, left)

    @api.model
    def _instead_of(self, batch, mail, failed):
        if failed.after:
            # a reply that was to begin a new record stays with the old one
            return [LinkDecision("reply", record=failed.after, public=failed.public)]
        return self.env["mail.import.target"]._decide_after_rules(batch, mail)

    @api.model
    def _let_make_later(self, mail):
        """Nothing came of its claims: it may make a record later, unless its thread has one."""
        ids = mail.claim_ids
        if not self.search_count(
            [("made_record", "=", True), ("email_id.message_id", "in", ids)], limit=1
        ):
            self.env["mail.import.claim"]._give_up(ids)

    @api.model
    def _without_rule(self, batch, asked):
        """What becomes of mails whose rule failed: the steps after the rules say it."""
        linkings = []
        for mail, failed in asked:
            self._let_make_later(mail)
            mail.decisions = self._instead_of(batch, mail, failed)
            linkings += [Linking(mail, one, made=not one.record) for one in mail.decisions]
        if made := [linking for linking in linkings if linking.made]:
            self.env["mail.import.distribution"]._assign(
                batch, [(linking.mail, linking.decision) for linking in made]
            )
            self._make_records(batch, made)
        return linkings
