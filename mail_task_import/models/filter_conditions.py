"""From what people enter in a filter to tests of a mail. Plain objects that know no ORM."""

from dataclasses import dataclass
from typing import Any

from ..mime.wildcards import AddressPatterns, Wildcard, folded, lines_of
from .filter_facts import BODY, FILES

MACHINES = ("auto_reply", "auto_generated", "bounce")


@dataclass(slots=True, frozen=True)
class Condition:
    kind: str
    test: Any
    """Of ``Facts``: whether it holds."""
    place: str = ""
    """Where words are looked for, one of ``TEXTS``; "" where the condition is about no words."""
    words: tuple = ()
    """It does not hold of a mail that has none of these at that place, nor of ``keys``."""
    keys: frozenset = frozenset()
    """Addresses and domains, of the sender or of the recipients."""

    @property
    def is_sought(self):
        """Whether the mails that it may hold of can be told by its words and keys."""
        return bool(self.place) and all(self.words) and bool(self.words or self.keys)


def conditions_of(values):
    """Each condition in these values of a filter, the cheap ones first."""
    makers = (
        _sender_is, _flags, _size, _files, _sender, _recipients, _subject, _header, _body,
    )  # fmt: skip
    return tuple(condition for make in makers for condition in make(values))


def _sender_is(values):
    known = {
        "employee": lambda facts: facts.is_employee,
        "known": lambda facts: facts.is_known,
        "unknown": lambda facts: facts.is_unknown,
    }
    if values["sender_is"]:
        yield Condition("sender_is", known[values["sender_is"]])


def _flags(values):
    if values["is_list"]:
        yield Condition("is_list", lambda facts: facts.is_list)
    if values["is_automatic"]:
        yield Condition("is_automatic", lambda facts: facts.parsed.automatic in MACHINES)
    if values["is_unverified"]:
        yield Condition("is_unverified", lambda facts: facts.is_unverified)


def _size(values):
    limit = (values["larger_than"] or 0) * 1000
    if limit > 0:
        yield Condition("size", lambda facts: facts.size > limit)


def _files(values):
    if values["has_attachments"]:
        yield Condition(FILES, lambda facts: facts.has_files)


def _sender(values):
    if patterns := AddressPatterns.read(values["sender"]):
        yield _people("sender", patterns, lambda facts: patterns.hold(facts.sender))


def _recipients(values):
    if patterns := AddressPatterns.read(values["recipients"]):
        yield _people("recipients", patterns, lambda facts: patterns.hold(facts.recipients))


def _people(place, patterns, test):
    words = (*patterns.words, *(wildcard.literal for wildcard in patterns.wildcards))
    return Condition(place, test, place, words, patterns.keys)


def _subject(values):
    if patterns := _patterns(values["subject"]):
        yield Condition(
            "subject",
            lambda facts: any(pattern.holds(facts.subject) for pattern in patterns),
            "subject",
            _literals(patterns),
        )


def _header(values):
    named = header_of(values["header_name"])
    if not named:
        return
    name = Wildcard(named)
    patterns = _patterns(values["header_value"])
    words = _literals(patterns) or (name.literal,)
    patterns = patterns or [Wildcard("")]  # it is there, whatever it says

    def test(facts):
        return any(
            pattern.holds(value) for value in _values_of(name, facts) for pattern in patterns
        )

    yield Condition("header", test, "header_text", words)


def header_of(text):
    """The name of a header as people enter it, "" where that is none."""
    return folded(text or "").strip(" \t\r\n:")


def _values_of(name, facts):
    if not name.starred:
        return facts.headers.get(name.first, ())
    return [value for n, some in facts.headers.items() if name.matches(n) for value in some]


def _body(values):
    if every := _patterns(values["body_all"]):
        yield Condition(
            BODY,
            lambda facts: all(pattern.found_in(facts.body) for pattern in every),
            "body",
            (max(_literals(every), key=len),),
        )
    if some := _patterns(values["body_any"]):
        yield Condition(
            BODY,
            lambda facts: any(pattern.found_in(facts.body) for pattern in some),
            "body",
            _literals(some),
        )


def _patterns(value):
    return [Wildcard(line) for line in lines_of(value)]


def _literals(patterns):
    return tuple(pattern.literal for pattern in patterns)
