"""What holds of every parsed mail, whatever its bytes were. Plain Python: the fuzzer needs it."""

import dataclasses
import re
from datetime import datetime, timedelta

from lxml import html as lxml_html

RECEIVED_AT = datetime(2025, 6, 3, 8, 0)
KINDS = ("", "auto_reply", "auto_generated", "bounce", "list", "bulk")

_BREAKING = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]")
_EMAIL = re.compile(r"(?:[^\s@<>(),;:\"\\]+|\"[^@<>\"\\]+\")@[^\s@<>(),;:\"\\]+")
_RUNS = re.compile(r"^\s*(?:javascript|vbscript|data|file|blob):", re.IGNORECASE)
_REMOTE = re.compile(r"url\(|expression|@import", re.IGNORECASE)
_LOADED = ("src", "srcset", "background", "poster", "data", "action", "formaction", "lowsrc")


def broken_rules(parsed, received_at=RECEIVED_AT):
    """Return what is wrong with a ``ParsedMail``, in words; an empty list where all is well."""
    rules = (_storable, _single_lines, _addresses, _ids, _files, _bounds, _harmless)
    found = [words for rule in rules for words in rule(parsed)]
    if parsed.date and not datetime(1980, 1, 1) <= parsed.date <= received_at + timedelta(days=2):
        found.append(f"unbelievable date {parsed.date}")
    return found


def strings(value):
    """Yield every string in a parsed mail."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from strings(getattr(value, each.name))


def is_storable(text):
    """Whether PostgreSQL takes it: no NUL, no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _storable(parsed):
    yield from (f"unstorable {each[:80]!r}" for each in strings(parsed) if not is_storable(each))


def _single_lines(parsed):
    addresses = [parsed.sender, parsed.from_, *parsed.to, *parsed.cc, *parsed.bcc, *parsed.reply_to]
    lines = [parsed.subject, parsed.preview, parsed.list_id, *parsed.in_reply_to]
    lines += [parsed.message_id, *parsed.references, *parsed.loop_marks, *parsed.list_addresses]
    lines += [each.name for each in addresses] + [each.email for each in addresses]
    lines += [each.name for each in parsed.attachments] + [each.cid for each in parsed.attachments]
    lines += [each.summary + each.server for each in parsed.authentication]
    yield from (f"several lines: {each[:80]!r}" for each in lines if _BREAKING.search(each))


def _addresses(parsed):
    for each in [parsed.sender, *parsed.to, *parsed.cc, *parsed.bcc, *parsed.reply_to]:
        if each.email and (not _EMAIL.fullmatch(each.email) or each.email != each.email.lower()):
            yield f"odd address {each.email!r}"
        if len(each.email) > 320 or len(each.name) > 200:
            yield f"long address {each.email[:80]!r}"


def _ids(parsed):
    for each in [parsed.message_id, *parsed.references, *parsed.in_reply_to]:
        if each and not (len(each) <= 250 and each[0] == "<" and each[-1] == ">"):
            yield f"odd Message-ID {each[:80]!r}"
    if len(parsed.references) > 100:
        yield "too many references"


def _files(parsed):
    names = [each.name for each in parsed.attachments]
    for name in names:
        if not name.strip(". ") or len(name) > 150 or set(name) & set("/\\"):
            yield f"odd file name {name!r}"
    if len({name.lower() for name in names}) != len(names):
        yield "two files of one name"


def _bounds(parsed):
    if parsed.automatic not in KINDS:
        yield f"unknown kind {parsed.automatic!r}"
    if not (parsed.key and parsed.digest):
        yield "no key"
    if len(parsed.subject) > 1_000 or len(parsed.preview) > 200:
        yield "long subject or preview"
    if len(parsed.body_text) > 1_100_000 or len(parsed.body_html) > 6_500_000:
        yield "long body"
    if len(parsed.defects) > 20 or any("could not be parsed" in each for each in parsed.defects):
        yield f"defects {parsed.defects[:2]}"


def _harmless(parsed):
    if not parsed.body_html.strip():
        return
    for element in lxml_html.fragment_fromstring(parsed.body_html, create_parent="div").iter():
        if element.tag in ("script", "style", "iframe", "form", "object", "link", "meta", "svg"):
            yield f"element {element.tag}"
        for name, value in element.attrib.items():
            loads = name in _LOADED and not value.startswith("cid:")
            if name.startswith("on") or loads or _RUNS.match(value):
                yield f"attribute {name}={value[:80]!r}"
            if name == "style" and _REMOTE.search(value):
                yield f"style {value[:80]!r}"
