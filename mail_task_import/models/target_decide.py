"""Step *link*: where a mail belongs. Only decides; the first step that answers wins.

reply, host alias, number of a record, import rules, the mailbox's default target, address.
"""

from odoo import api, models
from odoo.tools import email_normalize

from ..access import as_seen_by
from ..batch import LinkDecision
from .reference import digest_of
from .target import RECORD_ADDRESS, TOKEN


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _decide_links(self, batch):
        """Fill ``decisions`` or ``follows`` of every mail that no other copy has decided yet."""
        self._look_up(batch)
        for mail in batch.in_order_of_date():
            if mail.same_as:
                continue
            if mail.email and not self._still_open(batch, mail):
                mail.note("known", "decided")
                continue
            mail.decides = batch.mailbox.visibility == "linked" and not mail.set_aside
            mail.follows = self._mate(batch, mail)
            if mail.follows:
                mail.note("mate", "found")
            else:
                mail.decisions = self._first_answer(batch, mail)
                self._join_within_batch(batch, mail)
                self._follow_sibling(batch, mail)
                self._reply_by_rules(batch, mail)
            if not mail.set_aside or mail.follows or mail.decisions:
                self._remember_mate(batch, mail)
        self.env["mail.import.distribution"]._assign(
            batch,
            [
                (mail, decision)
                for mail in batch.in_order_of_date()
                for decision in mail.decisions
                if decision.target and not decision.record
            ],
        )

    @api.model
    def _still_open(self, batch, mail):
        """A known mail is sorted again when the first open mailbox receives it, or on request."""
        opens = not mail.email.decided and batch.mailbox.visibility == "linked"
        return batch.again or opens

    @api.model
    def _reply_by_rules(self, batch, mail):
        """What rules say of a reply to a record, or to one that another mail is to make."""
        rules = self.env["mail.import.rule"]
        rules._govern(batch, mail)
        rules._follow_alike(batch, mail)
        if mail.follows:
            mail.decisions = []

    @api.model
    def _join_within_batch(self, batch, mail):
        """With *join*, a second mail of a sender follows the first, whose record is to come."""
        targets = [decision.target for decision in mail.decisions if decision.step == "default"]
        if not (mail.owner_mailbox.join and targets and targets[0]):
            return
        key = targets[0].id, mail.parsed.sender.email
        first = batch.lookups["joined"].setdefault(key, mail)
        if first is not mail:
            mail.follows, mail.decisions = first, []

    @api.model
    def _first_answer(self, batch, mail):
        for step in self._link_steps():
            decisions = step(batch, mail)
            if mail.set_aside or mail.makes_none:
                decisions = [decision for decision in decisions if decision.record]
            if decisions:
                if decisions[0].step == "address":
                    self._note_why_none(batch, mail)
                if decisions[0].step != "rule":
                    mail.note(decisions[0].step, "found")
                return decisions
        self._note_why_none(batch, mail)
        mail.note("unlinked", "nothing")
        return []

    @api.model
    def _decide_after_rules(self, batch, mail):
        """For a mail whose rule could not make its record."""
        steps = self._link_steps()
        owners = [getattr(step, "__self__", self)._name for step in steps]
        after = len(owners) - owners[::-1].index("mail.import.rule")
        for step in steps[after:]:
            if decisions := step(batch, mail):
                return decisions
        return []

    @api.model
    def _link_steps(self):
        """The steps in their order; another add-on puts its own among them."""
        return [
            self._decide_by_thread_and_answers,
            self._decide_by_signature,
            self._decide_by_siblings,
            self._decide_by_alias,
            self._decide_by_number,
            self.env["mail.import.rule"]._decide_by_number,
            self.env["mail.import.rule"]._decide_by_likeness,
            self.env["mail.import.rule"]._decide,
            self._decide_by_default,
            self._decide_by_address,
        ]

    # -- 1. replies -----------------------------------------------------------------------------

    @api.model
    def _mate(self, batch, mail):
        """A mail of this batch in the same thread, decided earlier."""
        mates = batch.lookups["mates"]
        parsed = mail.parsed
        if mail.twin_of and not hasattr(mail.twin_of, "_name"):
            return mail.twin_of
        for message_id in mail.message_ids:
            if (mate := mates.get(("is", message_id))) and mate is not mail:
                return mate
        return mates.get(("names", parsed.message_id)) if parsed.message_id else None

    @api.model
    def _remember_mate(self, batch, mail):
        mates = batch.lookups["mates"]
        if mail.parsed.message_id:
            mates.setdefault(("is", mail.parsed.message_id), mail)
        for message_id in mail.message_ids:
            mates.setdefault(("names", message_id), mail)

    @api.model
    def _decide_by_thread_and_answers(self, batch, mail):
        return self._with_early_answers(batch, mail, self._decide_by_thread(batch, mail))

    @api.model
    def _decide_by_thread(self, batch, mail):
        """Known mails that this one names, newest first; then known mails that name this one."""
        if mail.twin_of:
            return self._like(mail.twin_of, batch, mail)
        threads = batch.lookups["threads"]
        shown = batch.lookups["messages"].get(mail.parsed.message_id)
        if shown and _is_written_here(shown):
            return self._in_thread_of_message(shown)
        for message_id in mail.message_ids:
            for parent in threads["is"].get(digest_of(message_id), ()):
                if decisions := self._like(parent, batch, mail):
                    return decisions
            if message := batch.lookups["messages"].get(message_id):
                return self._in_thread_of_message(message)
        own = mail.parsed.message_id and digest_of(mail.parsed.message_id)
        for answer in threads["names"].get(own, ()):
            if decisions := self._like(answer, batch, mail):
                return decisions
        return []

    @api.model
    def _like(self, email, batch, mail):
        """The links of another e-mail of the thread, for a mail that shares them."""
        return [
            LinkDecision(
                "reply",
                record=record,
                public=self._is_discussed(link, batch) or self._was_discussed(link, record, mail),
            )
            for link in email.link_ids
            if not link.suggested and (record := self._record_of(link, batch))
        ]

    @api.model
    def _is_discussed(self, link, batch):
        """In public; also as the host's own message, of which the e-mail bears the number."""
        if link.message_id:
            return not link._is_note()
        key = link.res_model, link.res_id, link.email_id.message_id
        message = batch.lookups["in_chatter"].get(key)
        return bool(message) and _is_written_here(message) and not _is_internal(message)

    @api.model
    def _record_of(self, link, batch):
        """The record of a link, or None where it is gone; looked up for the batch at once."""
        existing = batch.lookups["existing"].get(link.res_model, ())
        if link.res_id in existing:
            return link._get_record().with_prefetch(existing)
        return link._existing_record()

    @api.model
    def _in_thread_of_message(self, message):
        """A message of the host's own, answered from outside: an answer to a note stays a note."""
        record = self.env[message.model].browse(message.res_id).exists()
        return (
            [LinkDecision("reply", record=record, public=not _is_internal(message))]
            if record
            else []
        )

    # -- 2. host aliases ------------------------------------------------------------------------

    @api.model
    def _decide_by_alias(self, batch, mail):
        if mail.outgoing or mail.parsed.automatic:
            return []
        aliases = batch.lookups["aliases"]
        parsed = mail.parsed
        for address in [*parsed.delivered_to, *(a.email for a in parsed.to + parsed.cc)]:
            alias = aliases.get(address)
            if alias and self._alias_takes(alias, mail):
                if alias.alias_force_thread_id:
                    model = self.env[alias.alias_model_id.model]
                    record = model.browse(alias.alias_force_thread_id).exists()
                    return [LinkDecision("alias", record=record, public=True)] if record else []
                return self._of_alias(batch, mail, alias)
        return []

    @api.model
    def _of_alias(self, batch, mail, alias):
        """The record that the host has made of the alias' own copy; else a new one.

        One person's copy makes none: the alias has its own, with a text that others may read.
        """
        shown = batch.lookups["messages"].get(mail.parsed.message_id)
        by_host = shown and shown.message_type == "email"
        if by_host and shown.model == alias.alias_model_id.model:
            record = self.env[shown.model].browse(shown.res_id).exists()
            if record and email_normalize(shown.email_from) == mail.parsed.sender.email:
                return [LinkDecision("alias", record=record, public=True)]
        makes = mail.decides and not batch.history
        return [LinkDecision("alias", alias=alias, public=True)] if makes else []

    @api.model
    def _alias_takes(self, alias, mail):
        """The host's own rule on who may write to an alias (``alias_contact``)."""
        model = self.env[alias.alias_model_id.model]
        record = model.browse(alias.alias_force_thread_id or ())
        if alias.alias_contact == "employees" and not mail.employee:
            return False
        return not record._alias_get_error(None, self._alias_dict(mail), alias)

    @api.model
    def _alias_dict(self, mail):
        return {
            "author_id": mail.author.id if mail.author else False,
            "email_from": str(mail.parsed.sender),
        }

    # -- 3. number of a record ------------------------------------------------------------------

    @api.model
    def _decide_by_number(self, batch, mail):
        """``task+12@`` or ``[TASK-12]``: for people who take part, or employees with access."""
        for code, number in self._numbers(mail):
            target = batch.lookups["codes"].get(code)
            place = target and (target.model, number)
            record = target and self.env["mail.import.merged.record"]._follow([place]).get(place)
            # a lead that became a deal, or was merged into one, is found by its old number
            if record and self._of_record(record) and self._takes_part(record, mail):
                return [LinkDecision("token", record=record, public=not mail.outgoing)]
        return []

    @api.model
    def _numbers(self, mail):
        parsed = mail.parsed
        for address in [*parsed.delivered_to, *(a.email for a in parsed.to + parsed.cc)]:
            if match := RECORD_ADDRESS.match(address):
                yield match[1].upper(), int(match[2])
        for match in TOKEN.finditer(parsed.subject):
            yield match[1], int(match[2])

    # -- 5. the mailbox's default target --------------------------------------------------------

    def _is_in_reach_of(self, mailbox):
        """A personal mailbox makes what its owner could make by hand."""
        owner, project = mailbox.owner_id, mailbox.default_project_id
        if not owner:
            return True
        return as_seen_by(self.env[self.model], owner).has_access("create") and (
            not project or as_seen_by(project, owner).has_access("read")
        )

    @api.model
    def _decide_by_default(self, batch, mail):
        target = mail.owner_mailbox.default_target_id
        if not target or not self._may_make(batch, mail):
            return []
        if not target._is_in_reach_of(mail.owner_mailbox):
            return []
        if mail.owner_mailbox.join:
            records = self._open_in(batch).get(target.id, {}).get(mail.parsed.sender.email)
            if records and len(records) == 1:
                return [LinkDecision("default", record=records, public=True)]
        return [LinkDecision("default", target=target, public=True)]

    @api.model
    def _may_make(self, batch, mail):
        """Whether this mail may become a record without a rule that names it."""
        if mail.outgoing or batch.history or mail.parsed.automatic or not mail.decides:
            return False
        if self.env["mail.import.forwarding"]._request(batch, mail):
            return False
        return not mail.twin_of and self._is_accepted(mail)

    @api.model
    def _is_accepted(self, mail):
        """Whether the mailbox takes this sender's mail for new records."""
        if not mail.parsed.sender.email:
            return False
        accept = mail.owner_mailbox.accept
        if accept == "employees":
            return bool(mail.employee)
        if accept == "known":
            return bool(mail.author)
        return True

    # -- 6. by address --------------------------------------------------------------------------

    @api.model
    def _decide_by_address(self, batch, mail):
        """One open record takes it; several are proposed beside the account; else the account."""
        found, account = [], None
        for address in mail.counterparts[:20]:
            if address in batch.lookups["insiders"]:
                continue
            for records in self._open_in(batch).values():
                found += records.get(address, ())
            account = account or batch.lookups["partners"].get(address)
        found = list(dict.fromkeys(found))
        if len(found) == 1:
            return [LinkDecision("address", record=found[0])]
        decisions = [LinkDecision("address", record=r, suggested=True) for r in found[:10]]
        if account:
            record = (account.commercial_partner_id or account) if found else account
            decisions.insert(0, LinkDecision("address", record=record))
        return decisions


def _is_written_here(message):
    """Not a mail from outside, whose number may be any other's too, nor one person's own."""
    return message.message_type not in ("email", "user_notification")


def _is_internal(message):
    return message.is_internal or not message.subtype_id or message.subtype_id.internal
