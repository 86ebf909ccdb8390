"""Import rules as plain objects: what is asked of every mail, without a query or the ORM.

``holds`` and ``explain`` ask the same conditions; those that cost least come first. Texts are
searched once a mail for the words and patterns of all rules (``Facts.has``).
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..mime.addresses import domain_of
from ..mime.patterns import (
    LONGEST_PATTERN,
    Pattern,
    PatternError,
    Patterns,
    compile_pattern,
    groups_of,
    literal,
)
from ..mime.spelling import folded, readable

TEXTS = {"subject_body": ("subject", "body")}
"""Places that are several texts."""


class Facts:
    """What rules may ask of one mail; computed when the first rule asks.

    :param kind: "employee", "contact" or "unknown", as far as the sender is believed
    :param is_reply: whether it answers something
    """

    def __init__(self, mail, kind, is_reply=False, searches=None):
        self.mail, self.parsed = mail, mail.parsed
        self.kind, self.is_reply = kind, is_reply
        self.automatic = bool(mail.parsed.automatic)
        self._searches = searches or {}
        self._found = {}

    @cached_property
    def domain(self):
        return domain_of(self.parsed.sender.email)

    @cached_property
    def addresses(self):
        """Whom it was sent to, lower case."""
        parsed = self.parsed
        named = {address.email for address in (*parsed.to, *parsed.cc)}
        return named.union(parsed.delivered_to) - {""}

    @cached_property
    def subject(self):
        return readable(self.parsed.subject or "")

    @cached_property
    def body(self):
        return readable(self.parsed.body_text or "")

    @cached_property
    def headers(self):
        """Without Bcc, which is for the eyes of this copy's owner only."""
        lines = f"{self.parsed.headers}\n{self.parsed.trace_headers}".splitlines()
        kept = (line for line in lines if not line.lower().startswith(("bcc:", "resent-bcc:")))
        return readable("\n".join(kept))

    @cached_property
    def from_text(self):
        return readable(str(self.parsed.sender))

    @cached_property
    def recipients_text(self):
        parsed = self.parsed
        return readable(", ".join([*map(str, (*parsed.to, *parsed.cc)), *parsed.delivered_to]))

    @cached_property
    def _fields(self):
        found = {}
        for line in self.headers.splitlines():
            name, _colon, value = line.partition(":")
            found.setdefault(name.strip().lower(), []).append(value.strip())
        return found

    def texts(self, place, header=""):
        """The texts of a place, for a keyword or a line."""
        if place == "header":
            return self._fields.get(header, [])
        names = {"from": "from_text", "recipients": "recipients_text"}
        return [getattr(self, names.get(one, one)) for one in TEXTS.get(place, (place,))]

    def has(self, place, key):
        """Whether a pattern of all rules is in one of the places that are searched at once."""
        return any(key in self.found_in(one) for one in TEXTS.get(place, (place,)))

    def found_in(self, place):
        """Keys of the texts of all rules that are in a place."""
        if place not in self._found:
            search = self._searches.get(place)
            (text,) = self.texts(place)
            self._found[place] = search.found(text) if search and text else ()
        return self._found[place]


@dataclass(slots=True)
class Condition:
    """One thing that must be so. ``name`` and ``of`` tell people which; they are codes."""

    name: str
    of: str = ""

    def holds(self, facts):
        raise NotImplementedError


@dataclass(slots=True)
class LooksAt(Condition):
    """New mail, replies or both: ``of`` is "new", "reply" or "both"."""

    def holds(self, facts):
        return self.of == "both" or (self.of == "reply") == facts.is_reply


@dataclass(slots=True)
class NotAutomatic(Condition):
    def holds(self, facts):
        return not facts.automatic


@dataclass(slots=True)
class SenderIs(Condition):
    kinds: frozenset = frozenset()

    def holds(self, facts):
        return facts.kind in self.kinds


@dataclass(slots=True)
class SenderDomain(Condition):
    domains: frozenset = frozenset()
    subdomains: bool = False

    def holds(self, facts):
        domain = facts.domain
        if domain in self.domains:
            return True
        while self.subdomains and "." in domain:
            domain = domain.partition(".")[2]
            if domain in self.domains:
                return True
        return False


@dataclass(slots=True)
class SentTo(Condition):
    addresses: frozenset = frozenset()

    def holds(self, facts):
        return not self.addresses.isdisjoint(facts.addresses)


@dataclass(slots=True)
class Text(Condition):
    """A word or pattern in a place; ``key`` is its number among those of all rules."""

    place: str = ""
    header: str = ""
    pattern: Pattern | None = None
    key: Any = None
    negated: bool = False

    @property
    def is_searched_at_once(self):
        return self.place != "header"

    def holds(self, facts):
        return self._is_there(facts) is not self.negated

    def _is_there(self, facts):
        if self.is_searched_at_once:
            return facts.has(self.place, self.key)
        return self.match(facts) is not None

    def match(self, facts):
        """``(text, {group: text})`` of the first place that has it, or None."""
        for text in facts.texts(self.place, self.header):
            if found := self.pattern.search(text):
                return found
        return None


@dataclass(slots=True)
class Equals(Condition):
    place: str = ""
    header: str = ""
    value: str = ""
    match_case: bool = False

    def holds(self, facts):
        alike = readable if self.match_case else folded
        value = alike(self.value)
        return any(alike(text.strip()) == value for text in facts.texts(self.place, self.header))


@dataclass(slots=True)
class AnyOf(Condition):
    """Further conditions of which one is enough."""

    conditions: tuple = ()

    def holds(self, facts):
        return any(condition.holds(facts) for condition in self.conditions)


@dataclass(slots=True)
class Match:
    """A rule whose conditions hold."""

    rule: "CompiledRule"
    keyword: str = ""
    """The text that matched, as it stands in the mail."""
    groups: dict = field(default_factory=dict)
    """Texts of named groups."""


@dataclass(slots=True)
class CompiledRule:
    id: int
    name: str
    conditions: tuple = ()
    continues: bool = False
    automatic: bool = False
    target_id: int = 0
    distribution_id: int | bool = False
    unknown_sender: str = "owner"
    values: tuple = ()
    """``Filling`` objects, see ``rule_filling.py``."""
    title_empty: str = ""
    replies: Any = None
    """A ``Replies`` (``rule_replies.py``); None where the rule looks at new mail only."""

    def holds(self, facts):
        """A ``Match``, or None."""
        for condition in self.conditions:
            if not condition.holds(facts):
                return None
        return self._match(facts)

    def explain(self, facts):
        """``[(condition, held)]`` of all conditions, those after a failed one too."""
        return [(condition, condition.holds(facts)) for condition in self.conditions]

    def groups(self):
        """Names of the groups of all patterns."""
        return set().union(*(groups_of(text.pattern) for text in self._texts()))

    def _match(self, facts):
        """The keyword's text, and the groups of all patterns that are there."""
        match = Match(self)
        for condition in self._texts():
            if not condition.negated and (found := condition.match(facts)):
                if condition.name == "keyword":
                    match.keyword = found[0][:200]
                match.groups = found[1] | match.groups
        return match

    def _texts(self):
        for condition in self.conditions:
            for one in getattr(condition, "conditions", (condition,)):
                if isinstance(one, Text):
                    yield one


class RuleBook:
    """All rules that a mailbox asks, in their order."""

    def __init__(self, rules):
        self.rules = tuple(rules)
        self.searches = self._searches()
        self._index = _Index(self.rules)
        self._sort_by_replies()

    def _sort_by_replies(self):
        """Which rules are asked of replies; none is, where none says anything of them."""
        of_replies = [rule for rule in self.rules if rule.replies]
        says = any(rule.replies.says_something for rule in of_replies)
        self.replying = tuple(of_replies) if says else ()
        self.places = tuple({name for rule in of_replies for name in rule.replies.places})
        self.numbering = tuple(rule for rule in of_replies if rule.replies.number)
        self._numbers = Patterns({rule.id: rule.replies.number.pattern for rule in self.numbering})
        self.weak = tuple(rule for rule in of_replies if rule.replies.weak)

    def _searches(self):
        """``{place: Patterns}`` of all texts that rules look for."""
        wanted = {}
        texts = [text for rule in self.rules for text in rule._texts() if text.is_searched_at_once]
        for key, text in enumerate(texts):
            text.key = key
            for place in TEXTS.get(text.place, (text.place,)):
                wanted.setdefault(place, {})[key] = text.pattern
        return {place: Patterns(patterns) for place, patterns in wanted.items()}

    def naming(self, subject):
        """Rules whose records' numbers may be in a subject; all are looked for at once."""
        found = self._numbers.found(readable(subject)) if self.numbering else ()
        return [rule for rule in self.numbering if rule.id in found]

    def matches(self, facts):
        """Each ``Match`` in the order of the rules."""
        for place in self._index.candidates(facts):
            if match := self.rules[place].holds(facts):
                yield match


class _Index:
    """Which rules can hold at all: each is found by the one of its conditions that is rarest."""

    def __init__(self, rules):
        self._always, self._by_address, self._by_domain, self._by_text = [], {}, {}, {}
        self._places = set()
        for number, rule in enumerate(rules):
            self._put(number, rule.conditions)

    def _put(self, number, conditions):
        for condition in sorted(conditions, key=_rarity):
            if isinstance(condition, SentTo):
                return self._note(self._by_address, condition.addresses, number)
            if isinstance(condition, SenderDomain):
                return self._note(self._by_domain, condition.domains, number)
            if isinstance(condition, Text) and _is_sought(condition):
                self._places.update(TEXTS.get(condition.place, (condition.place,)))
                return self._note(self._by_text, [condition.key], number)
        return self._always.append(number)

    @staticmethod
    def _note(index, keys, number):
        for key in keys:
            index.setdefault(key, []).append(number)

    def candidates(self, facts):
        """Numbers of rules, in their order."""
        found = set(self._always)
        if self._by_address:
            for address in facts.addresses & self._by_address.keys():
                found.update(self._by_address[address])
        domain = facts.domain if self._by_domain else ""
        while domain:
            found.update(self._by_domain.get(domain, ()))
            domain = domain.partition(".")[2]
        for place in self._places:
            for key in facts.found_in(place):
                found.update(self._by_text.get(key, ()))
        return sorted(found)


def _rarity(condition):
    """Those that cost nothing to look up come first."""
    order = (SentTo, SenderDomain, Text)
    return next((n for n, kind in enumerate(order) if isinstance(condition, kind)), len(order))


def _is_sought(text):
    return text.is_searched_at_once and not text.negated


def pattern_of(text, is_regex, match_case):
    text = readable(text)
    try:
        if len(text) > LONGEST_PATTERN:
            raise PatternError("long")
        return compile_pattern(text, match_case) if is_regex else literal(text, match_case)
    except PatternError:
        # accepted once, by another version of the engine: it holds for nothing
        return compile_pattern(r"[^\x00-\x{10FFFF}]", match_case)
