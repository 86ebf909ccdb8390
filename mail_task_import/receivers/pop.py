"""The POP3 receiver: the one inbox of a server, with the same questions as ``ImapReceiver``.

POP3 has neither lasting numbers nor dates, flags or folders. Messages are known by the unique ids
that the server gives them (UIDL); whoever imports numbers these, and tells the receiver by
``number``. From then on it speaks of numbers as if they were UIDs. When a mail arrived is read from
its headers (``arrival.py``).

Reading changes nothing: the receiver has the server forget what was read (RSET), and never says
QUIT, after which servers mark, put away or remove it. Only ``delete`` does.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from time import monotonic

from .arrival import arrival
from .connection import Authenticate, ConnectionSettings
from .exceptions import FolderError, LoginError, ServerRefused
from .folders import FolderInfo
from .pop_client import PopClient
from .pop_listing import HEADERS_LIMIT_BYTES, Listed, Listing
from .raw_mail import RawMail, is_longer, is_shorter
from .reading import NOTHING_SENT, SIZE_TOLERANCE, TEMPORARY, FetchFailure, Reading
from .same_mail import headers_digest, is_another, names_of
from .session import FolderState
from .sign_in import NotedSignIn

INBOX = "INBOX"
READING_SECONDS = 10
"""For the headers that are read to answer one question."""
LEAST_SHARE = 0.9
"""Of what was announced: nothing else tells that a mail was cut."""
_SHORT = "The mail server announced {} bytes for it, and handed out {}."
_OTHER = "The mail server handed out another mail in its place."
_TOO_LARGE = "It is larger than the server says, and over the size limit."
_NO_HEADERS = "It is over the size limit, and this server hands out no headers alone (TOP)."
_ONLY_INBOX = "POP3 knows no folders but the inbox, and no marks: use IMAP for that."


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a message that the server lists."""

    uid: int
    listed: Listed
    appeared_at: datetime | None = None
    """When it was listed first; None: it was there at the first look."""
    received_at: datetime | None = None
    is_dated: bool = False
    """Whether ``received_at`` was read already, also where there is none."""


class PopReceiver(Listing, Reading):
    """``with PopReceiver(settings, authenticate) as pop:`` connects and logs in.

    Every failure is a ``ReceiverError``; after a ``ConnectionLost``, and after ``delete``, the
    receiver is spent.
    """

    client_kind = PopClient
    accepts_short = False
    accepts_others = False

    def __init__(
        self,
        settings: ConnectionSettings,
        authenticate: Authenticate,
        look_up: Callable[[list[Listed]], tuple[int, list[Known]]] | None = None,
    ):
        """:param look_up: numbers the messages when the inbox is opened, as for ``number``"""
        super().__init__(settings, authenticate)
        self._look_up = look_up
        self._uidvalidity = 0
        self._messages: dict[int, Known] = {}
        self._retrieved: set[int] = set()
        """In this connection."""
        self.others: frozenset[int] = frozenset()
        """UIDs of the last ``delete`` that are another mail by now, which is left."""
        self._undatable: set[int] = set()
        self._names: dict[int, dict[bytes, set[bytes]]] = {}
        """``names_of`` the headers that were asked for in this connection."""
        self._unlike_count = 0
        """Of mails that came, but not as they were announced."""

    def sign_in(self, authenticate: Authenticate) -> None:
        try:
            super().sign_in(authenticate)
        except LoginError as error:
            if "[IN-USE]" in error.server_words.upper():  # RFC 2449, 8.1.2
                raise LoginError(
                    "login",
                    "Another program is reading this mailbox: by POP3 only one can at a time.",
                    error.server_words,
                ) from error
            raise

    # -- the inbox --------------------------------------------------------------------------------

    def list_folders(self) -> list[FolderInfo]:
        return [FolderInfo(INBOX, "/", "inbox")]

    def number(self, uidvalidity: int, known: Iterable[Known]) -> None:
        """Which number is whose, from now on, of the messages that ``listing`` named."""
        self._uidvalidity = uidvalidity
        self._messages = {each.uid: each for each in sorted(known, key=lambda each: each.uid)}

    def select(self, name: str, readonly: bool = True) -> FolderState:
        """:raises FolderError: it is not the inbox"""
        if name.upper() != INBOX:
            raise FolderError("folder", f'There is no folder "{name}". {_ONLY_INBOX}')
        listed = self.listing()
        if self._look_up and not self._messages:
            self.number(*self._look_up(listed))
        uidnext = max(self._messages, default=0) + 1
        self.folder = FolderState(self._uidvalidity, uidnext, len(listed), readonly)
        return self.folder

    # -- searching --------------------------------------------------------------------------------

    def uids_above(self, last_uid: int) -> list[int]:
        return [uid for uid in self._messages if uid > last_uid]

    def uids_since(self, since: date) -> list[int]:
        """Of mail that arrived on the day before ``since``, or later, or nobody knows when."""
        day = since.date() if isinstance(since, datetime) else since
        first = day - timedelta(days=1)
        return [
            uid
            for uid, each in self._messages.items()
            if each.received_at is None or each.received_at.date() >= first
        ]

    def present(self, uids: Iterable[int]) -> set[int]:
        return self._messages.keys() & set(uids)

    # -- when mail arrived ------------------------------------------------------------------------

    def undated(self) -> list[int]:
        """Those of which it is still to be read when they arrived, newest first."""
        if not self.gives_headers:
            return []
        return [
            uid
            for uid, each in reversed(self._messages.items())
            if not each.is_dated and uid not in self._undatable
        ]

    def read_arrivals(self, seconds: float = READING_SECONDS) -> dict[int, datetime | None]:
        """When the next of ``undated`` arrived, of as many as there is time for."""
        deadline = monotonic() + seconds
        dates = {}
        for uid in self.undated():
            headers = self._headers_to_date(uid)
            if headers is None:
                self._undatable.add(uid)
            else:
                dates[uid] = self._date(uid, headers)
            if monotonic() > deadline or not self.gives_headers:
                break
        return dates

    def _headers_to_date(self, uid: int) -> bytes | None:
        """None: the server does not hand them out."""
        self.in_flight = (uid,)
        try:
            headers = self._headers(self._messages[uid].listed.number)
        except ServerRefused as error:
            if TEMPORARY.search(error.server_words):
                raise
            headers = None
        self.in_flight = ()
        self._names[uid] = names_of(headers or b"")
        return headers

    def _date(self, uid: int, content: bytes) -> datetime | None:
        known = self._messages[uid]
        if not known.is_dated:
            moment = arrival(content, known.appeared_at)
            self._messages[uid] = known = replace(known, received_at=moment, is_dated=True)
        return known.received_at

    # -- reading ----------------------------------------------------------------------------------

    def fetch_headers_sizes(self, uids: Iterable[int]) -> list[RawMail]:
        """Headers only (``truncated``), in the order asked for."""
        self._forget_outcomes()
        return [mail for facts in self._facts(uids) if (mail := self._read(facts, 0))]

    def _planned(self, uids: Iterable[int]) -> Iterator[list[RawMail]]:
        yield list(self._facts(uids))

    def _read_batch(self, batch: list[RawMail], size_limit_bytes: int) -> list[RawMail]:
        before, unlike = len(self.failures), self._unlike_count
        mails = [mail for facts in batch if (mail := self._read(facts, size_limit_bytes))]
        self._forget_reading()
        if len(self.failures) - before - (self._unlike_count - unlike) == len(batch) > 1:
            # the mails are not to blame
            raise ServerRefused("fetch", self.failures.pop().words)
        return mails

    def _facts(self, uids: Iterable[int]) -> Iterator[RawMail]:
        for uid in uids:
            if known := self._messages.get(uid):
                yield RawMail(b"", uid=uid, received_at=known.received_at, size=known.listed.size)
            else:
                self.vanished.add(uid)

    def _read(self, facts: RawMail, size_limit_bytes: int) -> RawMail | None:
        """One mail; None: why it did not come is noted."""
        truncated = facts.size > size_limit_bytes
        self.in_flight = (facts.uid,)
        try:
            content = self._headers_of(facts) if truncated else self._whole(facts, size_limit_bytes)
        except ServerRefused as error:
            if TEMPORARY.search(error.server_words):
                raise
            self.in_flight = ()
            self.failures.append(FetchFailure(facts.uid, str(error)))
            return None
        self.in_flight = ()
        if content is None:
            words = _NO_HEADERS if truncated else _TOO_LARGE
            self.failures.append(FetchFailure(facts.uid, words))
            return None
        if not truncated and (words := self._why_unlike(facts, content)):
            self.failures.append(FetchFailure(facts.uid, words))
            self._unlike_count += 1
            return None
        unlike = not truncated and self._is_unlike(facts, content)
        moment = facts.received_at if unlike else self._date(facts.uid, content)
        return replace(
            facts, content=content, truncated=truncated, received_at=moment, is_short=unlike
        )

    def _is_unlike(self, facts: RawMail, content: bytes) -> bool:
        return is_shorter(content, facts.size, LEAST_SHARE) or self._is_other(facts, content)

    def _why_unlike(self, facts: RawMail, content: bytes) -> str:
        """Why it does not count as the mail that was asked for; "": it does, or has to."""
        if not content.strip() and is_shorter(content, facts.size, LEAST_SHARE):
            return NOTHING_SENT
        if not self.accepts_others and self._is_other(facts, content):
            return _OTHER
        if not self.accepts_short and is_shorter(content, facts.size, LEAST_SHARE):
            return _SHORT.format(facts.size, len(content))
        return ""

    def _is_other(self, facts: RawMail, content: bytes) -> bool:
        """Servers have handed out one mail for several. Its own headers say which it is; where the
        server hands out none, the size.
        """
        if not self.gives_headers:
            return is_longer(content, facts.size)
        return is_another(self._names.get(facts.uid, {}), names_of(content))

    def _headers_of(self, facts: RawMail) -> bytes | None:
        return self._headers(self._messages[facts.uid].listed.number)

    def _whole(self, facts: RawMail, size_limit_bytes: int) -> bytes | None:
        if facts.uid not in self._names and self.gives_headers:
            self._headers_to_date(facts.uid)
            self.in_flight = (facts.uid,)
        self._retrieved.add(facts.uid)
        command = f"RETR {self._messages[facts.uid].listed.number}"
        limit = size_limit_bytes * SIZE_TOLERANCE
        return self._content(command, limit)

    def _forget_reading(self) -> None:
        """Some servers mark as read whatever was, even where nobody says QUIT; not after RSET."""
        with suppress(ServerRefused), self._asking("fetch") as client:
            client.ask("RSET")

    # -- removing ---------------------------------------------------------------------------------

    def delete(self, uids: Iterable[int], digests: dict[int, str] | None = None) -> bool:
        """Remove mails, and leave: only QUIT makes it happen (RFC 1939, 6).

        What was read and is to stay must not be changed by that QUIT; then it is said in a
        connection of its own.

        :param digests: the ``headers_digest`` of each; what was not read in this connection is
            removed only if it is the same. Servers use unique ids again, and one whose answer to
            QUIT was cut has perhaps removed the mail already. The others are in ``others``.
        """
        self.others = frozenset()
        gone = {uid: self._messages[uid].listed for uid in self.present(uids)}
        if not gone:
            return True
        if self._retrieved - set(uids) and isinstance(self.authenticate, NotedSignIn):
            gone = self._found_again(gone)
        if digests is not None:
            gone = self._same_mails(gone, digests)
        for each in gone.values():
            with self._asking("settle", "The mail server does not remove a mail.") as client:
                client.ask(f"DELE {each.number}")
        with self._asking("settle", "The mail server did not remove all mails.") as client:
            client.ask("QUIT")
        self.drop()
        return True

    def _found_again(self, listed: dict[int, Listed]) -> dict[int, Listed]:
        """The same messages, as another connection numbers them."""
        uids = {each.key: uid for uid, each in listed.items()}
        self.drop()
        self.forget_listing()
        self._retrieved.clear()
        self.open()
        return {uids[each.key]: each for each in self.listing() if each.key in uids}

    def _same_mails(self, listed: dict[int, Listed], digests: dict[int, str]) -> dict[int, Listed]:
        """Those that are still what they were when they were read."""
        asked = listed.keys() - self._retrieved
        same = {
            uid: each
            for uid, each in listed.items()
            if uid not in asked or self._digest_now(each) == digests.get(uid)
        }
        if asked:
            self._forget_reading()
        self.others = frozenset(listed.keys() - same.keys())
        return same

    def _digest_now(self, listed: Listed) -> str:
        headers = self._headers(listed.number)
        if headers is None:
            headers = self._content(f"RETR {listed.number}", HEADERS_LIMIT_BYTES)
        return headers_digest(headers or b"")

    # -- what POP3 cannot -------------------------------------------------------------------------

    def mark_seen(self, _uids: Iterable[int]) -> None:
        raise ServerRefused("settle", _ONLY_INBOX)

    def move(self, _uids: Iterable[int], folder: str) -> None:
        raise FolderError("settle", _ONLY_INBOX)

    def create_folder(self, name: str) -> None:
        raise FolderError("settle", _ONLY_INBOX)

    def append(self, folder: str, raw: bytes, *_options) -> None:
        raise FolderError("settle", _ONLY_INBOX)

    def find_message_id(self, folder: str, message_id: str) -> list[int]:
        raise FolderError("settle", _ONLY_INBOX)


__all__ = ["INBOX", "Known", "Listed", "PopReceiver"]
