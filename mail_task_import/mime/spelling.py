"""Spellings that people take for one: what they do not see is no part of a word.

Spammers put signs without width between letters, and programs put soft hyphens there. What is said
here is done to both sides: to what people enter, and to the text in which it is looked for.
"""

import re
import unicodedata

PIECE = 500
"""Characters, twice as many at most, whose marks are put in order at once."""
LONGEST_GROWTH = 4
"""How many times as long a piece may become; one sign stands for eighteen letters."""

# Unicode's Default_Ignorable_Code_Point: drawn as nothing
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_DOTTED_CAPITAL, _DOTLESS, _DOT_ABOVE = "\u0130", "\u0131", "\u0307"


def readable(text):
    """``text`` as it is seen: without signs that nobody sees, each letter with its marks."""
    return text if text.isascii() else _composed(_HIDDEN.sub("", text), "NFC")


def folded(text):
    """``text`` so that two spellings that people take for one are equal, capitals or not."""
    if text.isascii():
        return text.casefold()
    text = undotted(_composed(_HIDDEN.sub("", text), "NFKC")).casefold()
    return text.replace(f"i{_DOT_ABOVE}", "i") if _DOT_ABOVE in text else text


def undotted(text):
    """As long as ``text``, where the capitals of both letters i of Turkish are those of English.

    Else "SİPARİŞ" is no "sipariş", whatever becomes of capitals.
    """
    if _DOTTED_CAPITAL in text:
        text = text.replace(_DOTTED_CAPITAL, "I")
    return text.replace(_DOTLESS, "i") if _DOTLESS in text else text


def _composed(text, form):
    """In pieces: marks in a row are put in order in a time that grows with their square."""
    pieces, start = [], 0
    while start < len(text):
        end = start + PIECE
        # what is of ASCII belongs to no letter before it
        while end < min(len(text), start + 2 * PIECE) and not text[end].isascii():
            end += 1
        pieces.append(_normal(text[start:end], form))
        start = end
    return "".join(pieces)


def _normal(piece, form):
    if piece.isascii():
        return piece
    found = unicodedata.normalize(form, piece)
    if len(found) > LONGEST_GROWTH * len(piece):
        return unicodedata.normalize("NFC", piece)
    return found
