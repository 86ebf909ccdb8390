"""What the link step looks up for a whole batch at once: one query a subject, not one a mail."""

from dataclasses import replace

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from .reference import digest_of


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _look_up(self, batch):
        """Once: filters, which come first, may have asked already."""
        lookups = batch.lookups
        if "employees" in lookups:
            return
        addresses = batch.addresses()
        asked = addresses | self._shown_addresses(batch)
        lookups["employees"] = self._employees(asked)
        lookups["insiders"] = self._insiders(asked, lookups["employees"])
        staff = self._staff()
        lookups["colleagues"] = self._colleagues_named(batch, staff)
        lookups["domains"] = self._own_domains()
        lookups["partners"] = self._partners(addresses)
        senders = {mail.parsed.sender.email for mail in batch.under_way}
        lookups["ours"] = batch.mailbox._credible(senders)
        lookups["mailboxes"] = self.env["mail.import.mailbox"]._by_address(addresses)
        lookups["aliases"] = self._aliases(batch, addresses)
        lookups["threads"] = self._threads(batch)
        lookups["existing"] = self._existing(lookups["threads"])
        messages = self._messages(batch)
        lookups["in_chatter"] = {(m.model, m.res_id, m.message_id): m for m in messages}
        lookups["messages"] = {
            message.message_id: message
            for message in reversed(messages)
            if message.message_type != "user_notification"
        }
        targets = self.search([])._installed()
        lookups["codes"] = {target.code: target for target in targets}
        for mail in batch.under_way:
            self._know_sender(batch, mail)

    @api.model
    def _open_in(self, batch):
        """``{target id: {address: open records}}``, looked up by the first mail that needs it.

        Answers, which most mails are, find their record without.
        """
        lookups = batch.lookups
        if "open" not in lookups:
            outside = {a for mail in batch.under_way for a in mail.counterparts[:20]}
            outside -= set(lookups["insiders"])
            partners = {a: lookups["partners"][a] for a in outside if a in lookups["partners"]}
            families = self.env["mail.import.address"]._families(partners)
            asked = outside.union(*families.values()) - set(lookups["insiders"])
            targets = [target for target in lookups["codes"].values() if not target.is_account]
            linked = self._linked_by_sender(asked, {target.model for target in targets})
            lookups["open"] = {
                target.id: target._of_families(target._open_records(asked, linked), families)
                for target in targets
            }
        return lookups["open"]

    def _of_families(self, records, families):
        """``{address: open records}``: those of all addresses of its contact."""
        found = dict(records)
        for address, family in families.items():
            if some := [records[one] for one in sorted(family) if one in records]:
                found[address] = some[0].union(*some)
        return found

    # -- people ---------------------------------------------------------------------------------

    @api.model
    def _know_sender(self, batch, mail):
        """Fill what is known of a mail's sender, and ``owner_mailbox``."""
        self._know_who_wrote(batch, mail)
        mail.owner_mailbox = self._deciding_mailbox(batch, mail)

    @api.model
    def _know_who_wrote(self, batch, mail):
        """Fill ``outgoing``, ``vouched``, ``employee`` and ``author`` of a mail.

        An employee's address is believed only with a pass from a server that the mailbox trusts.
        """
        sender = mail.parsed.sender.email
        lookups = batch.lookups
        verdict = batch.mailbox._trusted_verdict(mail.parsed)
        passed = bool(verdict and verdict.passed)
        mail.outgoing = batch.sent or self._sent_by_us(batch, mail, passed)
        mail.vouched = passed or (mail.outgoing and self._is_ours(batch, mail))
        employees = lookups["employees"].get(sender, ())
        if mail.vouched and len(employees) == 1 and self._speaks_for(batch.mailbox, employees[0]):
            mail.employee = employees[0]
        if sender in lookups["insiders"]:
            mail.author = mail.employee.partner_id if mail.employee else None
        else:
            mail.author = lookups["partners"].get(sender)
        self._know_posing(batch, mail, verdict)
        if mail.is_forged:
            mail.author = None

    @api.model
    def _as_received_by(self, batch, mail, mailbox):
        """Batch and mail as if they had come into another group mailbox: which servers vouch for a
        sender is each mailbox's to say.
        """
        if mailbox.trusted_authserv_ids == batch.mailbox.trusted_authserv_ids:
            return batch, mail
        there = replace(batch, mailbox=mailbox)
        seen = replace(mail, employee=None, posing="", unverified="", doubtful=False)
        self._know_who_wrote(there, seen)
        return there, seen

    @api.model
    def _speaks_for(self, mailbox, employee):
        """Who owns a mailbox on its server can put any mail into it, with any header."""
        return mailbox.kind == "group" or mailbox.owner_id == employee

    @api.model
    def _is_ours(self, batch, mail):
        """An owner's Sent folder, too, holds whatever the owner puts there."""
        return batch.mailbox.kind == "group" or mail.parsed.sender.email in batch.lookups["ours"]

    @api.model
    def _sent_by_us(self, batch, mail, passed):
        """From one of our own addresses, and vouched for, or never seen by a mail server.

        A mail that travelled has a Received header (RFC 5321, 4.4); one without was put into the
        folder by the owner's own program.
        """
        if mail.parsed.sender.email not in batch.lookups["ours"]:
            return False
        return passed or "received:" not in mail.parsed.trace_headers.lower()

    @api.model
    def _deciding_mailbox(self, batch, mail):
        """The group mailbox named first in To, then Cc, whose filters let the mail pass: its rules
        and default target are applied.
        """
        if batch.mailbox.kind != "group":
            return batch.mailbox
        lets_pass = self.env["mail.import.filter"]._lets_pass
        for address in mail.parsed.to + mail.parsed.cc:
            mailbox = batch.lookups["mailboxes"].get(address.email)
            if mailbox == batch.mailbox:
                return mailbox
            is_open = mailbox and mailbox.kind == "group" and mailbox.visibility == "linked"
            if is_open and lets_pass(batch, mail, mailbox):
                return mailbox
        return batch.mailbox

    @api.model
    def _employees(self, addresses):
        """``{address: internal users}``; two users of one address are nobody in particular."""
        found = {}
        users = self.env["res.users"].search(
            [("share", "=", False), ("partner_id.email_normalized", "in", list(addresses))]
        )
        for user in users:
            found.setdefault(user.partner_id.email_normalized, []).append(user)
        return found

    @api.model
    def _is_employee_address(self, address):
        return bool(address and self._insiders([address]))

    @api.model
    def _insiders(self, addresses, employees=None):
        """Addresses of employees, own companies and mailboxes: they never link.

        Those of personal mailboxes only where an administrator has entered them: else whoever names
        a customer's address as an own one keeps that customer's mail from others.

        :param employees: the answer of ``_employees``, where it is known already
        """
        inside = set(self._employees(addresses) if employees is None else employees)
        mailboxes = self.env["mail.import.mailbox"]
        inside.update(mailboxes._of_house(set(addresses)))
        for _fetched, _own, certain in mailboxes._known_addresses().values():
            inside.update(certain & set(addresses))
        return inside

    @api.model
    def _partners(self, addresses):
        """``{address: partner}``; of several the one without parent, then the oldest."""
        found = {}
        partners = self.env["res.partner"].search(
            [("email_normalized", "in", list(addresses))], order="id"
        )
        for partner in partners.sorted(lambda p: (not p.is_company and bool(p.parent_id), p.id)):
            found.setdefault(partner.email_normalized, partner)
        missing = set(addresses) - set(found)
        return found | self.env["mail.import.address"]._partners(missing)

    @api.model
    def _aliases(self, batch, addresses):
        """Host aliases among the recipients, but for the addresses of mailboxes."""
        own = batch.mailbox._own_addresses()
        aliases = self.env["mail.alias"].search(
            [
                ("alias_full_name", "in", list(set(addresses) - own)),
                ("alias_model_id.model", "!=", "mail.import.mailbox"),
            ]
        )
        return {email_normalize(alias.alias_full_name): alias for alias in aliases}

    # -- threads --------------------------------------------------------------------------------

    @api.model
    def _threads(self, batch):
        """Known e-mails that these mails name (``is``), and those that name them (``names``)."""
        named = {digest_of(i) for mail in batch.under_way for i in mail.message_ids}
        own = {digest_of(m.parsed.message_id) for m in batch.under_way if m.parsed.message_id}
        threads = {"is": {}, "names": {}}
        for email in self.env["mail.import.email"].search_fetch(
            Domain("message_id_digest", "in", list(named)),
            ["message_id_digest"],
            order="id desc",
        ):
            threads["is"].setdefault(email.message_id_digest, []).append(email)
        for reference in self.env["mail.import.reference"].search_fetch(
            [("digest", "in", list(own))],
            ["digest", "email_id"],
            order="position, id",
        ):
            threads["names"].setdefault(reference.digest, []).append(reference.email_id)
        return threads

    @api.model
    def _existing(self, threads):
        """Ids by model of the records of these threads, which are read at once."""
        emails = {
            email.id for found in threads.values() for some in found.values() for email in some
        }
        links = self.env["mail.import.email"].browse(emails).link_ids
        existing = {}
        for model, some in links.grouped("res_model").items():
            if model in self.env:
                records = self.env[model].browse(set(some.mapped("res_id"))).exists()
                records.fetch()
                existing[model] = set(records._ids)
        return existing

    @api.model
    def _messages(self, batch):
        """Messages in chatters that these mails answer, or whose number they bear; newest first."""
        wanted = {i for mail in batch.under_way for i in mail.message_ids[:32]}
        wanted |= {mail.parsed.message_id for mail in batch.under_way} - {"", None}
        if not wanted:
            return self.env["mail.message"]
        messages = self.env["mail.message"].search(
            [
                ("message_id", "in", list(wanted)),
                ("model", "!=", False),
                ("res_id", "!=", 0),
            ],
            order="id desc",
        )
        return messages.filtered(
            lambda message: (
                message.model in self.env and hasattr(self.env[message.model], "message_post")
            )
        )
