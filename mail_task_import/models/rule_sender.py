"""Who a record is from: what a rule does with senders that nobody knows, and with people in Cc.

A sender who is not believed is neither made a contact nor invited, and brings nobody in.
"""

from odoo import api, models

from ..access import as_seen_by

MOST_RECIPIENTS = 20
"""More of them in To and Cc, and none becomes a contact."""


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    def _refuses(self, mail, match):
        """Unknown senders, where the rule says so; the next rule is tried."""
        refused = match.rule.unknown_sender == "refuse" and not (mail.author or mail.employee)
        if refused:
            mail.note("rule", "refused_sender", rule=self.id, name=match.rule.name)
        return refused

    def _makes_contact(self, mail):
        """Whether an unknown sender becomes a contact."""
        # sudo: the rule is carried out, whoever reads it
        return self.sudo().unknown_sender in ("contact", "portal") and self._is_believed(mail)

    @api.model
    def _is_believed(self, mail):
        return not (mail.unverified or mail.posing or mail.is_forged)

    # -- after the record is made ---------------------------------------------------------------

    @api.model
    def _welcome(self, batch, linkings):
        """Followers and invitations of records that rules have made, once their mail is there:
        nobody is sent the mail that he had already.
        """
        for linking in linkings:
            rule, mail = linking.decision.rule, linking.mail
            if not (rule and linking.made and linking.link):
                continue
            told = len(mail.journal)
            if not rule._is_believed(mail):
                rule._say_disbelieved(mail)
            else:
                rule._bring_in(batch, linking)
            if len(mail.journal) > told:
                self._write_journal(mail)

    def _bring_in(self, batch, linking):
        mail = linking.mail
        if self.follow_cc:
            self._let_cc_follow(batch, linking)
        was_unknown = self._facts(batch, mail).kind == "unknown"
        if was_unknown and mail.author and self.unknown_sender == "portal":
            self._invite(batch, linking)

    def _say_disbelieved(self, mail):
        if self.follow_cc or self.unknown_sender in ("contact", "portal"):
            mail.note("rule", "disbelieved", rule=self.id)

    def _let_cc_follow(self, batch, linking):
        """Contacts, and employees who may read the record."""
        mail, record = linking.mail, linking.decision.record
        people = self._people_in_cc(batch, mail)
        employees = people.user_ids.filtered(lambda user: not user.share)
        may_not = employees.filtered(lambda user: not as_seen_by(record, user).has_access("read"))
        followers = people - may_not.partner_id
        record.message_subscribe(followers.ids)
        if followers:
            mail.note("rule", "followers", rule=self.id, partners=followers.ids)

    def _people_in_cc(self, batch, mail):
        partners = batch.lookups["partners"]
        employees = batch.lookups["employees"]
        insiders = batch.lookups["insiders"]
        found, unknown = self.env["res.partner"], []
        for address in mail.parsed.cc[:100]:
            if address.email in employees:
                found |= employees[address.email][0].partner_id
            elif address.email in insiders or not address.email:
                continue
            elif partner := partners.get(address.email):
                found |= partner
            else:
                unknown.append(address)
        few = len(mail.parsed.to) + len(mail.parsed.cc) <= MOST_RECIPIENTS
        if few and self.unknown_sender in ("contact", "portal"):
            found |= self._contacts_of(batch, unknown)
        return found.exists()

    @api.model
    def _contacts_of(self, batch, addresses):
        """New contacts; later mails of the batch know them."""
        contacts = self.env["mail.import.target"]._new_contacts(addresses)
        batch.lookups["partners"].update(contacts)
        return self.env["res.partner"].union(*contacts.values())
