"""Which messages a POP3 server has, and by what each is told from the others.

By its unique id (UIDL), which lasts between connections. The book leaves a server the choice to
have none, to give two copies of a mail the same one, and to use one anew when its mail is gone (RFC
1939, 7). So the size belongs to it; of several that are alike each is counted. Where there are no
unique ids, the headers stand for them.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .exceptions import ServerRefused
from .protocol import MIB
from .session import Session

HEADERS_LIMIT_BYTES = 16 * MIB
LONGEST_ID = 200
"""70 by the book."""
MOST_WITHOUT_IDS = 1000
"""The headers of all of them are read at each look."""
_NOT_POP = "The mail server gave an answer that is no POP3."
# Some servers write these into the mail when it is read.
_CHANGING = (b"status:", b"x-status:", b"x-uidl:", b"x-keywords:", b"content-length:", b"lines:")


@dataclass(frozen=True, slots=True)
class Listed:
    """One message that the server has."""

    number: int
    """In this connection."""
    unique_id: str
    size: int
    """As the server announces it, in bytes."""
    copy: int = 0
    """Of those with the same unique id and size."""

    @property
    def key(self) -> tuple[str, int, int]:
        return self.unique_id, self.size, self.copy


class Listing(Session):
    """The messages of one connection: a server shows none that come after the login."""

    def __init__(self, settings, authenticate):
        super().__init__(settings, authenticate)
        self.forget_listing()

    def forget_listing(self) -> None:
        self._listed: list[Listed] | None = None
        self._headers_failed = False
        self._has_ids = True

    @property
    def gives_headers(self) -> bool:
        """TOP is the server's choice (RFC 1939, 7)."""
        return not self._headers_failed

    def listing(self) -> list[Listed]:
        """All messages, in the server's order. Asked once."""
        if self._listed is None:
            sizes = dict(_numbered(self._lines("LIST")))
            copies: Counter[tuple[str, int]] = Counter()
            found = []
            for number, unique_id in sorted(self._unique_ids(sizes).items()):
                size = _number_in(sizes.get(number, b"0"))
                found.append(Listed(number, unique_id, size, copies[unique_id, size]))
                copies[unique_id, size] += 1
            self._listed = found
        return self._listed

    def remarks(self) -> list[str]:
        if self._listed and not self._has_ids:
            return [
                "This server names no unique ids (UIDL): mails are told apart by their headers, "
                "which are read at each look."
            ]
        return []

    def _unique_ids(self, numbers) -> dict[int, str]:
        try:
            given = dict(_numbered(self._lines("UIDL")))
        except ServerRefused:
            self._has_ids = False
            if len(numbers) > MOST_WITHOUT_IDS:
                raise ServerRefused(
                    "folder",
                    f"This mail server names no unique ids (UIDL), and holds {len(numbers)} mails: "
                    "too many to tell apart by their headers. Use IMAP.",
                ) from None
            return {number: self._digest(number) for number in numbers}
        # one that has none is a message all the same
        return {number: _plain(given.get(number, b"")) for number in {*numbers, *given}}

    def _digest(self, number: int) -> str:
        headers = self._headers(number)
        if headers is None:
            raise ServerRefused(
                "folder",
                "This mail server names no unique ids (UIDL) and hands out no headers (TOP): "
                "its mails cannot be told apart. Use IMAP.",
            )
        lines = [
            line
            for line in headers.splitlines()
            if not line.lower().startswith(_CHANGING) and line.strip()
        ]
        return "headers:" + hashlib.sha256(b"\n".join(lines)).hexdigest()

    def _headers(self, number: int) -> bytes | None:
        """None: the server has no TOP."""
        if self._headers_failed:
            return None
        try:
            headers = self._content(f"TOP {number} 0", HEADERS_LIMIT_BYTES)
        except ServerRefused:
            if self._offers_top():
                raise
            self._headers_failed = True
            return None
        if headers is None:
            raise ServerRefused("fetch", "The headers of a mail are too large.")
        return headers

    def _offers_top(self) -> bool:
        with self._asking("fetch") as client:
            return "TOP" in client.capabilities

    def _lines(self, command: str) -> list[bytes]:
        with self._asking("folder", "The mail server does not list its mails.") as client:
            return client.ask_lines(command)

    def _content(self, command: str, size_limit_bytes: int) -> bytes | None:
        with self._asking("fetch", "The mail server does not hand out a mail.") as client:
            return client.ask_content(command, size_limit_bytes)


def _numbered(lines: list[bytes]) -> Iterator[tuple[int, bytes]]:
    for line in lines:
        number, _, rest = line.strip().partition(b" ")
        yield _number_in(number), rest.strip()


def _number_in(words: bytes) -> int:
    first = words.split()[:1]
    if not first or not first[0].isdigit() or len(first[0]) > 18:
        raise ServerRefused("folder", _NOT_POP)
    return int(first[0])


def _plain(words: bytes) -> str:
    """As it can be stored and compared, however a server spells its ids."""
    if len(words) <= LONGEST_ID and all(0x20 < byte < 0x7F for byte in words):
        return words.decode("ascii")
    return "digest:" + hashlib.sha256(words).hexdigest()
