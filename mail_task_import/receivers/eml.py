"""Raw mail from files: one ``.eml``, or an ``.mbox`` of any size, which is read line by line.

How mail becomes a file again is in ``mbox_writing.py``.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from itertools import islice
from typing import BinaryIO

from .raw_mail import RawMail

_LINE_BYTES = 64 * 1024

# "From", an address, and a date as C's asctime writes it; some add a time zone.
_SEPARATOR = re.compile(
    rb"From \S.*? \w{3} +(?P<day>\w{3} +\d{1,2}) +(?P<time>\d\d:\d\d)(:(?P<seconds>\d\d))?"
    rb"( +(?P<zone>[+-]\d{4})| +[A-Z]{1,5})? +(?P<year>\d{4})"
)
# What follows a separator. A line of a body that looks like one is followed by more text.
_HEADER_LINE = re.compile(rb">?From |[!-9;-~]{1,200}[ \t]*:(?!//)")
_QUOTED_FROM = re.compile(rb">+From ")
_STATUS = re.compile(rb"^(?:X-)?Status:[ \t]*([A-Z]{1,9})[ \t]*\r?$", re.MULTILINE)
_DATE = re.compile(rb"^Date[ \t]*:", re.MULTILINE | re.IGNORECASE)
_FLAG_OF_STATUS = {"R": "\\Seen", "F": "\\Flagged"}
_FIELD = re.compile(
    rb"(?:from|to|cc|subject|date|message-id|received|return-path|mime-version|reply-to|sender"
    rb"|delivered-to|content-[a-z-]{1,40}|dkim-signature|authentication-results)[ \t]*:",
    re.IGNORECASE,
)
_HEAD_BYTES = 16 * 1024
"""Of a file, in which at least one header of a mail is looked for."""
_LAST_BLANK_LINE = re.compile(rb"(\n)\r?\n\Z")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def raw_from_eml(content: bytes) -> RawMail:
    """The mail in an ``.eml`` file, without what editors and mbox exports put before it."""
    content = content.removeprefix(_BYTE_ORDER_MARK)
    if content.startswith(b"From "):
        content = content.partition(b"\n")[2]
    return RawMail(content=content, size=len(content))


def is_mbox(file: BinaryIO) -> bool:
    """Whether a file begins as an mbox does, perhaps after blank lines; it is left at its start."""
    head = file.read(_HEAD_BYTES).lstrip(b"\r\n")
    file.seek(0)
    return bool(_SEPARATOR.match(head))


def looks_like_mail(content: bytes) -> bool:
    """Whether there is any header of a mail: a letter of some word processor has none."""
    head = content[:_HEAD_BYTES].lstrip(b"\r\n")
    return any(_FIELD.match(line) for line in head.splitlines())


def flags_from_status(content: bytes) -> tuple[str, ...] | None:
    """What mail programs note in an mbox (Status, X-Status); None where they have noted nothing."""
    found = _STATUS.findall(_headers(content))
    if not found:
        return None
    letters = b"".join(found).decode()
    return tuple(flag for letter, flag in _FLAG_OF_STATUS.items() if letter in letters)


def has_date(content: bytes) -> bool:
    """Whether the mail itself says when it was sent. What a separator says is often another date:
    that of the export, or none (1970)."""
    return bool(_DATE.search(_headers(content)))


def raws_from_mbox(
    file: BinaryIO, size_limit_bytes: int, max_count: int | None = None
) -> Iterator[RawMail]:
    """The mails of an mbox (RFC 4155, quoted as *mboxrd*), ``max_count`` at most.

    Of a mail over ``size_limit_bytes`` only the headers are kept (``truncated``), so that memory
    stays bounded.
    """
    return (raw for raw, _next in islice(raws_and_places(file, size_limit_bytes), max_count))


def raws_and_places(
    file: BinaryIO, size_limit_bytes: int, place: int = 0
) -> Iterator[tuple[RawMail, int]]:
    """The mails of an mbox from a place on, each with the place where the next one begins.

    A place is a number of bytes: 0, or one that was given with a mail of this file.
    """
    if place:
        file.seek(place)
    reading = None
    for (line, at_line_start, after_blank), following in _with_next(_lines(file)):
        separator = _SEPARATOR.match(line) if at_line_start and after_blank else None
        if separator and (not reading or _HEADER_LINE.match(following)):
            if reading:
                yield reading.mail(), place
            reading = _Reading(size_limit_bytes, _arrival(separator))
        elif reading:
            reading.add(line, at_line_start)
        place += len(line)
    if reading:
        yield reading.mail(), place


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, bool, bool]]:
    """Pieces of lines, with whether one begins a line, and whether that follows a blank line."""
    at_line_start = after_blank = True
    while line := file.readline(_LINE_BYTES):
        yield line, at_line_start, after_blank
        ended = line.endswith(b"\n")
        after_blank = at_line_start and line in (b"\n", b"\r\n")
        at_line_start = ended


def _with_next(lines: Iterator[tuple[bytes, bool, bool]]):
    """Each of them with the bytes that come next, b"" at the end."""
    current = next(lines, None)
    while current:
        following = next(lines, None)
        yield current, following[0] if following else b""
        current = following


class _Reading:
    """A mail that is being read."""

    def __init__(self, size_limit_bytes: int, received_at: datetime | None):
        self._limit = size_limit_bytes
        self._received_at = received_at
        self._lines: list[bytes] = []
        self._size = self._kept = 0

    def add(self, line: bytes, at_line_start: bool) -> None:
        if at_line_start and _QUOTED_FROM.match(line):
            line = line[1:]
        self._size += len(line)
        if self._size <= self._limit:
            self._lines.append(line)

    def mail(self) -> RawMail:
        content = b"".join(self._lines)
        truncated = self._size > self._limit
        # The blank line before the next separator belongs to the mbox, not to the mail.
        content = _headers(content) if truncated else _LAST_BLANK_LINE.sub(rb"\1", content)
        return RawMail(content, received_at=self._received_at, size=self._size, truncated=truncated)


def _headers(content: bytes) -> bytes:
    end = re.search(rb"\r?\n\r?\n", content)
    return content[: end.end()] if end else content


def _arrival(separator: re.Match) -> datetime | None:
    """The separator's date, which is UTC unless it says otherwise (RFC 4155, appendix A)."""
    parts = {name: (value or b"").decode() for name, value in separator.groupdict().items()}
    text = "{year} {day} {time}:{0} {1}".format(
        parts["seconds"] or "00", parts["zone"] or "+0000", **parts
    )
    try:
        moment = datetime.strptime(text, "%Y %b %d %H:%M:%S %z")
        return moment.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
