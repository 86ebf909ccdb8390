"""Charsets that can be told by the marks they leave in what looks like ASCII."""

import re

SAMPLE = 16_384
MIN_SIGNS = 4
MIN_LETTERS = 6
"""Fewer may be chance."""

_SMALL = bytes(range(7))
"""First bytes of Latin, Greek, Cyrillic, Hebrew and Arabic letters in UTF-16."""
_HZ = re.compile(rb"~\{((?:[!-w][!-~])+)~\}")
_RARE_IN_HZ = bytes(range(0x58, 0x80))
_HAN = re.compile("[\u3400-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_PUNCTUATION = re.compile("[\xa0-\xbf\u2010-\u203a\u3001-\u301f\uff01-\uff1f]")


def marked_codec(content):
    """Return the codec of ``content``, which is ASCII, where it is more than that; else ""."""
    if b"\x1b$" in content:
        return _escaped_codec(content)
    if b"~{" in content and _is_hz(content):
        return "hz"
    return "utf-7" if b"+" in content and _is_utf_7(content) else ""


def _escaped_codec(content):
    """Escape sequences say Japanese or Korean, or several (RFC 1468, RFC 1554, RFC 1557)."""
    if b"\x1b$)C" in content:
        return "iso2022_kr"
    if any(mark in content for mark in (b"\x1b$A", b"\x1b$(A", b"\x1b$(C")):
        return "iso2022_jp_2"
    return "iso2022_jp_ext"


def _is_hz(content):
    """Chinese between ~{ and ~} (RFC 1843); what people write there begins with rare signs."""
    found = _HZ.findall(content)
    signs = b"".join(found)[::2]
    usual = signs.translate(None, _RARE_IN_HZ)
    return (
        len(found) == content.count(b"~{")
        and len(signs) >= MIN_SIGNS
        and len(usual) * 3 >= len(signs) * 2
    )


def _is_utf_7(content):
    """Letters between + and - (RFC 2152): all of them are some, and not of scripts apart."""
    try:
        text = content.decode("utf-7")
    except UnicodeError:
        return False
    letters = _PUNCTUATION.sub("", "".join(sign for sign in text if not sign.isascii()))
    if len(letters) < MIN_LETTERS or not letters.isalpha():
        return False
    return not (_HAN.search(letters) and _HANGUL.search(letters))


def wide_codec(content):
    """Return the codec of UTF-16 that nobody declared, "" where ``content`` is none.

    Of each two bytes one is small; Chinese looks otherwise. A few letters between NULs are those
    letters.
    """
    if len(content) < 2 * MIN_SIGNS:
        return ""
    even, odd = content[:SAMPLE:2], content[1:SAMPLE:2]
    for codec, first, second in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        is_small = len(first.translate(None, _SMALL)) * 10 <= len(first)
        if is_small and len(second.translate(None, _SMALL)) * 2 > len(second):
            return codec
    return ""
