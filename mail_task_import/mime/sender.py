"""Who really sent a mail that a group address passed on.

Google Groups and Mailman write "'Ann' via Support" <support@…> into From where the sender's
domain forbids forwarding (DMARC); Ann's address moves to X-Original-From, X-Original-Sender or
Reply-To.
"""

import re

from .addresses import parse_addresses
from .parsed_mail import Address

_VIA = re.compile(r"^['\"]?(.+?)['\"]?\s+(?:via|über|par|por|tramite|через)\s+\S", re.IGNORECASE)


def true_sender(headers, from_, reply_to, lists):
    """Return the true sender: ``from_``, unless that is one of the ``lists``, rewritten."""
    if from_.email not in lists:
        return from_
    named = _VIA.match(from_.name)
    for name in ("x-original-from", "x-original-sender"):
        found = _first_other(parse_addresses(headers.raw(name)[:4_096]), lists)
        if found:
            return _with_name(found, named)
    found = _first_other(reply_to, lists) if named else None
    return _with_name(found, named) if found else from_


def _first_other(addresses, lists):
    return next((each for each in addresses if each.email and each.email not in lists), None)


def _with_name(address, named):
    if address.name or not named:
        return address
    name = named[1].strip(" '\"")
    return Address("" if name.lower() == address.email else name, address.email)
