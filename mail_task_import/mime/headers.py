"""Header fields: cut out of the raw bytes, unfolded, decoded (RFC 5322, RFC 2047).

What a field means is decided elsewhere; here are names and values, broken ones included.
"""

import binascii
import re

from .charsets import clean, clean_line, decode

MAX_BLOCK = 1_500_000
"""Bytes of a header block that are read: 10,000 recipients with their names fit in."""
MAX_FIELDS = 50_000
MAX_INSTANCES = 10_000
"""Fields of one name that are read."""
MAX_VALUE = 65_536
"""Characters of a decoded, unstructured value."""
MAX_JUNK = 20

# A field with its continuation lines.
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
_BLANK = re.compile(rb"\n\r?(?:\n|\Z)")
_KNOWN_FIELD = re.compile(
    rb"\n(?:from|to|cc|subject|date|message-id|received|return-path|mime-version|reply-to"
    rb"|references|in-reply-to|content-[a-z-]{1,40}|x-[a-z0-9-]{1,60}|list-[a-z-]{1,40})[ \t]*:",
    re.IGNORECASE,
)
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_LINE_END = re.compile(rb"\r?\n|\Z")
# RFC 2047. Its text must not hold a "?", but senders write them; it ends at "?=" or before the
# next "=?", so that a row of unclosed words is read only once.
_WORD = re.compile(r"=\?([^?\s=]{1,80})\?([bBqQ])\?([^?=]*(?:(?:=(?!\?[^=])|\?(?!=))[^?=]*)*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s=]{1,80}\?[bBqQ]\?)")


class Headers:
    """The fields of one header block, in order; names are looked up in any case."""

    __slots__ = ("_index", "charset", "defects", "fields")

    def __init__(self, fields=(), defects=()):
        self.fields = list(fields)
        self.defects = list(defects)
        self.charset = ""
        self._index = {}
        for name, value in self.fields:
            self._index.setdefault(name.lower(), []).append(value)

    def __contains__(self, name):
        return name in self._index

    def raw_all(self, name):
        """Unfolded values of every field ``name`` (lower case), encoded words as they stand."""
        return [self.unfold(value) for value in self._index.get(name, ())[:MAX_INSTANCES]]

    def raw(self, name):
        values = self._index.get(name)
        return self.unfold(values[0]) if values else ""

    def text(self, name):
        """The decoded value of the first field ``name``, one line, "" where there is none."""
        return decode_words(self.raw(name))

    def text_all(self, name):
        return [decode_words(value) for value in self.raw_all(name)]

    def unfold(self, value):
        text = self._decode(value)
        return _FOLD.sub(" ", text).strip() if "\n" in text else text.strip()

    def _decode(self, value):
        """Raw bytes are UTF-8 (RFC 6532) or, from older programs, in the charset of the mail."""
        try:
            return clean(value.decode()) if b"\x1b" not in value else decode(value, self.charset)
        except UnicodeDecodeError:
            # a guess takes every byte into account: with either line end it is to be the same
            return decode(_LINE_END.sub(b"\r\n", value.removesuffix(b"\r")), self.charset)


def parse_headers(raw, start=0, end=None):
    """Read one header block of ``raw``; return its ``Headers`` and where the body begins."""
    end = len(raw) if end is None else end
    stop, body = _block(raw, start, end)
    limit = min(stop, start + MAX_BLOCK)
    fields, defects, position = [], [], _skip_envelope(raw, start, limit)
    junk, known = 0, -1
    while position < limit:
        match = _FIELD.match(raw, position, limit)
        if match and len(fields) < MAX_FIELDS:
            fields.append((match[1].decode("ascii"), match[2]))
            position = match.end()
            continue
        if match or limit < stop:
            defects.append("The header is too long; the rest of it was left out.")
            return Headers(fields, defects), body
        junk += 1
        known = _next_known(raw, position, limit, known)
        if junk > MAX_JUNK or known < 0:
            defects.append("The header and the body are not separated.")
            return Headers(fields, defects), position
        defects.append("The header holds a line that is no header field.")
        position = _take_junk(raw, position, limit, fields)
    if position < stop:
        defects.append("The header is too long; the rest of it was left out.")
    return Headers(fields, defects), body


def _block(raw, start, end):
    """Return the end of the header block that begins at ``start``, and the start of its body."""
    if raw.startswith(b"\n", start):
        return start, start + 1
    if raw.startswith(b"\r\n", start):
        return start, start + 2
    blank = _BLANK.search(raw, start, end)
    return (blank.start() + 1, blank.end()) if blank else (end, end)


def _skip_envelope(raw, position, limit):
    """Step over the "From " line of an mbox file, which is no header field; "From :" is one."""
    if raw.startswith((b"From ", b">From "), position) and not _FIELD.match(raw, position, limit):
        newline = raw.find(b"\n", position, limit)
        return limit if newline < 0 else newline + 1
    return position


def _next_known(raw, position, limit, known):
    """Return where the next well-known field begins, -1 where none does.

    ``known`` is what was found before: it holds good until ``position`` is beyond it.
    """
    if known >= position:
        return known
    match = _KNOWN_FIELD.search(raw, position, limit)
    return match.start() if match else -1


def _take_junk(raw, position, limit, fields):
    """A line without a name continues the field above it: that one was folded by hand."""
    newline = raw.find(b"\n", position, limit)
    newline = limit if newline < 0 else newline
    if fields:
        name, value = fields[-1]
        fields[-1] = (name, value + b"\n " + raw[position:newline])
    return newline + 1


def decode_words(value):
    """Return ``value`` as one line of text, its encoded words decoded (RFC 2047)."""
    value = value[:MAX_VALUE]
    if "=?" not in value:
        return clean_line(value)
    return clean_line(_decode_all(_BETWEEN_WORDS.sub(r"\1", value)))


def _decode_all(value):
    """Decode runs of words together: senders split multi-byte characters between two words."""
    result, run, charset, position = [], b"", "", 0
    for match in _WORD.finditer(value):
        content = _word_content(match[2], match[3])
        word_charset = match[1].split("*")[0].lower()  # RFC 2231: charset*language
        if run and (match.start() > position or word_charset != charset):
            result.append(decode(run, charset))
            run = b""
        result.append(value[position : match.start()])
        run, charset, position = run + content, word_charset, match.end()
    result.append(decode(run, charset))
    result.append(value[position:])
    return "".join(result)


def _word_content(encoding, text):
    if encoding in "bB":
        return decode_base64(text.encode("ascii", "ignore"))
    return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)


_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


def decode_base64(content):
    """Decode base64 as it comes: broken lines, stray characters, wrong or missing padding."""
    try:
        return binascii.a2b_base64(content)
    except ValueError:
        letters = _NOT_BASE64.sub(b"", content)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
