"""Message-IDs: one spelling each, bounded, and the chain that a mail answers (RFC 5322 3.6.4)."""

import hashlib
import re

from .headers import decode_words, parse_headers

MAX_LENGTH = 250
"""An index entry of PostgreSQL must stay below 2.7 kB, and references are looked up by index."""
MAX_CHAIN = 100
MAX_VALUE = 65_536

_BRACKETED = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"\s+")
_KEPT = 180


def normalise_message_id(text):
    """Return ``text`` as "<left@right>", "" where it is empty; long or odd ones cut and hashed.

    White space inside is what folding left behind. What is cut ends in a hash of all of it, so
    that two long ids stay two.
    """
    inner = _SPACES.sub("", text).strip("<>")
    if not inner:
        return ""
    if len(inner) <= MAX_LENGTH - 2 and inner.isascii() and inner.isprintable():
        return f"<{inner}>"
    digest = hashlib.sha256(inner.encode("utf-8", "replace")).hexdigest()[:40]
    kept = "".join(letter for letter in inner[:_KEPT] if letter.isascii() and letter.isprintable())
    return f"<{kept}.{digest}>"


def parse_message_id(value):
    """Return the one id of a Message-ID header, "" where it holds none."""
    return next(iter(parse_message_ids(value)), "")


def parse_message_ids(value):
    """Return the ids in the value of a References or In-Reply-To header, each once, in order.

    In-Reply-To may hold a phrase ("your message of Monday"), and old programs left the brackets
    out: then every word with an @ in it is an id.
    """
    value = decode_words(value) if "=?" in value[:MAX_VALUE] else value[:MAX_VALUE]
    found = _BRACKETED.findall(value)
    if not found:
        words = value.replace("<", " ").replace(">", " ").split()
        found = words if len(words) == 1 else [word for word in words if "@" in word]
    ids = (normalise_message_id(text) for text in found)
    return list(dict.fromkeys(each for each in ids if each))


def number_in(raw):
    """Return the Message-ID that the mail's bytes bear, "" where they have none."""
    headers, _body = parse_headers(raw)
    return parse_message_id(headers.raw("message-id"))


def number_by_content(*digests):
    """Return a Message-ID for a mail that has none: the same for each of its copies."""
    digest = hashlib.sha256("\0".join(digests).encode()).hexdigest()
    return f"<{digest[:40]}@without-id>"


def with_number(raw, number):
    """Return the mail's bytes with this Message-ID, where they do not bear it in this spelling.

    One that is too long to be kept as it is stays: answers name it so.
    """
    headers, _body = parse_headers(raw)
    written = headers.raw("message-id")
    if written == number or len(written) > MAX_LENGTH:
        return raw
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    return b"Message-ID: %s\r\n%s" % (number.encode(), raw)


def chain(references, in_reply_to, own=""):
    """Return the whole chain, oldest first, In-Reply-To last, without doubles or the mail itself.

    Of a chain that is too long the first id stays (the thread's root) and the newest ones.
    """
    last = [each for each in in_reply_to if each not in references]
    ids = [each for each in references + last if each != own]
    return ids if len(ids) <= MAX_CHAIN else ids[:1] + ids[1 - MAX_CHAIN :]
