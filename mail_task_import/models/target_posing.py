"""Mail in a colleague's name that nobody vouches for: it is told apart from the colleague's own.

Only marks are decided here; whom the importer believes is decided in ``target_lookups.py``.
"""

import re

from odoo import SUPERUSER_ID, api, models

from ..mime.likeness import key_of, keys_within, visible

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
        """The whole name, or what looks like it, from an address that nobody has entered as a
        contact's. More may stand beside it ("… via Support"), but not between first and last name.

        Contacts that the importer made of senders do not count, or the second mail would pass.
        """
        sender = mail.parsed.sender
        if not keys_within(sender.name) & batch.lookups["colleagues"]:
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
        """Those keys of employees' names that senders' names may be taken for.

        Names of two words and more: a first name is anybody's.
        """
        borne = set().union(*(keys_within(mail.parsed.sender.name) for mail in batch.under_way))
        if not any(len(key) > 1 for key in borne):
            return set()
        return borne & {
            key_of(name, is_early)
            for name in self._employees_names()
            if len(name.split()) > 1
            for is_early in (True, False)
        }

    @api.model
    def _employees_names(self):
        """All of them, in one query: what looks alike, the database cannot tell."""
        users = self.env["res.users"]
        query = users._search([("share", "=", False)])
        name = users._field_to_sql(users._table, "name", query)
        return [name for (name,) in self.env.execute_query(query.select(name)) if name]


def _addresses_in(name):
    shown = visible(name).lower().replace('"', "")
    return set(ADDRESS.findall(shown)) if "@" in shown else set()
