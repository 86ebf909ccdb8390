"""The raw mail that every receiver yields."""

from dataclasses import dataclass
from datetime import datetime

UNCOUNTED_BYTES = 200
"""So many fewer are no sign of anything."""
LEAST_BYTES = 100
"""No mail is smaller."""


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
    is_short: bool = False
    """True where clearly less came than the server had announced, or another mail: nothing is done
    to it there."""
    digest: str = ""
    """``headers_digest`` of what the server has, where ``content`` was written anew."""
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

    @property
    def is_whole(self) -> bool:
        """As far as we can know: else nothing is done to it on its server."""
        return not (self.truncated or self.is_short)


def is_shorter(content: bytes, size: int, least: float) -> bool:
    """Whether this is clearly less than the ``size`` that was announced.

    Servers count a line end as two bytes, and some headers that they do not hand out.
    """
    if len(content) >= size:
        return False
    lone = content.count(b"\n") - content.count(b"\r\n")
    return not content.strip() or len(content) + lone < least * size - UNCOUNTED_BYTES


def is_longer(content: bytes, size: int) -> bool:
    """Whether this is clearly more than the ``size`` that was announced, a line end as one byte.

    Where it is hundreds of times as much, or no mail is that small, no bytes were announced.
    """
    own = len(content) - content.count(b"\r\n")
    return LEAST_BYTES < size < own < size * 500 and own > size * 1.5 + UNCOUNTED_BYTES
