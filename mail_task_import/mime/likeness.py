"""Names that look alike to people and differ to computers: a Cyrillic "і", an invisible sign
in the middle, "Admin, Mitchell".

Two names look alike where their words do; which comes first, and what stands between, is the same
to the eye. The table is a choice of Unicode's confusables (UTS 39): letters that stand in names.
"""

import re
import unicodedata
from functools import lru_cache

MAX_WORDS = 40
"""Of one name; what follows is not read by people either."""
MAX_NAME = 500
MOST_WITHIN = 6
"""Words of a name that is a part of a longer one."""

_TURNED = re.compile("[\u202d\u202e]*\u202e([^\u202c\u2069]*)[\u202c\u2069]?")
"""Text that is shown from right to left, whatever its letters are."""
_WORD = re.compile(r"[^\W_]+")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs without any ink."""
_LETTERS = str.maketrans(
    # Cyrillic
    "АВЕЗКМНОРСТУХЅІЈԀԚԜҺӀабвекмнорстухѕіјԁԛԝһӏүʏ"
    # Greek
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγεηικνορτυχϲϳ"
    # Armenian, and further Latin letters
    "օոսհցքɑɡɩıȷłøđħŧʟʀɴɪ",
    "ABE3KMHOPCTYXSIJDQWHIa6bekmhopctyxsijdqwhlyyABEZHIKMNOPTYXabyehikvoptuxcjonuhgpagiijlodhtlrni",
)
_STROKES = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})
"""A capital I is a small l, a zero is an O."""


def key_of(name, is_early=True):
    """What a name looks like: its words in the order of the alphabet, as a tuple.

    :param is_early: look at the letters as they are written, not as small ones: a capital Greek Ν
        is an N, a small ν is a v
    """
    return tuple(sorted(_words(name, is_early)))


def keys_within(name):
    """All that a name may be taken for: of some words of it that stand side by side, the keys."""
    found = set()
    for shown in {name, _TURNED.sub(lambda turned: turned[1][::-1], name)}:
        for is_early in (True, False):
            words = _words(shown, is_early)
            found.add(tuple(sorted(words)))
            found.update(
                tuple(sorted(words[start:end]))
                for start in range(len(words))
                for end in range(start + 2, min(start + MOST_WITHIN, len(words)) + 1)
            )
    return found


def visible(text):
    """Without what nobody sees, and with wide or ornate letters as plain ones."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc"))


@lru_cache(maxsize=20_000)
def _words(name, is_early):
    # blanks first: NFKD makes other letters of some
    decomposed = unicodedata.normalize("NFKD", "".join(map(_seen, name[:MAX_NAME])))
    text = "".join(map(_seen, decomposed))
    text = text.translate(_LETTERS).casefold() if is_early else text.casefold().translate(_LETTERS)
    text = text.translate(_STROKES).replace("rn", "m").replace("vv", "w")
    return tuple(_WORD.findall(text)[:MAX_WORDS])


def _seen(character):
    """A character as it is read: "" for one without ink and width."""
    if character in _BLANK or character.isspace():
        return " "
    return "" if unicodedata.category(character) in ("Cf", "Cc", "Mn", "Me") else character
