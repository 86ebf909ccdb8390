"""Values in the place of placeholders, so that they are text there and nothing else.

A template is taken apart before the host renders it: tokens that nobody can guess stand for the
placeholders, and become values afterwards. Put in before, a name with braces would run as a
template; looked for afterwards, one that reads like a placeholder would be filled in.
"""

import re
import secrets
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import quote, unquote, urlsplit

import re2
from markupsafe import Markup, escape

from .syntax import Placeholder, places

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
"""Of addresses that a value may give."""

# in linear time: who writes a template may paste anything
_TAG = re2.compile(r"<(?:!--|[a-zA-Z/])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>?")
_ATTRIBUTE = re2.compile(r"([^\s\"'<>/=]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]*)")
_ADDRESSES = frozenset({"href", "src", "action", "background", "srcset", "cite", "poster"})
_WEB = ("https://", "http://")
_HEAD = ("", *_WEB)
_LINE = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
# what turns the direction of text would turn that of the letter around it, too
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_MAIL = re.compile(r"[^\s@:/?#\"'<>()&%]+@[^\s@:/?#\"'<>()&%]+\.[^\s@:/?#\"'<>()&%]+")
_NOT_IN_STYLES = re.compile(r"[^\w\s#%.,-]")


class Place(Enum):
    LINE = "one line of text: a subject"
    TEXT = "between tags"
    ATTRIBUTE = "an attribute"
    ADDRESS = "the whole address of a link or picture, or all before its path"
    PART = "a part of such an address"
    STYLE = "a style"


class Link(str):
    """A value that is an address; between tags it becomes a link, shown as ``words``."""

    words: str

    @classmethod
    def to(cls, address: str, words: str) -> "Link":
        link = cls(address)
        link.words = words
        return link


@dataclass(frozen=True, slots=True)
class Prepared:
    """A template with tokens for its placeholders."""

    source: str
    tokens: dict[str, tuple[Placeholder, Place]]
    pattern: re.Pattern

    @property
    def placeholders(self) -> set[Placeholder]:
        return {placeholder for placeholder, _place in self.tokens.values()}

    def fill(self, rendered: str, value_of: Callable[[Placeholder], str]) -> str:
        """What the host has rendered, with values; ``Markup`` stays it.

        :param value_of: plain text of a placeholder's value; empty: its default stands there
        """

        def put(match):
            placeholder, place = self.tokens[match[0]]
            return harmless(value_of(placeholder) or placeholder.default, place)

        return type(rendered)(self.pattern.sub(put, str(rendered)))


def prepare(source: str, is_html: bool) -> Prepared | None:
    """None where there is no placeholder."""
    found = list(places(source, is_html))
    if not found:
        return None
    where = _places_in_html(source) if is_html else (lambda _start, _end: Place.LINE)
    prefix, pieces, end, tokens = f"q{secrets.token_hex(12)}", [], 0, {}
    for placeholder, start, stop in found:
        place = where(start, stop)
        if place is None:
            continue
        if place in (Place.ADDRESS, Place.PART) and "%" in placeholder.default:
            # the host writes addresses in links as they are sent
            placeholder = replace(placeholder, default=unquote(placeholder.default))
        if place is Place.ADDRESS:
            start -= _scheme_before(source, end, start)
        token = f"{prefix}x{len(tokens)}q"
        tokens[token] = (placeholder, place)
        pieces += (source[end:start], token)
        end = stop
    pieces.append(source[end:])
    return Prepared("".join(pieces), tokens, re.compile(f"{prefix}x[0-9]+q")) if tokens else None


def _scheme_before(source: str, begin: int, end: int) -> int:
    """Letters that an editor puts before an address unknown to it, which has its own."""
    before = source[max(begin, end - len("https://")) : end].lower()
    return next((len(scheme) for scheme in _WEB if before.endswith(scheme)), 0)


def _places_in_html(source: str) -> Callable[[int, int], Place | None]:
    """Where in the HTML a placeholder stands; None: where the host computes, or a program runs."""
    tags = [match for match in _TAG.finditer(source) if "{" in match[0] or "%7" in match[0]]
    starts = [tag.start() for tag in tags]
    attributes = {}

    def place(start: int, end: int) -> Place | None:
        number = bisect(starts, start) - 1
        if number < 0 or tags[number].end() <= start:
            return Place.TEXT
        if number not in attributes:
            found = list(_ATTRIBUTE.finditer(tags[number][0]))
            attributes[number] = found, [match.start(2) for match in found]
        found, values = attributes[number]
        begin = starts[number]
        nearest = bisect(values, start - begin) - 1
        if nearest >= 0 and start - begin < found[nearest].end(2):
            return _place_in_attribute(found[nearest], start - begin, end - begin)
        return Place.TEXT if source.startswith("<!--", begin) else None

    return place


def _place_in_attribute(match: re.Match, start: int, end: int) -> Place | None:
    name, value = match[1].lower(), match[2]
    if name.startswith(("t-", "on")):
        return None
    if name == "style":
        return Place.STYLE
    if name not in _ADDRESSES:
        return Place.ATTRIBUTE
    quoted = value[:1] in "\"'" and len(value) > 1
    first, last = match.start(2) + quoted, match.end(2) - quoted
    before, behind = (value[one - match.start(2) :] for one in (first, end))
    leads = before[: start - first].lower() in _HEAD and name != "srcset"
    return Place.ADDRESS if leads and (end == last or behind[0] in "/?#") else Place.PART


def harmless(value: str, place: Place) -> str:
    """A value as it may stand in that place."""
    if place is Place.TEXT and isinstance(value, Link):
        return str(Markup('<a href="%s">%s</a>') % (str(value), value.words))
    value = _CONTROL.sub("", value) if place is Place.TEXT else _LINE.sub(" ", value)
    value = _CONTROL.sub("", value)
    if place is Place.LINE:
        return value
    if place is Place.TEXT:
        return str(Markup("<br>").join(map(escape, value.splitlines())))
    if place is Place.PART:
        return quote(value, safe="")
    if place is Place.STYLE:
        return _NOT_IN_STYLES.sub("", value)
    if place is Place.ADDRESS:
        value = _address(value)
    return str(escape(value))


def _address(value: str) -> str:
    """An address that opens a page, a mail or a call; "#" for any other."""
    value = value.strip()
    if _MAIL.fullmatch(value):
        return f"mailto:{value}"
    try:
        scheme = urlsplit(value).scheme.lower()
    except ValueError:
        return "#"
    if scheme in SCHEMES:
        return value
    if scheme and not re.fullmatch(r"[\w.-]+:\d+(?:[/?#].*)?", value):
        return "#"
    return f"https://{value.lstrip('/')}" if "." in value else "#"
