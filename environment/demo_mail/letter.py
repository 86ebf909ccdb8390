"""A mail before it becomes bytes."""

from dataclasses import dataclass, field
from datetime import datetime

from .people import MAILBOXES, Person
from .story import File


@dataclass(eq=False)
class Letter:
    """One mail of a thread.

    :ivar sender: name and address in From, as are those in ``to`` and ``cc``
    :ivar previous: the mail that it answers, and quotes
    :ivar headers: more of them, which all copies share
    :ivar raw: the whole mail, where the odd ones are not built from the rest
    :ivar verdict: what our mail server found out about the sender
    """

    thread: str
    number: int
    writer: Person
    sender: tuple[str, str]
    to: tuple[tuple[str, str], ...]
    subject: str
    date: datetime
    language: str = "en"
    cc: tuple[tuple[str, str], ...] = ()
    message_id: str = ""
    body: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    previous: "Letter | None" = None
    files: tuple[File, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    verdict: str = "pass"
    is_ours: bool = False
    is_answered: bool = False
    is_starred: bool = False
    envelope_from: str | None = None

    @property
    def references(self) -> list[str]:
        """Message-IDs of the whole chain, oldest first."""
        parent = self.previous
        return [*parent.references, parent.message_id] if parent else []

    @property
    def return_path(self) -> str:
        return self.sender[1] if self.envelope_from is None else self.envelope_from

    def boxes(self) -> list[str]:
        """Keys of our mailboxes that receive it; never the one that sent it."""
        addresses = {address for _, address in (*self.to, *self.cc)}
        if self.is_ours:
            addresses.discard(self.sender[1])
        return [key for key, box in MAILBOXES.items() if box.address in addresses]

    def sent_from(self) -> str | None:
        """Key of the mailbox whose Sent folder keeps it."""
        keys = (key for key, box in MAILBOXES.items() if box.address == self.sender[1])
        return next(keys, None) if self.is_ours else None
