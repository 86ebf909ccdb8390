"""Who takes part in a record: who is meant by its number, and whose answers move and reopen it.

Its customer and followers do, and whom its mail was with: who began it, and to whom we, or those
who take part, wrote. Whoever only names one of its mails does not: a Message-ID can be copied, and
is no secret of those who have it.
"""

from odoo import api, models
from odoo.tools.mail import email_normalize_all

from ..access import as_seen_by

CHOSEN = frozenset(("token", "weak", "user", "sent"))
"""Steps that a mail passes only with a sender of the record, or because somebody wanted it."""


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _takes_part(self, record, mail):
        if mail.outgoing:
            # a personal mailbox holds whatever its owner puts there
            owner = mail.owner_mailbox.owner_id
            return not owner or bool(as_seen_by(record, owner)._filtered_access("write"))
        if mail.employee:
            return bool(as_seen_by(record, mail.employee)._filtered_access("write"))
        if self._is_employee_address(mail.parsed.sender.email):
            return False
        return mail.parsed.sender.email in self._people_of(record)

    @api.model
    def _people_of(self, record):
        """Addresses that take part in a record: followers, customer, and who its mail was with."""
        partners = record.message_partner_ids
        target = self._of_record(record)
        if target.partner_field and not target.is_account:
            partners |= record.mapped(target.partner_field)
        addresses = set(partners.mapped("email_normalized"))
        addresses.update(*self.env["mail.import.address"]._of_partners(partners).values())
        if target.address_field:
            addresses.update(record.mapped(target.address_field))
        addresses |= self._written_to(record)
        addresses.discard(False)
        return self._with_correspondents(record, addresses)

    @api.model
    def _written_to(self, record):
        """To whom the record's own messages went, notes left out."""
        messages = self.env["mail.message"].search(
            [
                ("model", "=", record._name),
                ("res_id", "=", record.id),
                ("message_type", "in", ("comment", "email_outgoing")),
                ("is_internal", "=", False),
                ("subtype_id.internal", "=", False),
            ]
        )
        outside = _addresses(messages.mapped("outgoing_email_to"))
        return outside.union(messages.partner_ids.mapped("email_normalized"))

    @api.model
    def _with_correspondents(self, record, people):
        """``people``, with whom the record's mail brought in, and whom these brought in."""
        links = self.env["mail.import.link"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("suggested", "=", False),
            ]
        )
        waiting, brought = list(links), set()
        while going := [link for link in waiting if self._counts(link, people | brought)]:
            waiting = [link for link in waiting if link not in going]
            for email in (link.email_id for link in going):
                brought |= self._named_by(email)
        # whoever names an employee makes nobody take part by that address
        believed = set(links.email_id.filtered("author_id").mapped("from_email"))
        return people | (brought - (self._insiders(brought - believed) if brought else set()))

    @api.model
    def _counts(self, link, people):
        email = link.email_id
        if link.made_record or link.step in CHOSEN or email.direction == "outgoing":
            return True
        return email.from_email in people

    @api.model
    def _named_by(self, email):
        """The sender; and whom the mail went to, but for mail that may be forged."""
        sender = {email.from_email} - {False} if email.direction != "outgoing" else set()
        return sender if email.unverified else sender | _addresses((email.to, email.cc))


def _addresses(texts):
    return {address for text in texts if text for address in email_normalize_all(text)}
