"""The tree of MIME parts in the raw bytes of a mail (RFC 2045, RFC 2046).

A part is a window on the raw mail: nothing is copied before its content is asked for, so that
nesting and numbers cost little. The standard library's parser is not used because it recurses
once a level, reads every line once a level, and cannot give back an attached mail byte by byte.
"""

import binascii
import re
from dataclasses import dataclass, field

from .base64_body import decode_body
from .guesses import guesses_of_one_mail
from .headers import Headers, parse_headers
from .parameters import parse_parameters

MAX_DEPTH = 30
MAX_PARTS = 1_000
MAX_CANDIDATES = 20_000
"""Lines that look like a boundary, in the whole mail."""

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_UNNAMED_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\s-][^\r\n]{0,200})\r?\ncontent-", re.IGNORECASE)
_ENCODING = re.compile(r"[a-z0-9-]+")
_BLANKS_AFTER_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n|\Z)")


@dataclass(slots=True)
class Part:
    """One part: its headers, and where in ``raw`` its body lies."""

    raw: bytes
    start: int
    end: int
    headers: Headers = field(default_factory=Headers)
    content_type: str = "text/plain"
    parameters: dict = field(default_factory=dict)
    disposition: str = ""
    disposition_parameters: dict = field(default_factory=dict)
    parts: list = field(default_factory=list)

    @property
    def body(self):
        """The body as it was sent, still in its transfer encoding."""
        return self.raw[self.start : self.end]

    @property
    def is_multipart(self):
        return self.content_type.startswith("multipart/")

    @property
    def content(self):
        """The body, decoded from its transfer encoding (RFC 2045 section 6)."""
        found = _ENCODING.search(self.headers.raw("content-transfer-encoding").lower())
        name = found[0].replace("-", "") if found else ""  # "BASE-64" is written as well
        if name == "base64":
            return decode_body(self.body, self._is_read) or self.body
        decoder = _DECODERS.get(name)
        # what decodes to nothing was not encoded so
        return (decoder(self.body) if decoder else b"") or self.body

    @property
    def _is_read(self):
        return self.content_type.startswith("text/") and self.disposition != "attachment"

    def walk(self):
        """Yield this part and all below it, in the order of the mail."""
        pending = [self]
        while pending:
            part = pending.pop()
            yield part
            pending.extend(reversed(part.parts))


def parse_structure(raw):
    """Return the root ``Part`` of a mail and what was broken in its structure."""
    with guesses_of_one_mail():
        return _Builder(_with_newlines(raw)).build()


def _with_newlines(raw):
    """Undo other line ends: those of old Macintosh programs are a carriage return only; programs
    that write CR LF for each LF, of lines that ended in CR LF, make CR CR LF of them.
    """
    if b"\n" not in raw:
        return raw.replace(b"\r", b"\n")
    # Servers add lines above; the last ones are the sender's.
    if raw.find(b"\r\r\n", -2_000) < 0 or raw.count(b"\r\r\n") * 2 < raw.count(b"\n"):
        return raw
    return raw.replace(b"\r\r\n", b"\r\n")


class _Builder:
    """Cuts one mail into parts, within the bounds that are set for a mail as a whole."""

    def __init__(self, raw):
        self.raw = raw
        self.count = 0
        self.candidates = 0
        self.defects = []

    def build(self):
        root = self._part(0, len(self.raw))
        pending = [(root, 1)]
        while pending:
            part, depth = pending.pop()
            if not part.is_multipart:
                continue
            if depth > MAX_DEPTH:
                self._flatten(
                    part, "Parts are nested too deeply; the inner ones are shown as text."
                )
                continue
            self._divide(part)
            pending.extend((child, depth + 1) for child in part.parts)
        return root, list(dict.fromkeys(self.defects))

    def _part(self, start, end, default="text/plain"):
        headers, body = parse_headers(self.raw, start, end)
        self.count += 1
        self.defects += headers.defects
        part = Part(self.raw, min(body, end), end, headers)
        part.content_type, part.parameters = self._content_type(headers, default)
        headers.charset = part.parameters.get("charset", "")
        part.disposition, part.disposition_parameters = parse_parameters(
            headers.raw("content-disposition")
        )
        return part

    def _content_type(self, headers, default):
        """Several Content-Types, none, or nonsense: the first usable one (RFC 2045 section 5.2)."""
        values = headers.raw_all("content-type")
        if len(values) > 1:
            self.defects.append("There is more than one Content-Type.")
        found = [parse_parameters(value) for value in values]
        usable = [each for each in found if _TYPE.fullmatch(each[0])]
        bounded = [
            each for each in usable if each[0].startswith("multipart/") and "boundary" in each[1]
        ]
        for content_type, parameters in bounded or usable:
            return content_type, parameters
        for _nonsense, parameters in found:
            return "text/plain", parameters
        return default, {}

    def _divide(self, part):
        boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")[:250]
        windows = self._windows(part, boundary) if boundary else None
        if windows is None:
            unnamed = _UNNAMED_BOUNDARY.search(self.raw, part.start, part.end)
            windows = self._windows(part, unnamed[1].rstrip()) if unnamed else None
            self.defects.append("The boundary between the parts is missing or wrong.")
        if windows is None:
            self._flatten(part)
            return
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for start, end in windows:
            if self.count >= MAX_PARTS:
                part.parts.append(self._rest(start, part.end))
                break
            part.parts.append(self._part(start, end, default))

    def _windows(self, part, boundary):
        """Return (start, end) of each part between the boundary lines, None where none is found.

        Text after the closing line counts as a part where there is any: list servers and scanners
        write their footers there. Nobody reads the text before the first line where there are
        parts; where there are none, it may be all there is.
        """
        lines = list(self._boundary_lines(part, boundary))
        if not lines:
            return None
        ends = [before for before, _after in lines[1:]] + [part.end]
        windows = [(after, end) for (_before, after), end in zip(lines, ends, strict=True)]
        filled = [(start, end) for start, end in windows if self.raw[start:end].strip()]
        if not filled or (len(lines) > 1 and filled == windows[-1:]):
            before = (part.start, max(part.start, lines[0][0]))
            filled[:0] = [before] if self.raw[slice(*before)].strip() else []
        return filled

    def _boundary_lines(self, part, boundary):
        """Yield where the text before a boundary line ends, and where the text after it begins."""
        raw, needle, position = self.raw, b"--" + boundary, part.start
        while (position := raw.find(needle, position, part.end)) >= 0:
            self.candidates += 1
            if self.candidates > MAX_CANDIDATES:
                self.defects.append("There are too many lines that look like a boundary.")
                return
            before, position = position, position + len(needle)
            if before > part.start and raw[before - 1] not in b"\r\n":
                continue
            after = self._line_end(position, part.end)
            if raw[position:after].strip() in (b"", b"--"):
                yield self._without_newline(part.start, before), after

    def _line_end(self, position, end):
        """Return where the next line begins; a line of more than 200 bytes is no boundary."""
        newline = self.raw.find(b"\n", position, min(end, position + 200))
        return newline + 1 if newline >= 0 else min(end, position + 200)

    def _without_newline(self, start, position):
        """The line break before a boundary line belongs to that line (RFC 2046 section 5.1.1)."""
        for newline in (b"\r\n", b"\n", b"\r"):
            if self.raw.endswith(newline, start, position):
                return position - len(newline)
        return position

    def _flatten(self, part, defect=None):
        """Show as text what cannot be divided, so that nothing of it is lost."""
        part.parts = []
        head = self.raw[part.start : part.start + 1024].lower()
        part.content_type = "text/html" if b"<html" in head else "text/plain"
        if defect:
            self.defects.append(defect)

    def _rest(self, start, end):
        self.defects.append("There are too many parts; the last ones are kept as one file.")
        name = {"filename": "further-parts.txt"}
        return Part(self.raw, start, end, Headers(), "text/plain", {}, "attachment", name)


def _decode_quoted_printable(content):
    if b"= " in content or b"=\t" in content:
        content = _BLANKS_AFTER_SOFT_BREAK.sub(b"=", content)  # RFC 2045 section 6.7, rule 3
    return binascii.a2b_qp(content)


def _decode_uu(content):
    """Decode uuencoded text; lines that are none are left out, as those before "begin" are."""
    decoded = []
    for line in content.partition(b"begin ")[2].splitlines()[1:]:
        if line.strip() == b"end":
            break
        try:
            decoded.append(binascii.a2b_uu(line))
        except ValueError:
            continue
    return b"".join(decoded) or content


_DECODERS = {
    "quotedprintable": _decode_quoted_printable,
    "xuuencode": _decode_uu,
    "uuencode": _decode_uu,
    "xuue": _decode_uu,
    "uue": _decode_uu,
}
