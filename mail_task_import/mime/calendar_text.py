"""Content lines of iCalendar and the components that they make (RFC 5545, 3.1).

Read here and not by a library: vobject registers the time zones of a mail for the whole process,
under names of the mail's choice, and icalendar expands their rules without an end. What is here is
linear in the length of the text, and bounded.
"""

import re
from dataclasses import dataclass, field

from .charsets import clean, clean_line

MAX_TEXT = 1_000_000
"""Characters that are looked at."""
MAX_KEPT = 200_000
"""Characters of lines that are read."""
MAX_LINES = 5_000
MAX_LINE = 8_000
"""Longer ones are files within the text: left out."""
MAX_HEAD = 2_000
MAX_COMPONENTS = 500
MAX_DEPTH = 6

_FOLD = re.compile(r"\r?\n[ \t]")
_SIGN = re.compile(r'[":]')
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")
_PARAMETER = re.compile(r';([A-Za-z0-9-]{1,40})=((?:"[^"]*"|[^;"])*)')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CARET = re.compile(r"\^([n'^])")


@dataclass(slots=True)
class Property:
    """One line. ``value`` is as it was written, ``text`` without its escapes."""

    name: str
    """Upper case."""
    parameters: dict
    """Names in upper case; values without quotation marks."""
    value: str

    @property
    def text(self):
        return clean(_ESCAPED.sub(_unescaped, self.value)).strip()


@dataclass(slots=True)
class Component:
    """What stands between BEGIN and END."""

    name: str
    properties: list = field(default_factory=list)
    parts: list = field(default_factory=list)

    def first(self, name):
        return next((each for each in self.properties if each.name == name), None)

    def all(self, name):
        return [each for each in self.properties if each.name == name]

    def value(self, name):
        found = self.first(name)
        return clean_line(found.value) if found else ""

    def text(self, name):
        found = self.first(name)
        return found.text if found else ""

    def named(self, name):
        """Parts of that name, right below."""
        return [part for part in self.parts if part.name == name]


def kept_lines(text):
    """The lines that are read, unfolded, bounded in number and length."""
    kept, left = [], MAX_KEPT
    for line in _FOLD.sub("", text[:MAX_TEXT].lstrip("\ufeff")).split("\n"):
        line = line.strip()
        if not line or len(line) > MAX_LINE:
            continue
        left -= len(line) + 1
        if left < 0 or len(kept) >= MAX_LINES:
            break
        kept.append(line)
    return kept


def read_components(lines):
    """The outermost components; what is broken is left out, what is not closed ends at the end."""
    root = Component("")
    open_ones, count, too_deep = [root], 0, 0
    for line in lines:
        each = _read_line(line)
        if each is None:
            continue
        if each.name == "BEGIN":
            count += 1
            if count > MAX_COMPONENTS:
                break
            if len(open_ones) > MAX_DEPTH or too_deep:
                too_deep += 1
                continue
            begun = Component(clean_line(each.value).strip().upper()[:40])
            open_ones[-1].parts.append(begun)
            open_ones.append(begun)
        elif each.name == "END":
            if too_deep:
                too_deep -= 1
            elif len(open_ones) > 1:
                open_ones.pop()
        elif not too_deep:
            open_ones[-1].properties.append(each)
    return root.parts


def _read_line(line):
    head, value = _split(line)
    name = _NAME.match(head)
    if not name or len(head) > MAX_HEAD:
        return None
    parameters = {
        key.upper(): clean_line(_CARET.sub(_uncareted, given.replace('"', ""))).strip()
        for key, given in _PARAMETER.findall(head)
    }
    # groups ("item1.SUMMARY") are vCard's
    return Property(name[0].upper(), parameters, value.strip())


def _split(line):
    """At the first colon that is not within quotation marks."""
    quoted = False
    for sign in _SIGN.finditer(line):
        if sign[0] == '"':
            quoted = not quoted
        elif not quoted:
            return line[: sign.start()], line[sign.end() :]
    head, _colon, value = line.partition(":")
    return head, value


def _unescaped(match):
    return "\n" if match[1] in "nN" else match[1]


def _uncareted(match):
    """RFC 6868."""
    return {"n": " ", "'": "'", "^": "^"}[match[1]]
