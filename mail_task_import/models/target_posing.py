"""Mail in a colleague's name that nobody vouches for: it is told apart from the colleague's own.

Only marks are decided here; whom the importer believes is decided in ``target_lookups.py``.
"""

import re

from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain

ADDRESS = re.compile(r"[^\s<>\"'(),:;@]{1,100}@[^\s<>\"'(),:;@]{1,200}")


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _know_posing(self, batch, mail):
        """Fill ``posing`` and ``unverified``, when the sender is known."""
        if self._is_our_own_coming_back(mail):
            return
        if not mail.outgoing:
            mail.posing = self._posing(batch, mail)
        mail.unverified = bool(mail.posing) or self._is_doubtful_to_others(batch, mail)

    @api.model
    def _is_our_own_coming_back(self, mail):
        """The very mail that was sent from here, as one of its recipients got it."""
        return bool(mail.email) and mail.email.direction == "outgoing" and not mail.email.unverified

    @api.model
    def _posing(self, batch, mail):
        """ "address", "name", or "" where the mail does not claim to be a colleague's."""
        sender, insiders = mail.parsed.sender, batch.lookups["insiders"]
        if sender.email in insiders and not mail.vouched:
            return "address"
        if (_addresses_in(sender.name) & insiders) - {sender.email}:
            return "name"
        if sender.email not in insiders and self._bears_a_colleagues_name(batch, mail):
            return "name"
        return ""

    @api.model
    def _bears_a_colleagues_name(self, batch, mail):
        """The whole name, from an address that nobody has entered as a contact's.

        Contacts that the importer made of senders do not count, or the second mail would pass.
        """
        sender = mail.parsed.sender
        if _plain(sender.name) not in batch.lookups["colleagues"]:
            return False
        contact = batch.lookups["partners"].get(sender.email)
        return not contact or (
            contact.email_normalized == sender.email and contact.create_uid.id == SUPERUSER_ID
        )

    @api.model
    def _is_doubtful_to_others(self, batch, mail):
        """Whether readers of a record take the word of a mailbox's owner for a colleague's mail.

        Who owns a mailbox can put any mail into it: good enough for the owner, not for others.
        """
        sender, mailbox = mail.parsed.sender.email, batch.mailbox
        if sender not in batch.lookups["insiders"] or mailbox.kind == "group":
            return False
        return not mail.employee and sender not in mailbox._own_addresses()

    # -- looked up for a whole batch ------------------------------------------------------------

    @api.model
    def _shown_addresses(self, batch):
        """Addresses that senders have as their names, or in them."""
        return set().union(*(_addresses_in(mail.parsed.sender.name) for mail in batch.under_way))

    @api.model
    def _colleagues_named(self, batch):
        """Names of employees that senders bear, two words and more: a first name is anybody's."""
        names = {
            name for mail in batch.under_way if len((name := mail.parsed.sender.name).split()) > 1
        }
        if not names:
            return set()
        written = {form for name in names for form in (" ".join(name.split()), name.title())}
        employees = self.env["res.users"].search(
            Domain("share", "=", False) & Domain("partner_id.name", "in", list(written))
        )
        return set(map(_plain, employees.partner_id.mapped("name")))


def _addresses_in(name):
    return set(ADDRESS.findall(name.lower())) if "@" in name else set()


def _plain(name):
    return " ".join((name or "").casefold().split())
