"""What is a placeholder of ours in a text; ``mistakes.py`` says what was meant to be one.

``{Root.path}`` with one of ``ROOTS``, or one of ``RESERVED`` alone; either with what stands there
where the value is empty: ``{Person.firstName|there}``. Every other brace is somebody else's: CSS,
JSON, the host's ``{{ object.name }}``. In the address of a link the braces may be percent-encoded.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

ROOTS = ("Account", "Person", "Lead", "Opportunity", "Case", "Task", "Parent", "User")
OPT_OUTS = ("optOutUrl", "optOutLink")
RESERVED = ("today", "now", "currentYear", *OPT_OUTS)
MOST_STEPS = 50
"""Of a path; longer ones are refused (``mistakes``)."""

UNSEEN = (
    r"(?:[\u00ad\u200b-\u200f\u2060\ufeff]|&(?:shy|zwn?j|[lr]rm|ZeroWidthSpace|NoBreak"
    r"|#(?:173|820[3-7]|8288|65279)|#[xX](?:[aA][dD]|200[b-fB-F]|2060|[fF][eE][fF][fF]));)"
)
"""What a text that was pasted holds between letters, and nobody sees; it changes nothing."""
BLANKS = (
    rf"(?:[ \t\r\n\xa0\u2000-\u200a\u202f\u205f\u3000]|&nbsp;|&#160;|&#[xX][aA]0;|{UNSEEN}){{0,9}}"
)
"""What an editor leaves around a word; it changes nothing."""
BRACES = re.compile(
    rf"(?<!\{{)\{{{BLANKS}"
    rf"(?P<name>[^\W\d_](?:\w|{UNSEEN}){{0,59}})(?P<path>(?:\.(?:\w|{UNSEEN}){{1,80}})*){BLANKS}"
    rf"(?:\|{BLANKS}(?P<default>[^{{}}<>\r\n]{{0,200}}))?\}}(?!\}})"
)
_UNSEEN = re.compile(UNSEEN)
_IN_ADDRESS = re.compile(
    r"\b(?:href|src|action|background|cite|poster)\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+)",
    re.I,
)
_ENCODED = re.compile(r"%7b((?:[^%{}<>\"'\s]|%(?!7[bd])[0-9a-f]{2}){1,400})%7d", re.I)


@dataclass(frozen=True, slots=True)
class Placeholder:
    root: str
    """One of ``ROOTS`` or ``RESERVED``."""
    path: tuple[str, ...] = ()
    """Attributes or fields, outermost first; empty where reserved."""
    default: str = ""
    """What stands there where the value is empty."""

    def __str__(self):
        default = f"|{self.default}" if self.default else ""
        return "{" + ".".join((self.root, *self.path)) + default + "}"


def may_hold_some(text: str) -> bool:
    """False says that there is none; quick."""
    return ("{" in text or "%7" in text) and next(places(text, True), None) is not None


def placeholders(text: str, is_html: bool = False) -> list[Placeholder]:
    """Those in a text, each once, in their order."""
    return list(dict.fromkeys(found for found, _start, _end in places(text, is_html)))


def places(text: str, is_html: bool = False) -> Iterator[tuple[Placeholder, int, int]]:
    """Each placeholder with where it begins and ends."""
    encoded = [*encoded_ones(text)][::-1] if is_html else []
    for match in BRACES.finditer(text) if "{" in text else ():
        while encoded and encoded[-1][1] < match.start():
            yield from _encoded_placeholder(*encoded.pop())
        if found := placeholder_of(match, is_html):
            yield found, match.start(), match.end()
    for one in encoded[::-1]:
        yield from _encoded_placeholder(*one)


def placeholder_of(match: re.Match, is_html: bool) -> Placeholder | None:
    """The placeholder that braces are; None where they are somebody else's."""
    name, path = seen(match["name"]), tuple(seen(match["path"]).split(".")[1:])
    ours = name in ROOTS and len(path) <= MOST_STEPS and all(path) if path else name in RESERVED
    if not ours:
        return None
    default = (match["default"] or "").strip(" \t\xa0")
    return Placeholder(name, path, html.unescape(default).strip("\xa0 ") if is_html else default)


def seen(text: str) -> str:
    """A text without what nobody sees."""
    return _UNSEEN.sub("", text)


def encoded_ones(text: str) -> Iterator[tuple[str, int, int]]:
    """``(with braces, start, end)`` of what stands encoded in the address of a link or picture."""
    for address in _IN_ADDRESS.finditer(text) if "%7" in text else ():
        for match in _ENCODED.finditer(address[0]):
            written = "{" + unquote(html.unescape(match[1])) + "}"
            yield written, address.start() + match.start(), address.start() + match.end()


def _encoded_placeholder(
    written: str, start: int, end: int
) -> Iterator[tuple[Placeholder, int, int]]:
    match = BRACES.fullmatch(written)
    if found := match and placeholder_of(match, False):
        yield found, start, end
