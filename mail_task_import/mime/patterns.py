r"""Regular expressions that people write and strangers' texts are searched with.

RE2 searches in linear time, whatever the text; it is asked for each text once for all patterns
(``Patterns.found``). What it does not know, look-around and back references, is refused by name.
``\w`` and ``\s`` mean letters, digits and spaces of all languages here.
"""

import re
import warnings
from dataclasses import dataclass

import re2

from .spelling import undotted

LONGEST_PATTERN = 1_000
"""Characters."""
LONGEST_TEXT = 262_144
"""Characters of a text that are searched."""
LARGEST_PROGRAM = 3_000
"""Steps of a compiled pattern; they are a factor of the time that a search takes."""
MEMORY_OF_ONE, MEMORY_OF_ALL = 1 << 20, 64 << 20

WORD, SPACE = r"\pL\pM\pN_", r"\s\pZ"
OF_ALL_LANGUAGES = {"w": WORD, "s": SPACE}

_TOKEN = re.compile(
    r"""\\(?:[1-9]\d?|.)      # an escape, or a back reference
      | \((?:\?(?:<[=!]?|P?[<=]|[!#(>:]|[a-zA-Z-]+[:)])?)?
      | [*+?}]\+              # possessive
      | .""",
    re.VERBOSE | re.DOTALL,
)


class PatternError(ValueError):
    """A pattern that is not taken.

    ``why``: "syntax", "back_reference", "look_ahead", "look_behind", "atomic", "conditional",
    "comment", "escape", "flag", "boundary", "long" or "large"; ``position`` counts characters from
    1, 0 where none can be named; ``detail`` is the part that is meant, or the engine's own words.
    """

    def __init__(self, why, position=0, detail=""):
        super().__init__(f"{why} at {position}: {detail}")
        self.why, self.position, self.detail = why, position, detail


@dataclass(slots=True, frozen=True)
class Pattern:
    """A pattern that was accepted."""

    source: str
    match_case: bool
    regexp: object

    def search(self, text):
        """The first match as ``(text, {group: text})``, or None."""
        text = text[:LONGEST_TEXT]
        sought = _sought(text, self.match_case)
        match = self.regexp.search(sought)
        if not match:
            return None
        if sought is text:
            return match[0], {n: v for n, v in match.groupdict().items() if v}
        spans = {name: match.span(number) for name, number in self.regexp.groupindex.items()}
        groups = {n: text[start:end] for n, (start, end) in spans.items() if start < end}
        return text[slice(*match.span())], groups


def compile_pattern(source, match_case=False):
    """Raises ``PatternError``."""
    if len(source) > LONGEST_PATTERN:
        raise PatternError("long", LONGEST_PATTERN, str(LONGEST_PATTERN))
    _check_boundaries(source)
    try:
        wanted = _in_all_languages(_sought(source, match_case))
        regexp = re2.compile(wanted, _options(match_case, MEMORY_OF_ONE))
    except re2.error as error:
        raise _explained(source, _words(error)) from None
    except UnicodeEncodeError as error:
        raise PatternError("syntax", error.start + 1, "") from None
    if regexp.programsize > LARGEST_PROGRAM:
        raise PatternError("large")
    return Pattern(source, match_case, regexp)


def literal(text, match_case=False):
    """A pattern that is just this text."""
    wanted = re2.escape(_sought(text, match_case))
    return Pattern(text, match_case, re2.compile(wanted, _options(match_case)))


def groups_of(pattern):
    """Names of the groups of a ``Pattern``."""
    return set(pattern.regexp.groupindex)


class Patterns:
    """Many patterns, looked for in a text in one pass."""

    def __init__(self, patterns):
        """:param patterns: ``{key: Pattern}``"""
        self._sets = [
            made
            for match_case in (False, True)
            if (made := _Set({k: p for k, p in patterns.items() if p.match_case is match_case}))
        ]

    def found(self, text):
        """The keys of those that are in the text."""
        text = text[:LONGEST_TEXT]
        return set().union(*(one.found(text) for one in self._sets))


class _Set:
    """RE2 does not tell when its memory is used up from when nothing is found: so the last pattern
    is one that any text holds, and without it each of them is looked for alone.
    """

    def __init__(self, patterns):
        self._patterns = patterns
        self._keys = list(patterns)
        if not patterns:
            return
        self._match_case = next(iter(patterns.values())).match_case
        self._set = re2.Set.SearchSet(_options(self._match_case, MEMORY_OF_ALL))
        for pattern in patterns.values():
            self._set.Add(pattern.regexp.pattern)
        self._set.Add("")
        try:
            self._set.Compile()
        except re2.error:
            self._set = None

    def __len__(self):
        return len(self._keys)

    def found(self, text):
        text = _sought(text, self._match_case)
        places = (self._set and self._set.Match(text)) or ()
        if len(self._keys) not in places:
            return {key for key, pattern in self._patterns.items() if pattern.regexp.search(text)}
        return {self._keys[place] for place in places if place < len(self._keys)}


def _sought(text, match_case):
    """RE2 knows of no capital of i but that of English."""
    return text if match_case else undotted(text)


def _options(match_case, memory=MEMORY_OF_ONE):
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = match_case
    options.max_mem = memory
    return options


def _words(error):
    words = error.args[0]
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)


# -- what a pattern is made of ------------------------------------------------------------------


def _tokens(source):
    """``(position from 0, token, whether in a class)``."""
    position, in_class, opened = 0, False, -1
    while position < len(source):
        if in_class and source[position] != "\\":
            token = source[position]
        else:
            token = _TOKEN.match(source, position)[0]
        yield position, token, in_class
        if token == "[" and not in_class:
            in_class, opened = True, position
        elif token == "]" and in_class and not _is_first(source, opened, position):
            in_class = False
        position += len(token)


def _is_first(source, opened, position):
    """A bracket that comes first stands for itself."""
    return source[opened + 1 : position] in ("", "^")


def _in_all_languages(source):
    return "".join(_translated(token, in_class) for _at, token, in_class in _tokens(source))


def _translated(token, in_class):
    letter = token[1:] if token.startswith("\\") else ""
    members = OF_ALL_LANGUAGES.get(letter.lower()) if len(letter) == 1 else None
    if not members or (in_class and letter.isupper()):
        return token
    if in_class:
        return members
    return f"[^{members}]" if letter.isupper() else f"[{members}]"


def _check_boundaries(source):
    r"""``\b`` of RE2 knows Latin letters only; beside others it would silently find nothing."""
    for position, token, in_class in _tokens(source):
        if token in (r"\b", r"\B") and not in_class and not source.isascii():
            raise PatternError("boundary", position + 1, token)


UNKNOWN = {
    "(?=": "look_ahead",
    "(?!": "look_ahead",
    "(?<=": "look_behind",
    "(?<!": "look_behind",
    "(?P=": "back_reference",
    "(?>": "atomic",
    "(?(": "conditional",
    "(?#": "comment",
}


def _explained(source, words):
    """The error with its position: of what the engine does not know, or where the syntax ends."""
    if "too large" in words or "repetition size" in words:
        return PatternError("large")
    if error := _syntax_error(source):
        return error
    for position, token, in_class in _tokens(source):
        if why := _unknown(token, in_class):
            return PatternError(why, position + 1, token)
    fragment = words.partition(": ")[2]
    return PatternError("syntax", source.find(fragment) + 1 if fragment else 0, words)


def _syntax_error(source):
    """What the standard library says of it; it only parses, and searches nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(source)
    except re.error as error:
        position = (error.pos or 0) + 1
        return None if _is_unicode_class(source, position) else _as_error(error, position)
    except (OverflowError, RecursionError):
        return PatternError("large")
    return None


def _is_unicode_class(source, position):
    return source[position - 1 : position + 1] in (r"\p", r"\P", r"\z", r"\C", r"\Q")


def _as_error(error, position):
    return PatternError("syntax", position, error.msg)


def _unknown(token, in_class):
    if in_class or not token:
        return ""
    if token[0] == "\\":
        if token[1:].isdigit():
            return "back_reference"
        return "escape" if token[1:] in ("Z", "N", "u", "U") else ""
    if len(token) == 2 and token[1] == "+" and token[0] in "*+?}":
        return "atomic"
    if token in UNKNOWN:
        return UNKNOWN[token]
    return "flag" if re.fullmatch(r"\(\?[a-zA-Z-]+[:)]", token) else ""
