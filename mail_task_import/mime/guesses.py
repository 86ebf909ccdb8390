"""In which charset bytes are that do not say it.

A guess may take a millisecond, and a mail may hold ten thousand pieces of text that need one. So
each mail has so many guesses; what it holds beyond them is read in the charset guessed last.
"""

import codecs
import re
from contextlib import contextmanager
from contextvars import ContextVar

GUESS_BYTES = 16_384
MAX_GUESSES = 100
"""Of one mail."""
MAX_MIXED = 1_000
"""Accented letters of another charset among those in UTF-8."""
MAX_ACCENTS = 8
"""So few letters are not enough for a guess by frequency."""

_LINE_END = re.compile(rb"\r?\n")
_HIGH = re.compile(rb"[\x80-\xff]+")
_ACCENTED = "ÄÖÜäöüßàáâãåæçèéêëìíîïñòóôõøùúûýÀÁÂÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕØÙÚÛ".encode("cp1252")
_WESTERN_UTF_8 = re.compile(rb"\xc2[\xa0-\xbf]|\xc3[\x80-\xbf]|\xe2\x80[\x90-\xbf]")
_CYRILLIC = re.compile("[а-яёА-ЯЁ]")
_UNUSUAL_IN_CHINESE = bytes((*range(0xA4, 0xB0), *range(0xD8, 0x100)))
_HANGUL = bytes(range(0xA1, 0xCA))
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")

_guessed = ContextVar("guessed", default=None)
"""What was guessed within one mail: codecs by content."""


@contextmanager
def guesses_of_one_mail():
    """Within it no content is guessed twice, and only so many are. May stand within another."""
    if _guessed.get() is not None:
        yield
        return
    token = _guessed.set({})
    try:
        yield
    finally:
        _guessed.reset(token)


def guess(content):
    """Return the codec that ``content``, which is no UTF-8, is probably in; "" where unknown."""
    content, guessed = content[:GUESS_BYTES], _guessed.get()
    if guessed is None:
        return _guess_charset(content)
    if content not in guessed:
        if len(guessed) >= MAX_GUESSES:
            return next(reversed(guessed.values()))
        guessed[content] = _guess_charset(content)
    return guessed[content]


def _guess_charset(content):
    # In short texts the library below takes Russian for Japanese or Greek.
    if _is_western(content):
        return "cp1252"
    cyrillic = next((codec for codec in ("cp1251", "koi8-r") if _is_russian(content, codec)), "")
    japanese = next((codec for codec in ("euc_jp", "cp932") if _is_japanese(content, codec)), "")
    chinese = "gb18030" if _is_chinese(content) else ""
    return cyrillic or japanese or chinese or _guess_by_library(content)


def is_nearly_utf_8(content):
    """Tell whether but a few bytes are no UTF-8: damage, or lines that another program wrote."""
    characters = len(content.decode("utf-8", "ignore"))
    wrong = len(content.decode("utf-8", "replace")) - characters
    right = characters - len(content.decode("ascii", "ignore"))
    if right and right >= wrong * 10:
        return True
    others = _WESTERN_UTF_8.sub(b" ", content) if right and wrong <= MAX_MIXED else content
    return others != content and accented(others) and max(map(len, _HIGH.findall(others))) < 3


def accented(content):
    """Tell whether all bytes above ASCII are letters with accents in Western charsets."""
    return content.translate(None, _ACCENTED).isascii()


def _is_chinese(content):
    """Tell whether the bytes above ASCII are pairs for usual Chinese signs (GB 2312).

    In Korean (EUC-KR) nearly all pairs begin with bytes up to C8: the signs beyond are Chinese.
    And words are short there, and have spaces between them.
    """
    runs = _HIGH.findall(content[: len(content) & ~1])
    letters = b"".join(runs)
    if not runs or any(len(run) % 2 for run in runs[:-1]) or len(letters) < 8 * len(runs):
        return False
    first = letters[::2]
    usual = first.translate(None, _UNUSUAL_IN_CHINESE)
    return (
        min(letters) > 0xA0
        and len(usual) * 10 >= len(first) * 9
        and len(usual.translate(None, _HANGUL)) * 12 >= len(first)
    )


def _is_japanese(content, codec):
    """Tell whether the text, read so, has the syllables that no Japanese sentence is without."""
    try:  # the last character may be cut
        text = codecs.getincrementaldecoder(codec)().decode(content)
    except UnicodeError:
        return False
    others = sum(not character.isascii() for character in text)
    return others > 0 and len(_KANA.findall(text)) * 5 >= others


def _is_western(content):
    """Tell whether a few single letters with accents stand between plain ones."""
    runs = _HIGH.findall(content)
    return 0 < len(runs) <= MAX_ACCENTS and all(len(run) == 1 and run in _ACCENTED for run in runs)


def _is_russian(content, codec):
    """Tell whether the bytes above ASCII, read so, are words with the vowels of Slavic languages.

    The same bytes read as the other charset are letters, too, but rarely these.
    """
    letters = _HIGH.findall(content)
    text = b"".join(letters).decode(codec, "replace")
    if len(text) < 3 * len(letters):
        return False  # single accented letters between ASCII ones: a Western language
    vowels = sum(text.count(vowel) for vowel in "оеаи")
    return vowels * 7 >= len(text) and len(_CYRILLIC.findall(text)) * 20 >= len(text) * 19


def _guess_by_library(content):
    # Imported when needed: it takes longer to load than most mails take to parse.
    try:
        from charset_normalizer import from_bytes

        best = from_bytes(content, steps=3, chunk_size=256).best()
        return best.encoding if best else ""
    except Exception:  # a third-party guess must not cost the mail
        return ""


def charset_of_mail(raw):
    """Return the charset of a mail that names none, guessed from all its lines that need one."""
    start = _LINE_END.sub(b"\r\n", raw[:GUESS_BYTES])  # the same guess with either line end
    lines = start[:GUESS_BYTES].split(b"\n")
    lines = [line for line in lines if not line.isascii() and not _is_utf_8(line)]
    return guess(b"\n".join(lines)) if lines else ""


def _is_utf_8(content):
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
