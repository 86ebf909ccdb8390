"""What import rules say of replies, as plain objects; ``rule_replying.py`` says what they do."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ..mime.patterns import PatternError, compile_pattern, groups_of
from ..mime.spelling import readable, undotted

NUMBER = "number"
"""The group of a pattern, and the place in a text, where the number is."""
PLACE = f"{{{NUMBER}}}"
NAMED = f"(?P<{NUMBER}>"
DIGITS = r"\d+"
WORDS = r"[^\s,;:!?\"'<>()\[\]{}]+"
"""Numbers as sequences make them, HT00017 or 2026/11/17; a full stop may follow."""
MOST = 5
"""Numbers of one subject that are looked for."""
LARGEST = 2**31 - 1


@dataclass(slots=True, frozen=True)
class NumberPattern:
    """Where in a subject the number of a record is."""

    pattern: Any
    field: str = "id"
    is_integer: bool = True

    def found(self, subject):
        """The numbers that a subject names, as they are looked for: integers or texts."""
        matches = islice(self.pattern.regexp.finditer(undotted(readable(subject))), MOST)
        texts = [match[NUMBER] or "" for match in matches]
        if not self.is_integer:
            return [text.rstrip("./-_") for text in texts if text]
        return [
            int(text)
            for text in texts
            if text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= LARGEST
        ]

    def ways(self, number):
        """How it may be written in the field: capitals or not, but one way an index finds."""
        return {number} if self.is_integer else {number, number.lower(), number.upper()}

    def key(self, number):
        return number if self.is_integer else number.casefold()


def number_pattern(source, field_name="id", is_integer=True):
    """A text with ``{number}``, or a regular expression with a group of that name.

    :raises PatternError: ``why`` is "number" where neither is there
    """
    source = readable(source)
    if NAMED in source:
        compiled = compile_pattern(source)
    elif source.count(PLACE) == 1:
        before, after = map(re.escape, source.strip().split(PLACE))
        what = DIGITS if is_integer else WORDS
        compiled = compile_pattern(f"{_apart(before)}{before}{NAMED}{what}){after}")
    else:
        raise PatternError("number")
    if NUMBER not in groups_of(compiled):
        raise PatternError("number")
    return NumberPattern(compiled, field_name, is_integer)


def _apart(before):
    """ "#12" is a number of its own, "item#12" and "2#12" are something else."""
    return r"(?:^|[^\pL\pN])" if before else r"(?:^|[^\pL\pN#-])"


@dataclass(slots=True, frozen=True)
class Replies:
    """What one rule says of replies."""

    must_match: bool = False
    """Its conditions hold for replies too, or it says nothing of them."""
    operation: str = "comment"
    stage_id: int = 0
    closed_way: str = "comment"
    model: str = ""
    spot: frozenset = frozenset()
    """Where its records are: the pairs ("model", name), (field, id) of a project or team."""
    number: NumberPattern | None = None
    weak: tuple = ()
    """"subject_sender", "sender", in the order in which they are tried."""

    @property
    def places(self):
        """Fields that name the project or team."""
        return {name for name, _id in self.spot} - {"model"}

    @property
    def says_something(self):
        return self.operation == "note" or bool(self.stage_id) or self.closed_way != "comment"
