"""What was meant to be a placeholder, is none, and would go out as it is written.

Only what can hardly be anything else counts: CSS, JSON, the host's own expressions and words in
braces are full of colons, blanks and braces.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from .attributes import ALL
from .syntax import (
    BLANKS,
    BRACES,
    MOST_STEPS,
    RESERVED,
    ROOTS,
    UNSEEN,
    encoded_ones,
    placeholder_of,
    places,
    seen,
)

FARTHEST = 2
"""Typing errors in a name that was meant to be one of ours (``nearest``)."""
LONGEST = 300

_NAMES = "|".join(ROOTS)
_LETTER = rf"(?:\w|{UNSEEN})"
_BLANK = r"(?:[ \t\xa0]|&nbsp;|&#160;)"
_BEGUN = re.compile(
    rf"\{{{{1,2}}{BLANKS}(?:(?P<root>{_NAMES}){BLANKS}(?P<sign>[.|])"
    rf"|(?P<alone>currentYear|optOutUrl|optOutLink)\b(?!{BLANKS}[:=(])"
    rf"|(?P<word>today|now){BLANKS}(?=\||\}}|<|\s*\Z))"
)
"""Begins as a placeholder, in one brace or two, whatever follows."""
_REST = re.compile(
    rf"(?P<names>(?:{_LETTER}|[., \t\xa0]|&nbsp;)*)"
    r"(?:\|(?P<default>[^<>\r\n|]{0,220}?(?=\}|<|\Z)|[^{}<>]{0,400}(?=\})))?(?P<end>\}{0,2})"
)
_FIRST = re.compile(rf"(?:{_LETTER}|\.(?=\w))*")
_OTHER_SIGN = re.compile(
    rf"(?<!\{{)\{{{BLANKS}(?P<root>{_NAMES}|(?i:Account|Person|Opportunity)|[A-Z][a-z]{{2,12}})"
    rf"(?P<sign>{_BLANK}{{0,3}}(?:[,:;/\\_=>\-–—]|-(?:>|&gt;)|::|\.\.){BLANKS}|{_BLANK}{{1,5}})"
    rf"(?P<names>[^\W\d](?:{_LETTER}|[.\-]|{_BLANK}(?=\w)){{0,80}}){BLANKS}"
    r"(?:\|(?P<default>[^{}<>]{0,400}))?\}(?!\})"
)
"""Whole, with another sign than the dot."""
_TORN_WORD = re.compile(
    rf"(?<!\{{)\{{{BLANKS}(?P<word>[a-zA-Z][a-zA-Z \-_,.;]{{2,14}}){BLANKS}\}}(?!\}})"
)
_SIGNS = re.compile(r"[ \-_,.;]")
_LOOKALIKES = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456",
    "ABEKMHOPCTXIaeopcyxi",
)
"""Typed on a Cyrillic keyboard."""
_COMPUTED = re.compile(r"\st-[\w.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Mistake:
    written: str
    meant: str
    """What was probably meant, with its braces; "" where its path is too long."""


def mistakes(text: str, is_html: bool = False) -> list[Mistake]:
    """Each once."""
    found = {}
    if is_html:
        text = _COMPUTED.sub(" ", text)
        found |= dict.fromkeys(_torn(text) if "{" in text else ())
        for written, _start, _end in encoded_ones(text):
            found |= dict.fromkeys(mistakes(written))
    if "{" in text:
        found |= dict.fromkeys(filter(None, map(_misspelt, BRACES.finditer(text))))
        found |= dict.fromkeys(_broken(text))
        found |= dict.fromkeys(filter(None, map(_with_other_sign, _OTHER_SIGN.finditer(text))))
        found |= dict.fromkeys(filter(None, map(_with_sign_inside, _TORN_WORD.finditer(text))))
    return list(found)


def _misspelt(match: re.Match) -> Mistake | None:
    name, path, default = seen(match["name"]), seen(match["path"]), match["default"]
    if name in ROOTS and path.count(".") > MOST_STEPS:
        return Mistake(match[0][:60] + "…}", "")
    before = match.string[max(0, match.start() - 1) : match.start()]
    if placeholder_of(match, False) or (before in ("$", "#") and name not in ROOTS):
        return None
    if name in ROOTS and path:
        return Mistake(match[0], _placeholder(name, path.split("."), default))
    meant = nearest(name, ROOTS if path else RESERVED)
    if not meant and path:
        meant, path = nearest(name, RESERVED), ""
    elif not meant and not path:
        # one word alone is more often somebody else's: {code}, {reason}
        meant, path = nearest(name, ROOTS, farthest=1), ".name"
    return Mistake(match[0], _placeholder(meant, path.split("."), default)) if meant else None


def _broken(text: str) -> Iterator[Mistake]:
    """Without an end, in two braces, or with a default that holds what none may."""
    for begun in _BEGUN.finditer(text):
        if BRACES.match(text, begun.start()):
            continue
        rest = _REST.match(text, begun.end() - (begun["sign"] == "|"), begun.end() + 2 * LONGEST)
        end, names, default = rest.end(), rest["names"], rest["default"]
        if not rest["end"]:
            names = _FIRST.match(names)[0]
            end = end if default else rest.start() + len(names)
        root = begun["root"] or begun["alone"] or begun["word"]
        steps = names.split(".") if begun["root"] else []
        written = text[begun.start() : end][:LONGEST]
        yield Mistake(written, _placeholder(root, steps, default, needs_name=bool(begun["root"])))


def _with_other_sign(match: re.Match) -> Mistake | None:
    names = seen(html.unescape(match["names"]))
    root = nearest(match["root"], ROOTS, farthest=1)
    sign = seen(html.unescape(match["sign"]))
    if not root or not _is_meant(match["root"] == root, sign, names):
        return None
    steps = re.split(r"[.,]", names)
    return Mistake(match[0][:LONGEST], _placeholder(root, steps, match["default"]))


def _with_sign_inside(match: re.Match) -> Mistake | None:
    """``{today,}``, ``{opt out url}``."""
    word = _SIGNS.sub("", match["word"])
    name = next((name for name in RESERVED if name.lower() == word.lower()), None)
    if name is None or name == match["word"].strip():
        return None
    return Mistake(match[0], "{" + name + "}")


def _is_meant(is_root: bool, sign: str, names: str) -> bool:
    """``{Task-based}``, ``{user: 5}``, ``{Case, Task}`` are words, and nobody's placeholder."""
    words = re.findall(r"\w+", names)
    name = "".join(words).replace("_", "").lower()
    known = name in ALL or any(OSA.distance(name, one) <= 1 for one in ALL if len(one) > 4)
    if not is_root:
        return name in ALL and (sign in ("-", ":") or not sign.strip())
    if not sign.strip():
        return known or len(words) <= 3
    return known or (sign in ":_" and len(words) == 1) or "_" in names.strip("_")


def _placeholder(root: str, steps: Iterable[str], default: str | None, needs_name=True) -> str:
    """As it is to be written: names of several words are one, a default is one line."""
    words = [re.findall(r"\w+", seen(html.unescape(step))) for step in steps]
    path = [
        # a sentence goes on behind the name
        one + "".join(word[:1].upper() + word[1:] for word in more if len(more) < 3)
        for one, *more in filter(None, words)
    ]
    if root in ROOTS and needs_name:
        path = path or ["name"]
    default = re.sub(r"[{}]", "", " ".join(html.unescape(default or "").split()))[:200].strip()
    return "{" + ".".join((root, *path)) + (f"|{default}" if default else "") + "}"


def alike(word: str, names: Iterable[str], farthest=FARTHEST) -> list[str]:
    """The names that may have been meant, the nearest first.

    Half of a short name may not be wrong, or each word would be one.
    """
    found = []
    word = word.translate(_LOOKALIKES)
    for name in names:
        long = len(name) > 4 or (len(name) == 4 and word[:1].lower() == name[:1].lower())
        distance = min(OSA.distance(word, name), OSA.distance(word.lower(), name.lower()))
        if distance <= (farthest if long else 1):
            found.append((distance, name))
    return [name for _distance, name in sorted(found, key=lambda one: one[0])]


def nearest(word: str, names: Iterable[str], farthest=FARTHEST) -> str:
    """The name that was meant; "" where it is nothing of ours."""
    return next(iter(alike(word, names, farthest)), "")


def _torn(text: str) -> Iterator[Mistake]:
    """Placeholders through which a tag goes: an editor makes half a word bold."""
    whole = Counter(found for piece in _TAG.split(text) for found, *_ in places(piece, True))
    joined = Counter(found for found, *_ in places(_TAG.sub("", text), True))
    for found in joined - whole:
        yield Mistake(str(found), str(found))
