"""Filters as the importer asks them: plain objects, made once, that know no ORM.

What a filter looks for is sought in a mail once for all filters of a scope, so that those of which
the mail has no address and no word cost nothing. *Try it* asks the same objects, and tells
therefore what the importer would do.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from ..mime.patterns import LONGEST_TEXT, Patterns, literal
from .filter_facts import TEXTS

FEW = 8
"""Words that are sooner looked for one by one."""
LONGEST_WORD = 100
"""Characters of a word that are sought; the filter itself looks at all of it."""


@dataclass(slots=True, frozen=True, eq=False)
class CompiledFilter:
    id: int
    name: str
    stamp: tuple
    """What it was made from: another one in the database says that it is out of date."""
    conditions: tuple
    """``Condition`` each; all must hold."""
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

    @property
    def sought(self):
        """The condition whose words are looked for, at the shortest place; None without one."""
        sought = [condition for condition in self.conditions if condition.is_sought]
        return min(sought, key=lambda c: (not c.keys, TEXTS.index(c.place)), default=None)

    def holds(self, facts):
        return bool(self.conditions) and all(one.test(facts) for one in self.conditions)

    def unjudged(self, facts):
        """Kinds of conditions that the mail cannot answer, where all others hold; else none."""
        kinds = [one.kind for one in self.conditions if one.kind in facts.missing]
        others = (one for one in self.conditions if one.kind not in facts.missing)
        return kinds if kinds and all(one.test(facts) for one in others) else []


class Words:
    """Many words, and what is to be found by them."""

    __slots__ = ("_found_by", "_patterns")

    def __init__(self, found_by):
        """:param found_by: ``{word: positions}``"""
        self._found_by = found_by
        self._patterns = None

    def positions(self, text):
        found = set()
        for word in self._words_in(text):
            found.update(self._found_by[word])
        return found

    def _words_in(self, text):
        if len(self._found_by) <= FEW or len(text) > LONGEST_TEXT:
            return [word for word in self._found_by if word in text]
        if self._patterns is None:
            self._patterns = Patterns({w: literal(w, match_case=True) for w in self._found_by})
        try:
            return self._patterns.found(text)
        except UnicodeEncodeError:  # half a character, which RE2 cannot read
            return [word for word in self._found_by if word in text]


class Scope:
    """The filters of one scope, in their order."""

    __slots__ = ("_by_keys", "_by_words", "_filters", "_others")

    def __init__(self, filters):
        self._filters = filters
        self._others = []
        keys = {"sender": defaultdict(list), "recipients": defaultdict(list)}
        words = {place: defaultdict(list) for place in TEXTS}
        for position, one in enumerate(filters):
            sought = one.sought
            if not sought:
                self._others.append(position)
                continue
            for key in sought.keys:
                keys[sought.place][key].append(position)
            for word in sought.words:
                words[sought.place][word[:LONGEST_WORD]].append(position)
        self._by_keys = [(place, found) for place, found in keys.items() if found]
        self._by_words = [(place, Words(found)) for place, found in words.items() if found]

    def first(self, facts):
        """The first filter that holds, or None."""
        for position in sorted(self._candidates(facts)):
            if self._filters[position].holds(facts):
                return self._filters[position]
        return None

    def explain(self, facts):
        """``(filter, [(kind, held)], whether it holds)`` of each, up to the first that holds."""
        first = self.first(facts)
        for one in self._filters:
            yield (
                one,
                [(each.kind, bool(each.test(facts))) for each in one.conditions],
                one is first,
            )
            if one is first:
                return

    def _candidates(self, facts):
        found = set(self._others)
        for place, by_key in self._by_keys:
            for key in getattr(facts, place).keys & by_key.keys():
                found.update(by_key[key])
        for place, words in self._by_words:
            found |= words.positions(facts.text(place))
        return found
