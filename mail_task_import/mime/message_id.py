"""Message-IDs: one spelling each, bounded, and the chain that a mail answers (RFC 5322 3.6.4)."""

import base64
import email.policy
import hashlib
import re

from .dates import parse_date
from .headers import decode_words, parse_headers

MAX_LENGTH = 250
"""An index entry of PostgreSQL must stay below 2.7 kB, and references are looked up by index."""
MAX_CHAIN = 100
MAX_VALUE = 65_536

_BRACKETED = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"\s+")
# What nobody reads, and what would continue a header that is put above it.
_ABOVE = re.compile(rb"(?:>?From [^\r\n]*(?:\r\n?|\n|\Z))?(?:[ \t][^\r\n]*(?:\r\n?|\n|\Z))*")
_KEPT = 180
_WITHOUT_ID = "@without-id>"


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
    """Return the Message-ID that the mail's bytes bear, "" where they have none.

    "" too where it is in a charset of its own: only who reads all of the mail knows in which.
    """
    headers, body = parse_headers(raw)
    written = headers.raw("message-id")
    return parse_message_id(written) if written.isascii() and b"\x1b" not in raw[:body] else ""


def number_by_content(*digests):
    """Return a Message-ID for a mail that has none: the same for each of its copies."""
    digest = hashlib.sha256("\0".join(digests).encode("utf-8", "replace")).hexdigest()
    return f"<{digest[:40]}{_WITHOUT_ID}"


def is_vague(raw, number):
    """Whether nothing but its words tells this mail from the next one of the same sender."""
    if not number.endswith(_WITHOUT_ID):
        return False
    headers, _body = parse_headers(raw)
    return not (parse_date(headers.raw("date")) or headers.raw("received"))


def with_number(raw, number):
    """Return the mail's bytes so that Python's ``email`` package, by which the host reads mail,
    reads this Message-ID, and those that the mail answers in the same spelling.

    Some ids it cannot read, and raises: an encoded word it takes as it is. Where it reads that
    neither, the bytes are returned as they came.
    """
    headers, body = parse_headers(raw)
    block = raw[:body]
    answered = _answered(headers, block)
    if not answered and _read_by_host(block) == number:
        return raw
    above = _ABOVE.match(raw, 0, body).end()
    block, raw = block[above:], raw[above:]
    word = b"=?utf-8?b?%s?=" % base64.b64encode(number.encode())
    for written in (number.encode(), word):
        added = b"Message-ID: %s\r\n%s" % (written, answered)
        if _read_by_host(added + block) == number:
            return added + raw
    return raw


def _answered(headers, block):
    """Return a References header of the ids that the mail writes in another spelling than ours."""
    values = [*headers.raw_all("references"), headers.raw("in-reply-to")]
    ids = parse_message_ids(" ".join(values))[-MAX_CHAIN:]
    other = [each for each in map(str.encode, ids) if each not in block]
    return b"References: %s\r\n" % b"\r\n ".join(other) if other else b""


def _read_by_host(block):
    message = email.message_from_bytes(block, policy=email.policy.SMTP)
    try:
        return (message.get("Message-ID") or "").strip()
    except Exception:  # IndexError, AttributeError and others
        return ""


def chain(references, in_reply_to, own=""):
    """Return the whole chain, oldest first, In-Reply-To last, without doubles or the mail itself.

    Of a chain that is too long the first id stays (the thread's root) and the newest ones.
    """
    last = [each for each in in_reply_to if each not in references]
    ids = [each for each in references + last if each != own]
    return ids if len(ids) <= MAX_CHAIN else ids[:1] + ids[1 - MAX_CHAIN :]
