"""Whether a domain has signed a mail: its DKIM signature (RFC 6376), with the key that DNS has.

For mail that no checking server stands before, and only where much depends on it: it asks the
network. Whatever goes wrong, nobody has signed.
"""

import logging
import re
import time

import dkim
import dns.exception
import dns.resolver

from ..mime.forwarding import is_within
from ..mime.headers import parse_headers

_logger = logging.getLogger(__name__)

SECONDS = 3.0
"""For one answer of DNS."""
SILENT_SECONDS = 300
"""After no answer came, DNS is not asked for so long."""
MAX_BYTES = 64 * 1024
MAX_SIGNATURES = 3
MAX_FIELDS = 500
"""Headers, and names of headers that a signature is for: dkimpy looks for each among all."""
ONCE = ("from", "to", "subject", "date", "mime-version", "content-type")
"""Of these a mail has one each, or two programs read two mails."""
SIGNED = {"from", "to", "subject"}

# dkimpy reads long runs of blanks again and again
_LONG_RUN = re.compile(rb"[ \t\r\n]{200}")
_TAG = re.compile(r"\s*([a-z]{1,10})\s*=\s*([^;]*)")
_HASHES = ("rsa-sha256", "ed25519-sha256")


class _Silence:
    """What all threads know of a DNS that does not answer."""

    until = 0.0


def is_signed_by(content: bytes, domains: tuple[str, ...]) -> bool:
    """Whether one of these domains, or one below it, has signed all of a mail.

    Takes a few seconds at most.
    """
    if len(content) > MAX_BYTES or _LONG_RUN.search(content):
        return False
    headers, _body = parse_headers(content)
    if len(headers.fields) > MAX_FIELDS or any(len(headers.raw_all(name)) > 1 for name in ONCE):
        return False
    signatures = headers.raw_all("dkim-signature")[:MAX_SIGNATURES]
    return any(
        _is_right(content, number)
        for number, signature in enumerate(signatures)
        if _would_do(_tags(signature), domains)
    )


def _tags(signature: str) -> dict[str, str]:
    found = (_TAG.fullmatch(part) for part in signature.split(";"))
    return {tag[1]: "".join(tag[2].lower().split()) for tag in found if tag}


def _would_do(tags: dict[str, str], domains: tuple[str, ...]) -> bool:
    """A length (``l=``) would leave what follows to anybody; SHA-1 is not to be relied on."""
    signed = tags.get("h", "").split(":")
    return (
        is_within(tags.get("d", ""), domains)
        and SIGNED.issubset(signed)
        and len(signed) <= MAX_FIELDS
        and tags.get("a") in _HASHES
        and "l" not in tags
    )


def _is_right(content: bytes, number: int) -> bool:
    try:
        return dkim.DKIM(content).verify(number, dnsfunc=_key)
    except Exception as error:
        # whatever hostile bytes make of a library
        _logger.info("A signature could not be checked: %s", type(error).__name__)
        return False


def _key(name, timeout=SECONDS):
    """The TXT record that holds a key, or None."""
    if time.monotonic() < _Silence.until:
        return None
    try:
        answer = dns.resolver.resolve(name.decode("ascii"), "TXT", lifetime=min(timeout, SECONDS))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except (dns.exception.DNSException, OSError) as error:
        if isinstance(error, dns.exception.Timeout):
            _Silence.until = time.monotonic() + SILENT_SECONDS
        _logger.warning("DNS cannot be asked for keys of mail: %s", type(error).__name__)
        return None
    return b"".join(next(iter(answer)).strings)
