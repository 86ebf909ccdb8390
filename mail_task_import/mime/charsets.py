"""Bytes -> text that can be stored: charsets known, wrong, unknown or missing.

Every string of a parsed mail passes through here, so that none carries a NUL or a lone
surrogate: PostgreSQL refuses both.
"""

import codecs
import re
from functools import lru_cache

from .guesses import accented, guess, is_nearly_utf_8
from .marks import marked_codec, wide_codec

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
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
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
    if not codec.startswith(SEVEN_BIT):
        if b"\0" in content and (wide := wide_codec(content)):
            return clean(content.decode(wide, "ignore").removeprefix("\ufeff"))
        if content.isascii():
            return clean(_decode_marked(content) or content.decode("ascii"))
    return clean(_decode_declared(content, codec) or _decode_undeclared(content))


def _decode_marked(content):
    codec = marked_codec(content)
    return codec and (_strictly(content, codec) or _mostly(content, codec))


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
    text = _strictly(content, "utf-8")
    if not text and is_nearly_utf_8(content):
        text = content.decode("utf-8", "mail_task_import.mixed")
    return text or _guessed(content)


def _mixed(error):
    """A byte among UTF-8 that is none: an accented letter of another program, or damage."""
    around = error.object[max(0, error.start - 1) : error.end + 1]
    if error.end - error.start == 1 and accented(around):
        return error.object[error.start : error.end].decode("cp1252"), error.end
    return "\ufffd", error.end


codecs.register_error("mail_task_import.mixed", _mixed)


def _guessed(content):
    return _mostly(content, guess(content) or "cp1252") or content.decode("latin-1")
