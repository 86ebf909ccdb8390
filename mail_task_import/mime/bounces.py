"""What delivery reports say: RFC 3464, and the text ones of qmail and Exim that are older."""

import re

from .addresses import normalise_email
from .charsets import clean_line
from .headers import decode_words, parse_headers
from .message_id import chain, parse_message_id, parse_message_ids
from .parsed_mail import Bounce

MAX_RECIPIENTS = 100
MAX_REPORT = 262_144
MAX_DIAGNOSTIC = 500
MAX_REPORTS = 10
REPORT_TYPES = ("message/delivery-status", "message/global-delivery-status")
RETURNED_TYPES = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/global-headers",
)
FAILURES = ("failed", "delayed")

_BLOCKS = re.compile(rb"\n[ \t]*\r?\n")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_QMAIL = re.compile(
    r"^<([^<>\s@]{1,100}@[^<>\s]{1,255})>:[ \t]*\n?([^\n]{0,500}(?:\n(?![\s<])[^\n]{1,500}){0,5})",
    re.MULTILINE,
)
_EXIM = re.compile(
    r"^[ \t]{2}<?([^<>\s@:]{1,100}@[^<>\s:]{1,255})>?[^\S\n]*\n((?:[ \t]{4}[^\n]{0,500}\n?){1,8})",
    re.MULTILINE,
)
_QMAIL_SAYS = re.compile(
    r"qmail-send program|I'm not going to try again|I wasn't able to deliver your message"
)
_EXIM_SAYS = re.compile(
    r"message that you sent (?:could not be|has not yet been) delivered|Mail delivery failed"
)
_STILL_TRYING = re.compile(
    r"has not yet been delivered|will continue to (?:be made|try)|not an error", re.IGNORECASE
)
_RETURNED_ID = re.compile(
    r"^[> ]{0,4}message-id:\s*(<[^<>\s]{1,1000}>)", re.MULTILINE | re.IGNORECASE
)


def read_bounce(root, text):
    """Return the ``Bounce`` that a mail is, None where it is none.

    ``root`` is its tree of parts, ``text`` the text of its body.
    """
    parts = list(root.walk())
    reports = [part for part in parts if part.content_type in REPORT_TYPES][:MAX_REPORTS]
    bounce = next(filter(None, map(_read_report, reports)), None)
    if not reports:
        bounce = _read_text(root, text)
    if bounce:
        bounce.original_message_ids = _returned_ids(parts) or _ids_in_text(text)
    return bounce


def _read_report(part):
    blocks = _BLOCKS.split(part.content[:MAX_REPORT].replace(b"\r\n", b"\n"))[: MAX_RECIPIENTS + 1]
    fields = [parse_headers(block)[0] for block in blocks if block.strip()]
    failures = [each for each in fields if _action(each) in FAILURES]
    failed = [each for each in failures if _action(each) == "failed"]
    if not failures:
        return None
    named = failed or failures
    bounce = Bounce(recipients=_recipients(named), delayed=not failed)
    bounce.status = next(filter(None, map(_status, named)), "")
    bounce.diagnostic = _diagnostic(named)
    bounce.hard = bool(failed) and not bounce.status.startswith("4")
    return bounce


def _action(fields):
    words = fields.raw("action").lower().split()
    return words[0].strip(";,.") if words else ""


def _recipients(blocks):
    found = [_recipient(block) for block in blocks]
    return list(dict.fromkeys(address for address in found if address))


def _recipient(block):
    """The address that the sender knows comes first; the final one may be a forwarding."""
    for name in ("original-recipient", "final-recipient"):
        value = decode_words(block.raw(name))
        address = normalise_email(value.partition(";")[2] or value)
        if address:
            return address
    return ""


def _status(block):
    match = _STATUS.search(block.raw("status")) or _STATUS.search(block.raw("diagnostic-code"))
    return match[1] if match else ""


def _diagnostic(blocks):
    found = (block.text("diagnostic-code").partition(";") for block in blocks)
    return next((clean_line(rest or kind) for kind, _mark, rest in found if kind), "")[
        :MAX_DIAGNOSTIC
    ]


def _read_text(root, text):
    """Read what qmail or Exim write for people (QSBMF, and Exim's "Mail delivery failed")."""
    text = text[:MAX_REPORT]
    named = [normalise_email(each) for each in root.headers.raw("x-failed-recipients").split(",")]
    if _QMAIL_SAYS.search(text):
        found = _QMAIL.findall(text)
    elif named != [""] or _EXIM_SAYS.search(text):
        found = _EXIM.findall(text)
    else:
        return None
    addresses = named + [normalise_email(address) for address, _reason in found[:MAX_RECIPIENTS]]
    recipients = list(dict.fromkeys(each for each in addresses if each))
    if not recipients:
        return None
    diagnostic = clean_line(found[0][1])[:MAX_DIAGNOSTIC] if found else ""
    status = _STATUS.search(diagnostic)
    bounce = Bounce(recipients[:MAX_RECIPIENTS], status[1] if status else "", diagnostic=diagnostic)
    bounce.delayed = bool(_STILL_TRYING.search(text))
    bounce.hard = not bounce.delayed and not bounce.status.startswith("4")
    return bounce


def _returned_ids(parts):
    """Message-ID and References of the returned mail, or of its headers, newest first."""
    for part in parts:
        if part.content_type in RETURNED_TYPES:
            headers, _body = parse_headers(part.content[:MAX_REPORT])
            own = parse_message_id(headers.raw("message-id"))
            before = chain(
                parse_message_ids(headers.raw("references")),
                parse_message_ids(headers.raw("in-reply-to")),
                own,
            )
            return [each for each in [own, *reversed(before)] if each]
    return []


def _ids_in_text(text):
    return [parse_message_id(each) for each in _RETURNED_ID.findall(text[:MAX_REPORT])[:1]]
