"""Bytes -> text that can be stored: charsets known, wrong, unknown or missing.

Every string of a parsed mail passes through here, so that none carries a NUL or a lone
surrogate: PostgreSQL refuses both.
"""

import codecs
import re
from functools import lru_cache

# Names that mails carry and Python does not know, and names that in practice mean their superset:
# what calls itself Latin-1 is Windows-1252, what calls itself GB 2312 uses the later additions.
ALIASES = {
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "cp-850": "cp850",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cn-gb": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
# Codecs that decode something other than a charset, or take quadratic time.
NO_CHARSETS = {
    "idna",
    "punycode",
    "unicode_escape",
    "raw_unicode_escape",
    "undefined",
    "mbcs",
    "oem",
}
# Charsets whose bytes are all ASCII although the text is not.
SEVEN_BIT = ("iso2022", "iso-2022", "utf-7", "utf7", "hz", "utf-16", "utf_16", "utf-32", "utf_32")
GUESS_BYTES = 16_384
MAX_ACCENTS = 8
"""So few letters are not enough for a guess by frequency."""

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_ACCENTED = "ÄÖÜäöüßàáâãåæçèéêëìíîïñòóôõøùúûýÀÁÂÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕØÙÚÛ".encode("cp1252")
_CYRILLIC = re.compile("[а-яёА-ЯЁ]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
# A character outside the basic plane, written as two surrogates of three bytes each (CESU-8).
_PAIR = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_BREAKING = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")


def clean(text):
    """Return ``text`` with "\\n" line ends and without what no database column can hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.replace("\n", "").isprintable():  # as nearly all are, and quicker to see
        return text
    return _UNSTORABLE.sub("", text)


def clean_line(text):
    """Return ``text`` as one line: a header value that cannot bring a second header along."""
    if text.isprintable():
        return text.strip()
    return clean(_BREAKING.sub(" ", text)).strip()


@lru_cache(maxsize=256)
def known_charset(name):
    """Return the name of Python's codec for a declared charset, "" where there is none."""
    name = name.strip(" \t\"'").lower()[:40]
    try:
        info = codecs.lookup(ALIASES.get(name, name))
    except (LookupError, ValueError):
        return ""
    usable = info._is_text_encoding and info.name.replace("-", "_") not in NO_CHARSETS
    return info.name if usable else ""


def decode(content, charset=""):
    """Return the text of ``content``, which says it is in ``charset`` (it may be wrong)."""
    codec = known_charset(charset) if charset else ""
    if content.isascii() and not codec.startswith(SEVEN_BIT):
        return clean(_decode_shifted(content) or content.decode("ascii"))
    return clean(_decode_declared(content, codec) or _decode_undeclared(content))


def _decode_shifted(content):
    """Decode what escape sequences say to be Japanese or Korean (RFC 1468, RFC 1557)."""
    if b"\x1b$" not in content:
        return ""
    codec = "iso2022_kr" if b"\x1b$)C" in content else "iso2022_jp_ext"
    return _strictly(content, codec) or _mostly(content, codec)


def _decode_declared(content, codec):
    if not codec:
        return ""
    if codec in ("ascii", "cp1252"):
        # UTF-8 under a Western label is common; Western text that happens to be UTF-8 is not.
        text = _strictly(content, "utf-8")
        if text or codec == "ascii":
            return text
    return _strictly(content, codec) or _mostly(content, codec)


def _strictly(content, codec):
    try:
        return content.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        if codec == "utf-8" and _PAIR.search(content):
            return _strictly(_PAIR.sub(_one_character, content), codec)
        return ""


def _one_character(match):
    pair = match[0].decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return pair.decode("utf-16-le").encode()


def _mostly(content, codec):
    """Decode what is damaged here and there; what is damaged all over has another charset."""
    try:
        text = content.decode(codec, "replace")
    except (UnicodeError, ValueError, LookupError):
        return ""
    return text if text.count("\ufffd") * 20 <= len(text) else ""


def _decode_undeclared(content):
    return _strictly(content, "utf-8") or _guess(content)


def _guess(content):
    codec = guess_charset(content[:GUESS_BYTES])
    return _mostly(content, codec or "cp1252") or content.decode("latin-1")


def guess_charset(content):
    """Return the codec that ``content``, which is no UTF-8, is probably in; "" where unknown."""
    # In short texts the library below takes Russian for Japanese or Greek.
    if _is_western(content):
        return "cp1252"
    cyrillic = next((codec for codec in ("cp1251", "koi8-r") if _is_russian(content, codec)), "")
    japanese = next((codec for codec in ("euc_jp", "cp932") if _is_japanese(content, codec)), "")
    return cyrillic or japanese or _guess_by_library(content)


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
    lines = [line for line in raw[:GUESS_BYTES].split(b"\n") if not line.isascii()]
    return guess_charset(b"\n".join(lines))
