"""Patterns that people write for filters: ``*`` stands for anything, and nothing else is special.

Never case-sensitive. A pattern is cut at its stars, and its pieces are looked for from left to
right, each once, so that no text takes longer than its length.
"""

import contextlib
import re
from dataclasses import dataclass

from .addresses import domain_of, normalise_email
from .spelling import folded

_SEPARATORS = re.compile(r"[,;\n]")
# of an address with a name, and of what is around it; none begins in many places and ends nowhere
_PIECES = re.compile(r'<([^<>\n]*)>|([,;\n])|"[^"\n]*"|[^",;<>\n]+|.', re.DOTALL)
_DOMAIN = re.compile(r"@?[\w-]+(?:\.[\w-]+)+|@[\w-]+")


def one_line(text):
    return " ".join(text.split())


def lines_of(value):
    """The alternatives of a field that takes one a line, folded."""
    lines = (one_line(folded(line)) for line in (value or "").splitlines())
    return [line for line in lines if line]


class Wildcard:
    """A pattern with or without stars; it is given folded text."""

    __slots__ = ("first", "last", "literal", "middle", "starred")

    def __init__(self, pattern):
        self.first, *others = pattern.split("*")
        self.starred = bool(others)
        self.last = others.pop() if others else ""
        self.middle = [piece for piece in others if piece]
        self.literal = max([self.first, self.last, *self.middle], key=len)

    def matches(self, text):
        """Whether the whole of ``text`` is this."""
        if not self.starred:
            return text == self.first
        end = len(text) - len(self.last)
        if not (text.startswith(self.first) and text.endswith(self.last)):
            return False
        return 0 <= self._after_pieces(text, self.middle, len(self.first), end) <= end

    def found_in(self, text):
        """Whether ``text`` holds this somewhere."""
        if not self.starred:
            return self.first in text
        pieces = [self.first, *self.middle, self.last]
        return self._after_pieces(text, pieces, 0, len(text)) >= 0

    @staticmethod
    def _after_pieces(text, pieces, start, end):
        """Where the last of the pieces ends, -1 where one is missing."""
        for piece in pieces:
            found = text.find(piece, start, end)
            if found < 0:
                return -1
            start = found + len(piece)
        return start

    def holds(self, text):
        """A word is found somewhere; what has a star is the whole."""
        return self.matches(text) if self.starred else self.first in text


class People:
    """Some senders or recipients, as patterns ask for them."""

    __slots__ = ("keys", "shown", "text")

    def __init__(self, addresses):
        emails = {address.email for address in addresses} - {""}
        self.keys = emails.union(*map(_with_parents, emails))
        self.shown = []
        for address in addresses:
            name, email = folded(address.name), folded(address.email)
            self.shown += [name, email, f"{name} <{email}>"]
        self.text = "\n".join(self.shown)


def _with_parents(email):
    """ "mail.firm.example", "firm.example" and "example"."""
    labels = domain_of(email).split(".")
    return {".".join(labels[start:]) for start in range(min(len(labels), 20))}


@dataclass(slots=True, frozen=True)
class AddressPatterns:
    """Any of these: whole addresses, domains with what is below them, words, wildcards."""

    keys: frozenset
    words: tuple
    wildcards: tuple

    @classmethod
    def read(cls, value):
        """Those in a field, one a line or separated by commas."""
        value = folded(value or "")
        keys, words, wildcards = set(), [], []
        for part in filter(None, (one_line(part).strip('" ') for part in _parts_of(value))):
            if "*" in part:
                wildcards.append(Wildcard(part))
            elif _DOMAIN.fullmatch(part):
                keys |= _spellings(part.lstrip("@"))
            elif (email := normalise_email(part)) and not part.startswith("@"):
                keys.add(email)
            else:
                words.append(part)
        return cls(frozenset(keys), tuple(words), tuple(wildcards))

    def __bool__(self):
        return bool(self.keys or self.words or self.wildcards)

    def hold(self, people):
        if not self.keys.isdisjoint(people.keys):
            return True
        if any(word in people.text for word in self.words):
            return True
        return any(
            wildcard.literal in people.text and any(map(wildcard.matches, people.shown))
            for wildcard in self.wildcards
        )


def _parts_of(value):
    """What is between commas; of "Ann <ann@firm.example>" what is in the brackets."""
    around = []
    for piece in _PIECES.finditer(value):
        if piece[1] is not None:
            yield piece[1]
            around.clear()
        elif piece[2]:
            yield from _SEPARATORS.split("".join(around))
            around.clear()
        else:
            # commas in quotes separate as well, but for those in the name before an address
            around.append(piece[0])
    yield from _SEPARATORS.split("".join(around))


def _spellings(domain):
    """A domain with letters beyond ASCII is written in either way (RFC 5890)."""
    found = {domain}
    with contextlib.suppress(UnicodeError):
        found.add(domain.encode("idna").decode())
    return found
