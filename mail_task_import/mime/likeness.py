"""Names and domains that look alike to people and differ to computers: a Cyrillic "і", an invisible
sign in the middle, "Admin, Mitchell", "MitchellAdmin", "company.example.evil.example".

Two names look alike where their words do; which comes first, and what stands between, is the same
to the eye. Letters are compared by Unicode's confusables (UTS 39), and a choice of our own.
"""

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

MAX_WORDS = 40
"""Of one name; what follows is not read by people either."""
MAX_NAME = 500
MAX_LABELS = 12
"""Of one domain, counted from its end."""
MOST_WITHIN = 6
"""Words of a name that is a part of a longer one."""
LEAST_JOINED = 7
"""Letters of a name that is known without its blanks: "Li Na" is not every Lina."""
LEAST_IN_ONE = 10
"""Letters of such a name, where more words stand beside it: "Anna Marie", "Annamarie Huber"."""
LEAST_SPACED = 3
"""Letters one by one that make a word."""

_TURNED = re.compile("[\u202d\u202e]*\u202e([^\u202c\u2069]*)[\u202c\u2069]?")
"""Text that is shown from right to left, whatever its letters are."""
_WORD = re.compile(r"[^\W_]+")
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs without any ink."""
_OURS = str.maketrans(
    # Cyrillic
    "АВЕЗКМНОРСТУХЅІЈԀԚԜҺӀабвекмнорстухѕіјԁԛԝһӏүʏ"
    # Greek
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγεηικνορτυχϲϳ"
    # Armenian, and further Latin letters
    "օոսհցքɑɡɩıȷłøđħŧʟʀɴɪ"
    # small capitals
    "ᴀʙᴄᴅᴇꜰɢʜᴊᴋᴍᴏᴘꞯꜱᴛᴜᴠᴡᴢ",
    "ABE3KMHOPCTYXSIJDQWHIa6bekmhopctyxsijdqwhlyyABEZHIKMNOPTYXabyehikvoptuxcjonuhgpagiijlodhtlrni"
    "abcdefghjkmopqstuvwz",
)
_STROKES = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})
"""A capital I is a small l, a zero is an O."""


@lru_cache(maxsize=20_000)
def keys_of(name):
    """All that a known name looks like, each its words in the order of the alphabet, as a tuple.

    Without initials, and without blanks, too.
    """
    found = set()
    for is_early in (True, False):
        words = _words(name, is_early)
        long = _without_initials(words)
        for some in (words, long) if len(long) > 1 else (words,):
            found.add(tuple(sorted(some)))
            found.update(_joined(some), _joined(some[::-1]))
    return frozenset(found)


@lru_cache(maxsize=64)
def keys_within(name):
    """All that a name may be taken for: of some words of it that stand side by side, the keys."""
    found = set()
    for shown in {name, _TURNED.sub(lambda turned: turned[1][::-1], name)}:
        # letters as they are written, then as small ones: a capital Greek Ν is an N, a small ν a v
        for is_early in (True, False):
            words = _words(shown, is_early)
            for some in {words, _despaced(words), _without_initials(words)}:
                found.add(tuple(sorted(some)))
                found.update(_joined(some))
                found.update((word,) for word in some if len(word) >= LEAST_IN_ONE)
                for start in range(len(some)):
                    for end in range(start + 2, min(start + MOST_WITHIN, len(some)) + 1):
                        found.update(_joined(some[start:end]))
                        found.add(tuple(sorted(some[start:end])))
    found.discard(())
    return frozenset(found)


def visible(text):
    """Without what nobody sees, and with wide or ornate letters as plain ones."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc"))


class Domains:
    """Our own domains: which others are theirs, and which only look like it."""

    def __init__(self, domains):
        self._own = frozenset(_labels(domain) for domain in domains)
        self._looks = {_look(own) for own in self._own}

    def likeness(self, domain):
        """ "own" for one of them or below one, "alike" for what people take for it, else ""."""
        labels = _labels(domain)
        ends = [labels[start:] for start in range(len(labels))]
        if any(end in self._own for end in ends):
            return "own"
        if any(_look(end) in self._looks for end in ends):
            return "alike"
        # company.example.evil.example: the end is what counts, the beginning is what is read
        inner = (end[:length] for end in ends for length in range(2, len(end)) if len(end) > length)
        return "alike" if any(_look(some) in self._looks for some in inner) else ""


def _labels(domain):
    """Labels of a domain, in the letters in which it is read."""
    labels = domain.lower().strip(".").split(".")[-MAX_LABELS:]
    return tuple(map(_readable, labels))


@lru_cache(maxsize=20_000)
def _readable(label):
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").lower()
    except ValueError:
        return label


def _look(labels):
    return tuple(_look_of_label(label) for label in labels)


@lru_cache(maxsize=20_000)
def _look_of_label(label):
    return _folded(label, is_early=False)


@lru_cache(maxsize=20_000)
def _words(name, is_early):
    return tuple(_WORD.findall(_folded(name[:MAX_NAME], is_early))[:MAX_WORDS])


def _folded(text, is_early):
    # blanks first: NFKD makes other letters of some
    decomposed = unicodedata.normalize("NFKD", "".join(map(_seen, text)))
    text = "".join(map(_seen, decomposed))
    letters = _letters()
    text = text.translate(letters).casefold() if is_early else text.casefold().translate(letters)
    return _paired(text.casefold().translate(_STROKES))


def _paired(text):
    """Two letters that look like one."""
    return text.replace("rn", "m").replace("vv", "w")


def _joined(words):
    """The words without blanks, as a key of one word; nothing where that says little."""
    text = _paired("".join(words))
    return [(text,)] if len(text) >= LEAST_JOINED else []


def _without_initials(words):
    return tuple(word for word in words if len(word) > 1)


def _despaced(words):
    """ "M i t c h e l l" as one word."""
    found, letters = [], []
    for word in (*words, ""):
        if len(word) == 1:
            letters.append(word)
            continue
        found += [_paired("".join(letters))] if len(letters) >= LEAST_SPACED else letters
        letters = []
        found += [word] if word else []
    return tuple(found)


@cache
def _letters():
    """One letter or digit of ASCII for each that looks like it, as ``str.translate`` takes it."""
    data = files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8")
    found = {}
    for plain, others in json.loads(data).items():
        if plain.isascii() and plain.isalnum() and len(plain) == 1:
            for other in others:
                if len(other["c"]) == 1 and not other["c"].isascii():
                    found.setdefault(ord(other["c"]), plain)
    return found | _OURS


def _seen(character):
    """A character as it is read: "" for one without ink and width."""
    if character in _BLANK or character.isspace():
        return " "
    return "" if unicodedata.category(character) in ("Cf", "Cc", "Mn", "Me") else character
