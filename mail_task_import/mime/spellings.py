"""Addresses in every spelling that programs and gateways give them, and within other addresses.

Which addresses are looked for, the caller says by a pattern of what stays as it is in all of them:
a signature in hexadecimal digits, which no spelling changes but base64. All of it is bounded: work
grows with the length of the text, whatever is in it.
"""

import re
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Callable, Iterator
from heapq import merge
from html import unescape
from string import ascii_lowercase, ascii_uppercase, digits
from urllib.parse import unquote

MOST_SPELLINGS = 24
"""Of one address: how often it was made a part of another one, in whatever ways."""
FARTHEST = 8_000
"""Characters of an address on both sides of what is looked for in it."""
AT_THE_END = ".,:;!?)]}*"
"""What a sentence puts behind an address."""

SCHEME = re.compile(r"https?(?::|%(?:25){0,5}3A|&#58;)", re.ASCII | re.IGNORECASE)
# what no address holds, also where it is written for HTML
_BETWEEN = re.compile(r"[\s\"'<>]|&(?:lt|gt|quot|nbsp|#39|#34|#x27);")
_BLANKS = (*" \t\r\n\f\v\xa0\"'<>", "&lt;", "&gt;", "&quot;", "&nbsp;", "&#39;", "&#34;", "&#x27;")
# browsers leave these out of the address of a link
_HREF = re.compile(r"\bhref\s{0,9}=\s{0,9}(?:\"[^\"]*\"|'[^']*')", re.ASCII | re.IGNORECASE)
_GAPS = re.compile(
    r"[\t\r\n]|&#(?:0{0,5}(?:9|10|13)|x0{0,5}[9ad]);|&(?:Tab|NewLine);", re.IGNORECASE
)
_PACKED = re.compile(r"(?<![\w+/-])[\w+/-]{86,}", re.ASCII)
_UNPACKING = str.maketrans("-_", "+/")
_DEFENDED = re.compile(r"-([0-9A-Fa-f]{2})|_", re.ASCII)
_LEFT_OUT = re.compile(r"\*(?:\*(.))?")
_LENGTHS = ascii_uppercase + ascii_lowercase + digits + "-_"

Read = Callable[[str], str]
"""What takes the place of a run of characters without blanks: itself, if it is no matter."""


def holds_some(text: str, hint: re.Pattern) -> bool:
    """Whether there may be such an address; quick."""
    return any(True for _place in _places(text, hint))


def each_replaced(text: str, hint: re.Pattern, read: Read) -> str:
    """The text with what ``read`` makes of each address in which the hint is found."""
    joined = str(_HREF.sub(lambda match: _GAPS.sub("", match[0]), text))
    pieces, done = [], 0
    for first, last in _places(joined, hint):
        if first < done:
            continue
        start, end = _run_around(joined, first, last, done)
        pieces += [joined[done:start], read(joined[start:end])]
        done = end
    changed = "".join([*pieces, joined[done:]])
    return text if changed == joined else changed


def has_broken_links(html: str) -> bool:
    """Whether addresses of links go over several lines, which programs read as one."""
    return any(_GAPS.search(match[0]) for match in _HREF.finditer(html))


def _places(text: str, hint: re.Pattern) -> Iterator[tuple[int, int]]:
    plain = (match.span() for match in hint.finditer(text))
    packed = (
        match.span()
        for match in _PACKED.finditer(text)
        if any(hint.search(inner) for inner in _unpacked(match[0]))
    )
    return merge(plain, packed)


def _run_around(text: str, first: int, last: int, done: int) -> tuple[int, int]:
    start = max(done, first - FARTHEST)
    for blank in _BLANKS:
        at = text.rfind(blank, start, first)
        if at >= 0:
            start = at + len(blank)
    end = _BETWEEN.search(text, last, last + FARTHEST)
    return start, end.start() if end else min(len(text), last + FARTHEST)


def spellings(run: str, hint: re.Pattern) -> Iterator[str]:
    """The run, and what it says in each way of reading it; those that lose the hint are left."""
    texts = [unescape(run)]
    for text in texts:
        yield text
        for inner in _readings(text, hint):
            if len(texts) < MOST_SPELLINGS and inner not in texts and hint.search(inner):
                texts.append(inner)


def _readings(text: str, hint: re.Pattern) -> Iterator[str]:
    yield unescape(unquote(text))
    if "-3A_" in text or "-3a_" in text:
        yield _DEFENDED.sub(lambda code: chr(int(code[1], 16)) if code[1] else "/", text)
    if "/v3/__" in text:
        yield _defended(text)
    for packed in _PACKED.finditer(text):
        yield from (inner for inner in _unpacked(packed[0]) if hint.search(inner))


def _unpacked(packed: str) -> Iterator[str]:
    """What base64 says from each place on where it may begin: something may stand before it."""
    packed = packed[:FARTHEST]
    # a slash may be a part of it, or what it stands between
    for piece in {packed, *packed.split("/")}:
        for rest in (piece[skipped:].translate(_UNPACKING) for skipped in range(4)):
            rest = rest[:-1] if len(rest) % 4 == 1 else rest
            yield b64decode(rest + "=" * (-len(rest) % 4)).decode("latin-1")


def _defended(text: str) -> str:
    """Proofpoint's third way: "*" for a character, "**C" for several, all of them at its end."""
    inner, _, rest = text.partition("/v3/__")[2].partition("__;")
    try:
        encoded = rest.partition("!")[0][:2_000]
        left_out = iter(urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode())
    except ValueError:
        return ""

    def put_back(match: re.Match) -> str:
        number = _LENGTHS.find(match[1]) + 2 if match[1] else 1
        return "".join(character for _n, character in zip(range(number), left_out, strict=False))

    return _LEFT_OUT.sub(put_back, inner)
