"""Mail in a colleague's name that nobody vouches for: it is told apart from the colleague's own.

Only marks are decided here; whom the importer believes is decided in ``target_lookups.py``.
"""

import re

from odoo import SUPERUSER_ID, api, models

from ..mime.addresses import domain_of
from ..mime.likeness import keys_of, keys_within, visible

ADDRESS = re.compile(r"[^\s<>\"'(),:;@]{1,100}@[^\s<>\"'(),:;@]{1,200}")
TAG = re.compile(r"\+[^@]*@")


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _know_posing(self, batch, mail, verdict):
        """Fill ``posing`` and ``unverified``, when the sender is known.

        :param verdict: what a trusted server says of the mail, or None
        """
        if self._is_our_own_coming_back(mail):
            return
        if not mail.outgoing or batch.mailbox.kind == "personal":
            mail.posing = self._posing(batch, mail)
        mail.doubtful = self._is_doubtful_to_others(batch, mail)
        if mail.posing == "several":
            mail.unverified = "several"
        elif mail.posing or mail.doubtful:
            mail.unverified = "posing"
        elif verdict and verdict.failed and not mail.outgoing:
            mail.unverified = "failed"

    @api.model
    def _is_our_own_coming_back(self, mail):
        """The very mail that was sent from here, as one of its recipients got it."""
        return bool(mail.email) and mail.email.direction == "outgoing" and not mail.email.unverified

    @api.model
    def _posing(self, batch, mail):
        """ "several", "address", "domain", "name", or "" where the mail does not claim to be a
        colleague's.

        Of several senders none is believed: whoever wrote it may have put the others there.
        """
        if mail.parsed.several_authors and not mail.outgoing:
            return "several"
        sender, insiders = mail.parsed.sender, batch.lookups["insiders"]
        place = batch.lookups["domains"].likeness(domain_of(sender.email))
        is_ours = place == "own" or bool({sender.email, _untagged(sender.email)} & insiders)
        if is_ours and not mail.vouched:
            return "address"
        # a pass is the other domain's own
        if place == "alike" and not self._is_entered(batch, sender.email):
            return "domain"
        if self._shows_a_colleagues_address(batch, sender, is_ours):
            return "name"
        if sender.email not in insiders and self._bears_a_colleagues_name(batch, mail):
            return "name"
        return ""

    @api.model
    def _shows_a_colleagues_address(self, batch, sender, is_ours):
        shown = _addresses_in(sender.name) - {sender.email}
        if not shown or shown & batch.lookups["insiders"]:
            return bool(shown)
        likeness = batch.lookups["domains"].likeness
        return not is_ours and any(likeness(domain_of(address)) for address in shown)

    @api.model
    def _bears_a_colleagues_name(self, batch, mail):
        """The whole name, or what looks like it, from an address that nobody has entered as a
        contact's. More may stand beside it ("… via Support"), but not between first and last name.

        Contacts that the importer made of senders do not count, or the second mail would pass.
        """
        sender = mail.parsed.sender
        borne = keys_within(sender.name) & batch.lookups["colleagues"]
        if mail.outgoing:
            borne -= keys_of(batch.mailbox.owner_id.name or "")
        if not borne:
            return False
        return not self._is_entered(batch, sender.email)

    @api.model
    def _is_entered(self, batch, address):
        """Whether a person has made it a contact's."""
        contact = batch.lookups["partners"].get(address)
        return bool(contact) and not (
            contact.email_normalized == address and contact.create_uid.id == SUPERUSER_ID
        )

    @api.model
    def _is_doubtful_to_others(self, batch, mail):
        """Whether readers of a record take the word of a mailbox's owner for a colleague's mail.

        Who owns a mailbox can put any mail into it: good enough for the owner, not for others.
        """
        sender, mailbox = mail.parsed.sender.email, batch.mailbox
        is_ours = sender in batch.lookups["insiders"] or (
            batch.lookups["domains"].likeness(domain_of(sender)) == "own"
        )
        if not is_ours or mailbox.kind == "group":
            return False
        return not mail.employee and sender not in batch.lookups["ours"] & mailbox._read_confirmed()

    # -- looked up for a whole batch ------------------------------------------------------------

    @api.model
    def _shown_addresses(self, batch):
        """Addresses that senders have as their names, or in them, and theirs without a tag."""
        senders = [mail.parsed.sender for mail in batch.under_way]
        shown = set().union(*(_addresses_in(sender.name) for sender in senders))
        return shown | {_untagged(sender.email) for sender in senders if "+" in sender.email}

    @api.model
    def _colleagues_named(self, batch, staff):
        """Those keys of employees' names that senders' names may be taken for.

        Names of two words and more: a first name is anybody's.

        :param staff: the answer of ``_staff``
        """
        borne = set().union(*(keys_within(mail.parsed.sender.name) for mail in batch.under_way))
        names = [name for name, _email in staff if name and len(name.split()) > 1]
        return borne & set().union(*map(keys_of, names))


def _addresses_in(name):
    shown = visible(name).lower().replace('"', "")
    return set(ADDRESS.findall(shown)) if "@" in shown else set()


def _untagged(address):
    """ "ann+invoices@…" reaches Ann."""
    return TAG.sub("@", address, count=1)
