"""Reading ahead: each mail server is spoken to by a thread of its own, and nobody waits for it.

A ``Reader`` does what it is asked, in order, on its one connection. Whoever asked is told through
``ReadersAtWork.next_ready`` whose answer has come, and meanwhile imports what another one brought.
The threads know neither models nor a database.
"""

import math
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .exceptions import ConnectionLost
from .imap import ImapReceiver
from .protocol import cut_off
from .raw_mail import RawMail
from .reading import BATCH_COUNT, FetchFailure
from .room import SMALL_BYTES, Closed, Room
from .session import chunks

AHEAD = 2
"""Batches of one mailbox that wait in memory while another one is imported."""
LOGOUT_SECONDS = 1
"""For all that still say goodbye when a run ends."""
LEAVING_SECONDS = 15
"""How long a thread may take to end: as long as connecting may take, all else is cut off."""


class Request:
    """Something that a reader is asked to do: a function of its receiver."""

    def __init__(self, do: Callable[[ImapReceiver], Any]):
        self._do = do
        self._answers: deque[tuple[Any, BaseException | None]] = deque()
        self.is_over = threading.Event()
        """Set: nobody waits for the answer any more."""
        self.held_up_until = 0.0
        """Until this moment the server could not be asked; infinity while it still cannot."""

    @property
    def is_answered(self) -> bool:
        return bool(self._answers)

    def take_answer(self) -> tuple[Any, BaseException | None]:
        """What came, and what was raised instead."""
        return self._answers.popleft()

    def cancel(self) -> None:
        self.is_over.set()

    def serve(self, receiver: ImapReceiver) -> Iterator[None]:
        """Called by the thread; yields whenever there is another answer."""
        self._answers.append((self._do(receiver), None))
        yield

    def fail(self, error: BaseException) -> None:
        self._answers.append((None, error))


@dataclass(slots=True)
class Fetched:
    """Some of the mails that a ``Reading`` is about, in the order asked for."""

    uids: list[int]
    """The next ones in that order that are dealt with: here, failed or vanished."""
    mails: list[RawMail] = field(default_factory=list)
    failures: list[FetchFailure] = field(default_factory=list)
    weight: int = 0


class Reading(Request):
    """The mails with these UIDs, of the folder that is open; up to ``AHEAD`` answers in advance."""

    def __init__(self, uids: list[int], size_limit_bytes: int, room: Room):
        super().__init__(lambda receiver: None)
        self._uids = uids
        self._size_limit = size_limit_bytes
        self._room = room
        self._free = threading.Semaphore(AHEAD)
        self._handing_over = threading.Lock()
        self._held = 0
        self.in_flight: tuple[int, ...] = ()
        """What was being read when the connection broke."""

    def take_answer(self):
        self._free.release()
        return super().take_answer()

    def done_with(self, fetched: Fetched) -> None:
        """Its mails are imported: others may take their place in memory."""
        self._room.give_back(fetched.weight)

    def cancel(self) -> None:
        super().cancel()
        self._free.release()
        with self._handing_over:
            while self._answers:
                fetched, _error = self._answers.popleft()
                if fetched:
                    self.done_with(fetched)

    def serve(self, receiver):
        try:
            for some in chunks(self._uids, BATCH_COUNT):
                for fetched in self._fetch(receiver, some):
                    self._deliver(fetched)
                    yield
            # whoever waits for more is mistaken, and would wait for ever
            self.fail(EOFError("All of these mails were handed over."))
        except Closed:
            return
        finally:
            self.in_flight = receiver.in_flight
            self._room.give_back(self._held)
            self._held = 0

    def _fetch(self, receiver, uids) -> Iterator[Fetched]:
        """What came, in pieces; the last one holds all that did not come."""
        left = list(uids)
        for mails in receiver.fetch(uids, self._size_limit, SMALL_BYTES, reserve=self._reserve):
            through = left.index(mails[-1].uid) + 1
            yield self._fetched(left[:through], mails, receiver)
            left = left[through:]
        if left:
            yield self._fetched(left, [], receiver)

    def _reserve(self, weight: int) -> None:
        self._room.give_back(self._held)
        self._held = 0
        self.held_up_until = math.inf
        self._room.take(weight, self.is_over)
        self.held_up_until = time.monotonic()
        self._held = weight

    def _fetched(self, uids, mails, receiver) -> Fetched:
        missing = set(uids)
        failures = [failure for failure in receiver.failures if failure.uid in missing]
        weight, self._held = self._held, 0
        return Fetched(uids, mails, failures, weight)

    def _deliver(self, fetched: Fetched) -> None:
        self._free.acquire()
        with self._handing_over:
            if self.is_over.is_set():
                self.done_with(fetched)
                raise Closed
            self._answers.append((fetched, None))


class Reader(threading.Thread):
    """Speaks with one server. ``ask`` returns at once."""

    def __init__(self, key: Hashable, receiver: ImapReceiver, ready: queue.SimpleQueue):
        super().__init__(name=f"mail import: {receiver.settings.host}", daemon=True)
        self.key = key
        self.receiver = receiver
        self._ready = ready
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._request: Request | None = None
        self._leaving = threading.Event()

    def ask(self, request: Request) -> Request:
        self._requests.put(request)
        return request

    def leave(self) -> None:
        """End as soon as what is under way is done."""
        self._requests.put(None)

    def cut(self) -> None:
        """End at once, whatever the server is doing."""
        self._leaving.set()
        if request := self._request:
            request.cancel()
        self._requests.put(None)
        cut_off(self)

    def run(self) -> None:
        try:
            while (request := self._requests.get()) is not None and not self._leaving.is_set():
                self._request = request
                self._serve(request)
                self._request = None
        finally:
            if not self._leaving.is_set():
                self.receiver.close()
            self.receiver.drop()

    def _serve(self, request: Request) -> None:
        if request.is_over.is_set():
            return
        try:
            for _answer in request.serve(self.receiver):
                self._ready.put(self.key)
        except Exception as error:
            request.fail(error)
            self._ready.put(self.key)


class ReadersAtWork:
    """The readers of one run; leaving it ends their threads."""

    def __init__(self, room: Room | None = None):
        self.room = room or Room()
        self._ready: queue.SimpleQueue[Hashable] = queue.SimpleQueue()
        self._readers: dict[Hashable, Reader] = {}
        self._left: list[Reader] = []

    def __enter__(self):
        return self

    def __exit__(self, *_exc_info):
        deadline = time.monotonic() + LOGOUT_SECONDS
        for reader in self._left:
            reader.join(max(0.0, deadline - time.monotonic()))
        for reader in self._readers.values():
            reader.cut()
        self._wait([*self._readers.values(), *self._left])

    def start(self, key: Hashable, receiver: ImapReceiver) -> Reader:
        reader = self._readers[key] = Reader(key, receiver, self._ready)
        reader.start()
        return reader

    def dismiss(self, key: Hashable, at_once: bool = False) -> None:
        """Its work is over; ``at_once``: the server does not answer."""
        reader = self._readers.pop(key)
        reader.cut() if at_once else reader.leave()
        self._left = [other for other in self._left if other.is_alive()] + [reader]

    def next_ready(self, seconds: float) -> Hashable | None:
        """Whose answer has come; None where nothing came within so many seconds."""
        try:
            return self._ready.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None

    def _wait(self, readers: list[Reader]) -> None:
        deadline = time.monotonic() + LEAVING_SECONDS
        for reader in readers:
            while reader.is_alive() and time.monotonic() < deadline:
                reader.join(0.1)
                # between two commands there was nothing to cut
                reader.cut()


def given_up(seconds: float) -> ConnectionLost:
    return ConnectionLost("fetch", f"The mail server took more than {seconds:.0f} seconds.")
