"""The raw mail that every receiver yields."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class RawMail:
    """The bytes of one mail with what the server knows about it."""

    content: bytes
    """RFC 5322 bytes; only the headers where ``truncated``."""
    uid: int = 0
    flags: tuple[str, ...] = ()
    """IMAP flags as text: "\\\\Seen", "\\\\Flagged", ..."""
    received_at: datetime | None = None
    """INTERNALDATE as naive UTC."""
    size: int = 0
    """RFC822.SIZE in bytes, of the whole mail on the server."""
    truncated: bool = False
    """True where the mail was over the size limit and only its headers were fetched."""
    brought: bool = False
    """True where somebody brought it as a file: what it reports is not counted."""
    unvouched: bool = False
    """True where somebody brought it as a file: whoever it names as a checking server has perhaps
    never seen it."""
    handed_over: bool = False
    """True where the mail server piped it in: of what it says of checking servers, only what stands
    above the topmost Received is ours for certain."""
    short: bool = False
    """True where far less came than the server had announced: what it still has is not removed."""
