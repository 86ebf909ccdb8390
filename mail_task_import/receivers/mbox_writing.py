"""Mail as files, piece by piece: an mbox (*mboxrd*, RFC 4155), and names that every system takes.

*mboxrd* is the one kind of mbox that can be read back as it was: each line of a mail that begins
with any number of ">" and "From " gets one more ">".
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime

PIECE_BYTES = 256 * 1024

_TO_QUOTE = re.compile(rb"^(>*From )", re.MULTILINE)
_FROM = re.compile(rb">*(F(r(om?)?)?)?")
"""What may become the beginning of such a line, when a piece ends within it."""
_NO_ADDRESS = re.compile(r"[^!-~]+")
_NO_NAME = re.compile(r"[^\w .()\[\]-]+")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
"""Names that Windows keeps for devices."""
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def separator(sender: str, moment: datetime | None) -> bytes:
    """The line before a mail; the moment is naive UTC."""
    address = _NO_ADDRESS.sub("", sender)[:300] or "MAILER-DAEMON"
    moment = moment or datetime(1970, 1, 1)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    when = f"{day} {month} {moment.day:2d} {moment:%H:%M:%S} {moment.year:04d}"
    return f"From {address} {when}\n".encode()


def mbox_mail(sender: str, moment: datetime | None, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """One mail as it stands in an mbox: separator, quoted content, blank line.

    :param pieces: the bytes of the mail, cut anywhere
    """
    yield separator(sender, moment)
    last = b"\n"
    for piece in _quoted(_with_unix_lines(pieces)):
        last = piece[-1:]
        yield piece
    yield b"\n" if last == b"\n" else b"\n\n"


def _with_unix_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    kept = b""
    for piece in pieces:
        piece = kept + piece
        kept = b"\r" if piece.endswith(b"\r") else b""
        yield piece[: len(piece) - len(kept)].replace(b"\r\n", b"\n")
    yield kept


def _quoted(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Whole lines are quoted; of one that a piece cuts, only what cannot be a "From " is let go."""
    kept, at_line_start = b"", True
    for piece in pieces:
        text = kept + piece
        _head, newline, rest = text.rpartition(b"\n")
        begins = at_line_start or bool(newline)
        last = rest if newline else text
        kept = last if begins and _FROM.fullmatch(last) and len(last) < PIECE_BYTES else b""
        ready = text[: len(text) - len(kept)]
        if not ready:
            continue
        yield _quote(ready, at_line_start)
        at_line_start = ready.endswith(b"\n")
    if kept:
        yield kept


def _quote(text: bytes, at_line_start: bool) -> bytes:
    if at_line_start:
        return _TO_QUOTE.sub(rb">\1", text)
    first, newline, rest = text.partition(b"\n")
    return first + newline + _TO_QUOTE.sub(rb">\1", rest)


def file_name(subject: str, ending: str) -> str:
    """A name made of a subject that no file system reads as anything but a name."""
    plain = unicodedata.normalize("NFC", subject or "")
    name = " ".join(_NO_NAME.sub("_", plain).split())[:80].strip(" ._")
    if not name or _RESERVED.match(name):
        name = f"mail {name}".strip()
    return f"{name}.{ending}"
