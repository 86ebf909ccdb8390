"""What delivery reports say: RFC 3464, and the text ones of qmail and Exim that are older."""

import re

from .addresses import normalise_email
from .charsets import clean_line
from .failures import HARD, judge
from .headers import decode_words, parse_headers
from .message_id import chain, parse_message_id, parse_message_ids
from .parsed_mail import Bounce, Failure, Receipt

MAX_RECIPIENTS = 100
MAX_REPORT = 262_144
MAX_DIAGNOSTIC = 500
MAX_REPORTS = 10
MAX_REASON = 4_000
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
_COPY = re.compile(
    r"^-{4,}.{0,100}|^--- Below this line|^Return-Path:|^Received:", re.MULTILINE | re.IGNORECASE
)
_RETURNED_ID = re.compile(
    r"^[> ]{0,4}message-id:\s*(<[^<>\s]{1,1000}>)", re.MULTILINE | re.IGNORECASE
)


def read_bounce(root, text):
    """Return the ``Bounce`` that a mail is, None where it is none.

    ``root`` is its tree of parts, ``text`` the text of its body.
    """
    parts = list(root.walk())
    reports = _reports(parts)
    bounce = next(filter(None, map(_read_report, reports)), None)
    if not reports:
        bounce = _read_text(root, text)
    if bounce:
        bounce.original_message_ids = _original_ids(root, parts, text)
    return bounce


def read_receipt(root):
    """Return the ``Receipt`` that a mail is, None where it is none."""
    parts = list(root.walk())
    blocks = [block for report in _reports(parts) for block in _blocks(report)]
    # "relayed" is no more than a promise of somebody else
    recipients = _recipients([block for block in blocks if _action(block) == "delivered"])
    ids = _returned_ids(parts) if recipients else []
    return Receipt(recipients[:MAX_RECIPIENTS], ids) if ids else None


def _reports(parts):
    return [part for part in parts if part.content_type in REPORT_TYPES][:MAX_REPORTS]


def _blocks(part):
    blocks = _BLOCKS.split(part.content[:MAX_REPORT].replace(b"\r\n", b"\n"))[: MAX_RECIPIENTS + 1]
    return [parse_headers(block)[0] for block in blocks if block.strip()]


def _read_report(part):
    failures = [each for each in _blocks(part) if _action(each) in FAILURES]
    failed = [each for each in failures if _action(each) == "failed"]
    if not failures:
        return None
    return _summed_up(map(_failure, failed or failures), delayed=not failed)


def _failure(block):
    return _judged(_recipient(block), _status(block), _diagnostic(block))


def _judged(address, status, words):
    kind, reason = judge(status, words)
    return Failure(address, status, words, kind, reason)


def _summed_up(failures, delayed):
    named = list(failures)
    found = list({each.address: each for each in reversed(named) if each.address}.values())[::-1]
    return Bounce(
        failures=found,
        recipients=[each.address for each in found],
        status=next((each.status for each in named if each.status), ""),
        diagnostic=next((each.words for each in named if each.words), ""),
        hard=not delayed and any(each.kind == HARD for each in found),
        delayed=delayed,
    )


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


def _diagnostic(block):
    kind, _mark, rest = block.text("diagnostic-code").partition(";")
    return clean_line(rest or kind)[:MAX_DIAGNOSTIC]


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
    said = {normalise_email(each): clean_line(words) for each, words in found[:MAX_RECIPIENTS]}
    recipients = [each for each in dict.fromkeys([*named, *said]) if each][:MAX_RECIPIENTS]
    if not recipients:
        return None
    delayed = bool(_STILL_TRYING.search(text))
    # a single one of whom nothing is said where that is looked for
    rest = clean_line(_COPY.split(text, maxsplit=1)[0][:MAX_REASON]) if len(recipients) == 1 else ""
    return _summed_up((_told(each, said.get(each, ""), rest) for each in recipients), delayed)


def _told(address, words, rest):
    match = _STATUS.search(words or rest)
    failure = _judged(address, match[1] if match else "", words or rest)
    failure.words = words[:MAX_DIAGNOSTIC]
    return failure


def _original_ids(root, parts, text):
    """The mail that came back: what is returned of it, or else what the report is an answer to."""
    found = _returned_ids(parts) or _ids_in_text(text)
    if found:
        return found
    headers = root.headers
    answered = chain(
        parse_message_ids(headers.raw("references")),
        parse_message_ids(headers.raw("in-reply-to")),
        "",
    )
    return list(reversed(answered))


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
