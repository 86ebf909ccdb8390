"""How much HTML a parser may be given.

libxml2, and the host's sanitiser after it, take minutes on one element with 100,000 attributes,
on thousands of unclosed elements, or drop what is nested more than 256 deep. Here HTML is read
once, in linear time, without building anything, and judged.
"""

import re
from html import unescape

from .text import CUT_NOTE

MAX_HTML = 1_000_000
MAX_TAGS = 40_000
MAX_ATTRIBUTES = 250
"""Of one element."""
MAX_TAG_LENGTH = 40_000
MAX_DEPTH = 200
MAX_INNER_TAGS = 60
"""Beginnings of tags within one tag: in the values of its attributes, or where it is not closed."""

# Elements that have no content, or are closed by the next one of their kind (HTML 13.1.2.4).
UNNESTED_TAGS = frozenset(
    str.split(
        "area base br col embed hr img input link meta param source track wbr p li dd dt td th tr "
        "option thead tbody tfoot colgroup html body head"
    )
)

# Parsers before libxml2 2.14 let a name begin with other characters than letters.
_TAG = re.compile(r"<(/?)([^\s/><!?][^\s/><]*)(>)?")
_ATTRIBUTE = re.compile(
    r"""[\s/]*[^\s/>=][^\s/>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*|(?=>)|["']))?|[\s/]*=|[\s/]+"""
)
_WHOLE_TAG = re.compile(r"<[/!?a-zA-Z][^<>]*>")
_UNSHOWN = re.compile(r"<(script|style|head|title)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_LINE_BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6])\b[^<>]*>", re.IGNORECASE)


def cut(html):
    """Return ``html``, cut between two elements where it is too long, and a note that says so."""
    if len(html) <= MAX_HTML:
        return html, ""
    end = html.rfind("<", MAX_HTML - MAX_TAG_LENGTH, MAX_HTML)
    return html[: end if end > 0 else MAX_HTML], f"<p>{CUT_NOTE}</p>"


def is_hostile(html):
    """Tell whether a parser should be spared ``html``."""
    if html.count("<") > MAX_TAGS:
        return True
    depth = 0
    for match in _TAG.finditer(html):
        if match[3] is None and _is_overloaded(html, match.end()):
            return True
        if match[2].lower() in UNNESTED_TAGS:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            return True
    return False


def _is_overloaded(html, position):
    """Read the attributes of the tag whose name ends at ``position``.

    The search for tags goes on right after the name, not after the tag: browsers and libxml2 do
    not agree where a broken tag ends, so that a tag hidden in a value is counted as well.
    """
    start, limit = position, min(len(html), position + MAX_TAG_LENGTH)
    for _number in range(MAX_ATTRIBUTES):
        match = _ATTRIBUTE.match(html, position, limit)
        if not match:
            break
        position = match.end()
        if html[position : position + 1] == ">":
            break
    else:
        return True
    if position >= start + MAX_TAG_LENGTH:
        return True
    return html.count("<", start, position) > MAX_INNER_TAGS


def strip_tags(html):
    """Return the text of HTML that is not parsed."""
    text = _UNSHOWN.sub(" ", html)
    text = _LINE_BREAKS.sub("\n", text)
    return unescape(_WHOLE_TAG.sub(" ", text)).strip()
