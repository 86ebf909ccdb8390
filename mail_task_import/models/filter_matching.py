"""Filters as the importer reads them: plain objects, made once, that know no ORM.

*Try it* asks the same objects, so that it tells what the importer would do.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..mime.text import words_of
from ..mime.trace import fields_of
from ..mime.wildcards import AddressPatterns, People, Wildcard, folded, lines_of, one_line

MAX_PEOPLE = 500
"""Recipients of each header that are looked at; so many are stored, too."""
MAX_BODY = 1_000_000
MACHINES = ("auto_reply", "auto_generated", "bounce")
BODY, FILES = "body", "files"
"""What a mail does not tell of which only the headers were fetched."""


class Facts:
    """What filters ask of one mail; each answer is worked out for the first that asks."""

    def __init__(self, batch, mail):
        self.batch, self.mail, self.parsed = batch, mail, mail.parsed

    @cached_property
    def missing(self):
        """Kinds of conditions that this mail cannot answer."""
        return (BODY, FILES) if self.mail.raw.truncated else ()

    @cached_property
    def sender(self):
        return People([self.parsed.sender, self.parsed.from_])

    @cached_property
    def recipients(self):
        return People(self.parsed.to[:MAX_PEOPLE] + self.parsed.cc[:MAX_PEOPLE])

    @cached_property
    def subject(self):
        return one_line(folded(self.parsed.subject))

    @cached_property
    def body(self):
        """The text, and what the HTML says: people read the one or the other."""
        if BODY in self.missing:
            return ""
        text, html = self.parsed.body_text, self.parsed.body_html
        return one_line(folded(f"{text[:MAX_BODY]}\n{words_of(html[:MAX_BODY])}"))

    @cached_property
    def headers(self):
        """``{name: values}``, folded."""
        found = defaultdict(list)
        text = f"{self.parsed.headers}\n{self.parsed.trace_headers}"
        for name, value in fields_of(folded(text)):
            found[name].append(value)
        return found

    @cached_property
    def has_files(self):
        return FILES not in self.missing and any(not f.inline for f in self.parsed.attachments)

    @cached_property
    def size(self):
        return max(self.parsed.size, self.mail.raw.size)

    @cached_property
    def is_list(self):
        automatic = self.parsed.automatic
        return automatic in ("list", "bulk") or bool(automatic and self.parsed.list_id)

    @cached_property
    def is_employee(self):
        return bool(self.mail.employee)

    @cached_property
    def is_known(self):
        return bool(self.mail.employee or self.mail.author)

    @cached_property
    def is_unknown(self):
        """Nobody's address; one that is only claimed is not unknown, it is unverified."""
        email, lookups = self.parsed.sender.email, self.batch.lookups
        return email not in lookups["insiders"] and email not in lookups["partners"]

    @cached_property
    def is_unverified(self):
        """As the entry shows it to its owner."""
        verdict = self.batch.mailbox._trusted_verdict(self.parsed)
        return bool(self.mail.posing or (verdict and verdict.failed))


@dataclass(slots=True, frozen=True, eq=False)
class CompiledFilter:
    id: int
    name: str
    stamp: tuple
    """What it was made from: another one in the database says that it is out of date."""
    conditions: tuple
    """``(kind, test of Facts)`` each; all must hold."""
    senders: frozenset
    """Addresses and domains of which the sender has one, or empty: it may be anybody."""
    recipients: frozenset
    destination: str
    """"keep", "folder", "archive", "trash" or "skip"."""
    decides_import: bool
    """Not the owner's own copy alone: what it puts in the trash becomes no record."""
    folder_id: Any
    filing: dict
    """Values of the entry."""
    silent: bool

    @property
    def ends(self):
        """Whether later scopes have no more to say."""
        return self.destination in ("skip", "trash")

    def holds(self, facts):
        for _kind, test in self.conditions:  # all() is twice as slow here
            if not test(facts):
                return False
        return bool(self.conditions)

    def unjudged(self, facts):
        """Kinds of conditions that the mail cannot answer, where all others hold; else none."""
        if not any(kind in facts.missing for kind, _test in self.conditions):
            return []
        if not all(test(facts) for kind, test in self.conditions if kind not in facts.missing):
            return []
        return [kind for kind, _test in self.conditions if kind in facts.missing]


class Scope:
    """The filters of one scope, in their order; those of certain addresses are looked up."""

    __slots__ = ("by_recipient", "by_sender", "filters", "others")

    def __init__(self, filters):
        self.filters = filters
        self.by_sender, self.by_recipient = defaultdict(list), defaultdict(list)
        self.others = []
        for position, one in enumerate(filters):
            if one.senders:
                for key in one.senders:
                    self.by_sender[key].append(position)
            elif one.recipients:
                for key in one.recipients:
                    self.by_recipient[key].append(position)
            else:
                self.others.append(position)

    def first(self, facts):
        """The first filter that holds, or None."""
        filters = self.filters
        end = len(filters)
        hits = (position for position in self._indexed(facts) if filters[position].holds(facts))
        end = min(hits, default=end)
        for position in self.others:
            if position >= end:
                break
            if filters[position].holds(facts):
                return filters[position]
        return filters[end] if end < len(filters) else None

    def _indexed(self, facts):
        found = set()
        if self.by_sender:
            for key in facts.sender.keys & self.by_sender.keys():
                found.update(self.by_sender[key])
        if self.by_recipient:
            for key in facts.recipients.keys & self.by_recipient.keys():
                found.update(self.by_recipient[key])
        return found


# -- from what people entered to tests -----------------------------------------------------------


def conditions_of(values):
    """``(kind, test)`` of each condition in these values of a filter, the cheap ones first."""
    return tuple(
        (kind, test)
        for kind, make in (
            ("sender_is", _sender_is),
            ("flags", _flags),
            ("size", _size),
            (FILES, _files),
            ("sender", _sender),
            ("recipients", _recipients),
            ("subject", _subject),
            ("header", _header),
            (BODY, _body),
        )
        for test in make(values)
    )


def _sender_is(values):
    known = {
        "employee": lambda facts: facts.is_employee,
        "known": lambda facts: facts.is_known,
        "unknown": lambda facts: facts.is_unknown,
    }
    if values["sender_is"]:
        yield known[values["sender_is"]]


def _flags(values):
    if values["is_list"]:
        yield lambda facts: facts.is_list
    if values["is_automatic"]:
        yield lambda facts: facts.parsed.automatic in MACHINES
    if values["is_unverified"]:
        yield lambda facts: facts.is_unverified


def _size(values):
    limit = (values["larger_than"] or 0) * 1000
    if limit > 0:
        yield lambda facts: facts.size > limit


def _files(values):
    if values["has_attachments"]:
        yield lambda facts: facts.has_files


def _sender(values):
    if patterns := AddressPatterns.read(values["sender"]):
        yield lambda facts: patterns.hold(facts.sender)


def _recipients(values):
    if patterns := AddressPatterns.read(values["recipients"]):
        yield lambda facts: patterns.hold(facts.recipients)


def _subject(values):
    patterns = [Wildcard(line) for line in lines_of(values["subject"])]
    if len(patterns) == 1 and not patterns[0].starred:
        word = patterns[0].first
        yield lambda facts: word in facts.subject
    elif patterns:
        yield lambda facts: any(pattern.holds(facts.subject) for pattern in patterns)


def _header(values):
    name = Wildcard(folded(values["header_name"] or "").strip().rstrip(":"))
    patterns = [Wildcard(line) for line in lines_of(values["header_value"])]
    if not (name.first or name.starred):
        return
    if not patterns:
        patterns = [Wildcard("")]  # it is there, whatever it says

    def found(facts):
        if name.starred:
            values = [v for n, some in facts.headers.items() if name.matches(n) for v in some]
        else:
            values = facts.headers.get(name.first, ())
        return any(pattern.holds(value) for value in values for pattern in patterns)

    yield found


def _body(values):
    every = [Wildcard(line) for line in lines_of(values["body_all"])]
    some = [Wildcard(line) for line in lines_of(values["body_any"])]
    if every:
        yield lambda facts: all(pattern.found_in(facts.body) for pattern in every)
    if some:
        yield lambda facts: any(pattern.found_in(facts.body) for pattern in some)
