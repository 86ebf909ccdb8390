"""What is suggested where somebody links a mail: records by the number in its subject, its thread,
the addresses that it was with, and the domain of these.

Asked as the user who looks: a record that the user may not read is suggested to nobody. Domains of
free mail, and our own, say nothing of two people.
"""

import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ..mime.addresses import domain_of
from ..mime.free_mail import is_free_mail

MOST = 10
SOME = 5
"""Records of one target for one reason."""
EMAILS = 20
"""Of a selection, those that are looked at."""
ADDRESSES = 20
IN_SUBJECT = re.compile(r"\b([A-Z]{2,12})-(\d{1,9})\b")
NUMBER, THREAD, ADDRESS, DOMAIN = "number", "thread", "address", "domain"


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _suggested_for(self, emails):
        """``[{…what _shown tells, "reason": …}]``, the most certain first, each record once."""
        emails = emails[:EMAILS]
        taken = self._linked_to_all(emails)
        found = []
        for reason, step in (
            (NUMBER, self._by_number_in_subject),
            (THREAD, self._by_thread),
            (ADDRESS, self._by_proposal),
            (ADDRESS, self._by_same_address),
            (DOMAIN, self._by_same_domain),
        ):
            for record in step(emails) if len(found) < MOST else ():
                if (record._name, record.id) not in taken:
                    taken.add((record._name, record.id))
                    found.append((record, reason))
        words = self._reasons()
        return [
            {**shown, "reason": words[reason]}
            for record, reason in found[:MOST]
            for shown in self._of_record(record)._shown_or_nothing(record)
        ]

    @api.model
    def _reasons(self):
        return {
            NUMBER: self.env._("number in the subject"),
            THREAD: self.env._("same thread"),
            ADDRESS: self.env._("same address"),
            DOMAIN: self.env._("same domain"),
        }

    def _shown_or_nothing(self, record):
        return self._shown(record) if self else []

    @api.model
    def _linked_to_all(self, emails):
        """``{(model, id)}`` of what each of the mails is linked to already."""
        places = [
            {(link.res_model, link.res_id) for link in email.link_ids if not link.suggested}
            for email in emails
        ]
        return set.intersection(*places) if places else set()

    @api.model
    def _readable_of(self, places):
        """The records at ``[(model, id)]`` that are there and that the user reads, in order."""
        by_model = {}
        for model, res_id in places:
            by_model.setdefault(model, []).append(res_id)
        links = self.env["mail.import.link"]
        readable = {
            (model, id_)
            for model, ids in by_model.items()
            if model in self.env
            for id_ in links._readable(model, ids)
        }
        return [self.env[m].browse(i) for m, i in dict.fromkeys(places) if (m, i) in readable]

    # -- reasons --------------------------------------------------------------------------------

    @api.model
    def _by_number_in_subject(self, emails):
        """As in ``[TASK-12]``; a record that was merged is found by its old number."""
        models_of = {target.code: target.model for target in self._readable_targets()}
        numbers = [
            (models_of[code], int(number))
            for email in emails
            for code, number in IN_SUBJECT.findall((email.subject or "")[:500])
            if code in models_of
        ]
        # sudo: only where it went; whether the user reads that is asked below
        moved = self.env["mail.import.merged.record"].sudo()._follow(numbers)
        places = [(record._name, record.id) for record in map(moved.get, numbers) if record]
        return [record for record in self._readable_of(places) if self._of_record(record)]

    @api.model
    def _by_thread(self, emails):
        # sudo: the thread is found by references, which nobody reads
        thread = emails.sudo()._thread()
        return self._of_links([("email_id", "in", thread.ids), ("suggested", "=", False)])

    @api.model
    def _by_proposal(self, emails):
        return self._of_links([("email_id", "in", emails.ids), ("suggested", "=", True)])

    @api.model
    def _of_links(self, domain):
        """Records of links that the user may see."""
        links = self.env["mail.import.link"].search(domain, limit=50)
        return self._readable_of([(link.res_model, link.res_id) for link in links])

    @api.model
    def _by_same_address(self, emails):
        addresses = self._addresses_outside(emails)
        contacts = self.env["res.partner"].union(*self._partners(addresses).values())
        return self._open_of(contacts._filtered_access("read"), addresses)

    @api.model
    def _by_same_domain(self, emails):
        domains = set(map(domain_of, self._addresses_outside(emails)))
        # sudo: the domains of mail services, and which are our own
        anybodys = self.env["mail.import.provider"].sudo()._all_domains()
        ours = self._our_domains()
        contacts = self.env["res.partner"]
        for domain in sorted(domains - {""} - set(anybodys))[:3]:
            if not is_free_mail(domain) and not ours.likeness(domain):
                at = Domain("email_normalized", "=like", f"%@{escape_psql(domain)}")
                contacts |= contacts.search(at, limit=20)
        accounts = contacts.commercial_partner_id._filtered_access("read")
        return self._open_of(accounts | contacts, ())

    @api.model
    def _addresses_outside(self, emails):
        """Of everybody whom the mails were with, but for colleagues and ourselves."""
        found = set(filter(None, emails.mapped("from_email")))
        found |= emails._recipient_addresses()
        addresses = sorted(found)[:ADDRESSES]
        # sudo: which of them are colleagues
        return set(addresses) - set(self.sudo()._insiders(addresses)) if addresses else set()

    @api.model
    def _open_of(self, contacts, addresses):
        """Open records of these contacts and addresses, and the contacts themselves."""
        found = []
        for target in self._readable_targets():
            if target.is_account:
                found += contacts[:SOME] if contacts._name == target.model else []
                continue
            whose = Domain.FALSE
            if target.partner_field and contacts:
                whose |= Domain(target.partner_field, "in", contacts.ids)
            if target.address_field and addresses:
                whose |= Domain(target.address_field, "in", list(addresses))
            if not whose.is_false():
                domain = target._records() & target._open() & whose
                found += self.env[target.model].search(domain, limit=SOME)
        return found
