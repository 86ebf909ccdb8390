"""The people of an e-mail: who is named in From, To and Cc, and whom these addresses belong to.

Bcc is never among them.
"""

from itertools import chain

from odoo import models

from ..mime.addresses import parse_addresses
from ..mime.parsed_mail import Address

MOST_SHOWN = 100
"""Addresses of one mail that are looked up and shown."""


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    def _people(self, unverified, may_add):
        """Who is named in the headers, bounded. As superuser; looked up as the user.

        :param unverified: nobody vouches for the sender: the address is not taken for its owner's
        :param may_add: the user may remember addresses of this mail for contacts
        :return: ``{"from" | "to" | "cc": {"people": [...], "more": how many are left out}}``
        """
        headers, shown = self._shown_people()
        addresses = {address.email for address in chain(*shown.values())}
        cards = self.env["mail.import.address.card"].sudo(False)._cards(addresses)
        partners = self.env["res.partner"].sudo(False)
        may_create = partners.has_access("create")
        people = {
            name: {
                "people": [
                    self._person(address, cards, may_create, may_add) for address in shown[name]
                ],
                "more": len(headers[name]) - len(shown[name]),
            }
            for name in headers
        }
        if unverified and not self._is_written_here():
            people["from"]["people"] = [
                self._as_unverified(person) for person in people["from"]["people"]
            ]
        return people

    def _named_people(self):
        """``{address: name}`` of From, To and Cc."""
        headers, _shown = self._shown_people()
        return {each.email: each.name for each in chain(*headers.values()) if each.email}

    def _shown_people(self):
        """All addresses of each header, and those that are shown."""
        headers = {
            "from": [Address(self.from_name or "", self.from_email or "")],
            "to": parse_addresses(self.to or ""),
            "cc": parse_addresses(self.cc or ""),
        }
        shown, left = {}, MOST_SHOWN
        for name, addresses in headers.items():
            shown[name] = addresses[:left]
            left -= len(shown[name])
        return headers, shown

    def _person(self, address, cards, may_create, may_add):
        card = cards.get(address.email) or {"kind": "none", "label": "", "name": "", "id": False}
        is_unknown = card["kind"] == "unknown"
        return {
            **card,
            "address": address.email,
            "said": address.name,
            "unverified": False,
            "can_create": is_unknown and may_create,
            "can_add": is_unknown and may_add and bool(address.email),
        }

    def _as_unverified(self, person):
        """The name that the mail itself gives: it is not said to be whose address it bears."""
        said = {"kind": "unverified", "name": "", "model": False, "id": False}
        words = {"label": self.env._("Unverified sender"), "unverified": True}
        return {**person, **said, **words}

    def _is_written_here(self):
        """What the add-on itself has sent needs nobody to vouch for it."""
        return self.direction == "outgoing" and not (self.unverified or self.archived_by_id)
