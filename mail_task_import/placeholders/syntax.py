"""What is a placeholder of ours in a text, and what was meant to be one.

``{Root.path}`` with one of ``ROOTS``, or one of ``RESERVED`` alone; either with what stands there
where the value is empty: ``{Person.firstName|there}``. Every other brace is somebody else's: CSS,
JSON, the host's ``{{ object.name }}``.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

ROOTS = ("Account", "Person", "Lead", "Opportunity", "Case", "Task", "Parent", "User")
OPT_OUTS = ("optOutUrl", "optOutLink")
RESERVED = ("today", "now", "currentYear", *OPT_OUTS)
MOST_STEPS = 50
"""Of a path; longer ones are refused (``mistakes``)."""
FARTHEST = 2
"""Typing errors in a name that was meant to be one of ours (``nearest``)."""

_BLANKS = r"(?:[ \t\xa0]|&nbsp;|&#160;){0,5}"
"""What an editor leaves around a word; it changes nothing."""
_BRACES = re.compile(
    rf"(?<!\{{)\{{{_BLANKS}"
    rf"(?P<name>[^\W\d_]\w{{0,39}})(?P<path>(?:\.\w{{1,64}})*){_BLANKS}"
    rf"(?:\|{_BLANKS}(?P<default>[^{{}}<>\r\n]{{0,200}}))?\}}(?!\}})"
)
_NEAR = re.compile(
    rf"(?<!\{{)\{{{_BLANKS}(?P<name>{'|'.join(ROOTS)})"
    r"(?P<rest>(?:[.,|]|\s+\w)[^{}<>]*)\}(?!\})"
)
"""Begins as a placeholder, whatever follows."""
_TAG = re.compile(r"<[^<>]*>")


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


@dataclass(frozen=True, slots=True)
class Mistake:
    written: str
    meant: str
    """What was probably meant, with its braces; "" where its path is too long."""


def may_hold_some(text: str) -> bool:
    """False says that there is none; quick."""
    return "{" in text and bool(_ANY.search(text))


_ANY = re.compile(rf"\{{{_BLANKS}(?:{'|'.join((*ROOTS, *RESERVED))})(?:[.|}}]|{_BLANKS}[|}}])")


def placeholders(text: str, is_html: bool = False) -> list[Placeholder]:
    """Those in a text, each once, in their order."""
    return list(dict.fromkeys(found for found, _start, _end in places(text, is_html)))


def places(text: str, is_html: bool = False) -> Iterator[tuple[Placeholder, int, int]]:
    """Each placeholder with where it begins and ends."""
    for match in _BRACES.finditer(text) if "{" in text else ():
        if _is_ours(match):
            default = (match["default"] or "").strip(" \t\xa0")
            path = tuple(match["path"].split(".")[1:])
            default = html.unescape(default).strip("\xa0 ") if is_html else default
            yield Placeholder(match["name"], path, default), match.start(), match.end()


def _is_ours(match: re.Match) -> bool:
    if match["path"]:
        return match["name"] in ROOTS and not _is_too_long(match)
    return match["name"] in RESERVED


def _is_too_long(match: re.Match) -> bool:
    return match["path"].count(".") > MOST_STEPS


def mistakes(text: str, is_html: bool = False) -> list[Mistake]:
    """What looks like a placeholder, is none, and would go out as it is written."""
    found = dict.fromkeys(filter(None, map(_mistake, _BRACES.finditer(text))))
    near = [match for match in _NEAR.finditer(text) if not _BRACES.fullmatch(match[0])]
    found |= dict.fromkeys(map(_meant, near))
    if is_html and "{" in text:
        found |= dict.fromkeys(_torn(text))
    return list(found)


def _mistake(match: re.Match) -> Mistake | None:
    if match["name"] in ROOTS and _is_too_long(match):
        return Mistake(match[0][:60] + "…}", "")
    if _is_ours(match):
        return None
    name = nearest(match["name"], ROOTS if match["path"] else RESERVED)
    path = match["path"]
    if not name and path:
        name, path = nearest(match["name"], RESERVED), ""
    elif not name and not path:
        name, path = nearest(match["name"], ROOTS), ".name"
    default = f"|{match['default']}" if match["default"] else ""
    return Mistake(match[0], "{" + name + path + default + "}") if name else None


def _meant(match: re.Match) -> Mistake:
    """A name of two words, another sign than a dot, a default of several lines or a long one."""
    names, _bar, default = html.unescape(match["rest"]).partition("|")
    steps = [re.findall(r"\w+", step) for step in re.split(r"[.,]", names)]
    steps = [one + "".join(word[:1].upper() + word[1:] for word in more) for one, *more in
             filter(None, steps)] or ["name"]  # fmt: skip
    default = " ".join(default.split())[:200]
    meant = ".".join((match["name"], *steps)) + (f"|{default}" if default else "")
    return Mistake(match[0][:300], "{" + meant + "}")


def nearest(word: str, names: Iterable[str]) -> str:
    """The name that was meant; "" where it is nothing of ours.

    Half of a short name may not be wrong, or each word would be one.
    """

    def distance(name):
        return min(OSA.distance(word, name), OSA.distance(word.lower(), name.lower()))

    nearest = min(names, key=distance)
    alike = len(nearest) > 4 or (len(nearest) == 4 and word[:1].lower() == nearest[:1].lower())
    return nearest if distance(nearest) <= (FARTHEST if alike else 1) else ""


def _torn(text: str) -> Iterator[Mistake]:
    """Placeholders through which a tag goes: an editor makes half a word bold."""
    whole = Counter(found for piece in _TAG.split(text) for found, *_ in places(piece, True))
    joined = Counter(found for found, *_ in places(_TAG.sub("", text), True))
    for found in joined - whole:
        yield Mistake(str(found), str(found))
