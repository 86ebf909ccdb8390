"""Keeping watch: a connection in IDLE for each folder, all of them in one thread.

Connecting and signing in wait for servers; that is done by a few threads, one mailbox at a time.
Whoever fails is tried again later and later, and holds up nobody else.
"""

import logging
import queue
import random
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from .exceptions import ConnectError, FolderError, LoginError, ReceiverError, TlsError
from .idling import CannotIdle, IdleLine

_logger = logging.getLogger(__name__)

CONNECTING_AT_ONCE = 8
TICK_SECONDS = 1.0
LASTING_SECONDS = 60
"""A line that held as long was in order: what comes next is no repetition."""
MINUTE = 60
LOST_SECONDS = (2, 5, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE)
REFUSED_SECONDS = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE)
"""After a wrong password: who asks often is shut out."""
TEMPORARY = ("[UNAVAILABLE]", "[INUSE]", "[SERVERBUG]")
"""RFC 5530, 3: it is not the password's fault."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A folder that is to be watched."""

    key: Hashable
    mailbox: tuple[str, int]
    """Database and id."""
    folder: str
    server: tuple[str, int]
    version: str
    """Changes with anything that the connection depends on."""
    position: tuple[int, int] = (0, 0)
    """UIDVALIDITY, and the UID that comes after all that is imported."""
    rank: int = 1
    """1 is a mailbox's first folder; where connections are scarce, the others go without."""


class Patience:
    """When to try again."""

    def __init__(self):
        self.not_before = 0.0
        self.failures = 0
        self.words = ""

    def note(self, error: Exception, now: float) -> None:
        waits = _waits_after(error)
        seconds = waits[min(self.failures, len(waits) - 1)]
        self.failures += 1
        self.not_before = now + seconds * random.uniform(0.8, 1.2)

    def is_new(self, error: Exception) -> bool:
        """Whether this was not said before."""
        said, self.words = self.words, _words_of(error)
        return said != self.words

    def forget(self) -> None:
        self.failures, self.words = 0, ""


def _waits_after(error: Exception) -> tuple[int, ...]:
    if isinstance(error, LoginError) and not error.server_words.startswith(TEMPORARY):
        return REFUSED_SECONDS
    if isinstance(error, FolderError):
        return REFUSED_SECONDS
    if isinstance(error, CannotIdle):
        return REFUSED_SECONDS[-1:]
    return LOST_SECONDS


def _words_of(error: Exception) -> str:
    """Ours alone: what a server or another library says may hold anything."""
    return error.message if isinstance(error, ReceiverError) else type(error).__name__


class Place:
    """A spot, with its line while there is one."""

    def __init__(self, spot: Spot, mailbox: "Mailbox"):
        self.spot = spot
        self.mailbox = mailbox
        self.line: IdleLine | None = None
        self.since = 0.0
        self.patience = Patience()
        self.is_gone = False
        self._seen = None

    def learn(self, line: IdleLine) -> bool:
        """Whether there is mail in the folder that may not be imported yet."""
        position = line.folder.uidvalidity, line.folder.uidnext
        known, self._seen = (self._seen, self.spot.position), position
        return not line.folder.uidnext or position not in known


class Mailbox:
    """What the folders of one mailbox have in common: one signs in at a time."""

    def __init__(self):
        self.patience = Patience()
        self.is_connecting = False


class Watch:
    """``run`` keeps the lines until ``stop``; the other methods may be called by any thread.

    :param connect: gives the line of a spot, or raises; called by threads
    :param arrived: called with the spot that has mail; it must not wait
    """

    def __init__(self, connect: Callable[[Spot], IdleLine], arrived: Callable[[Spot], None]):
        self._connect = connect
        self._arrived = arrived
        self._orders: queue.SimpleQueue = queue.SimpleQueue()
        self._places: dict[Hashable, Place] = {}
        self._mailboxes: dict[tuple, Mailbox] = {}
        self._connecting: Counter = Counter()
        self._dead_servers: set[tuple[str, int]] = set()
        self._stopping = False
        self._told = None
        self._knows_spots = False
        self._held: dict[tuple[str, int], float] = {}
        self._selector = selectors.DefaultSelector()
        self._bell, self._ear = socket.socketpair()
        for end in (self._bell, self._ear):
            end.setblocking(False)
        self._selector.register(self._ear, selectors.EVENT_READ)

    # -- for others -------------------------------------------------------------------------------

    def watch(self, spots: Iterable[Spot]) -> None:
        """From now on these and no others."""
        self._order(self._set_spots, {spot.key: spot for spot in spots})

    def held(self) -> dict[tuple[str, int], float]:
        """Mailboxes of whose first folder there is a line, and the moment (monotonic) of each."""
        return self._held

    def stop(self) -> None:
        self._order(self._stop)

    def run(self) -> None:
        attended = 0.0
        try:
            while not self._stopping:
                self._wait()
                changed = self._follow_orders()
                now = time.monotonic()
                if changed or now > attended + TICK_SECONDS:
                    attended = now
                    self._attend_all(now)
                    self._connect_more(now)
                    self._held = self._count_held()
                    self._tell()
        finally:
            for place in self._places.values():
                if place.line:
                    place.line.close(politely=True)

    def _follow_orders(self) -> bool:
        """Whether there were any."""
        some = False
        while not self._orders.empty():
            do, *words = self._orders.get()
            do(*words)
            some = True
        return some

    def _order(self, *order) -> None:
        self._orders.put(order)
        with suppress(OSError):  # it is full of earlier ones
            self._bell.send(b"!")

    def _stop(self) -> None:
        self._stopping = True

    # -- lines that are there ---------------------------------------------------------------------

    def _wait(self) -> None:
        for key, _events in self._selector.select(TICK_SECONDS):
            if key.data is None:
                with suppress(OSError):
                    self._ear.recv(4096)
            else:
                self._read(key.data)

    def _read(self, place: Place) -> None:
        try:
            if place.line.read(time.monotonic()):
                self._arrived(place.spot)
        except ReceiverError as error:
            self._lose(place, error)

    def _attend_all(self, now: float) -> None:
        for place in list(self._places.values()):
            if place.line:
                try:
                    place.line.attend(now)
                except ReceiverError as error:
                    self._lose(place, error)

    def _lose(self, place: Place, error: ReceiverError) -> None:
        """It is tried again soon, unless that happens again and again."""
        now = time.monotonic()
        self._hang_up(place)
        if now > place.since + LASTING_SECONDS:
            place.patience.forget()
        self._note(place.spot, place.patience, error)

    def _hang_up(self, place: Place, politely: bool = False) -> None:
        if line := place.line:
            place.line = None
            self._selector.unregister(line)
            line.close(politely)

    # -- what is to be watched --------------------------------------------------------------------

    def _set_spots(self, spots: dict[Hashable, Spot]) -> None:
        self._knows_spots = True
        for key, place in list(self._places.items()):
            spot = spots.get(key)
            if spot and spot.version == place.spot.version:
                place.spot = spot
            else:
                self._forget(key)
        self._mailboxes = {each.spot.mailbox: each.mailbox for each in self._places.values()}
        for key, spot in spots.items():
            if key not in self._places:
                mailbox = self._mailboxes.setdefault(spot.mailbox, Mailbox())
                self._places[key] = Place(spot, mailbox)

    def _forget(self, key: Hashable) -> None:
        """Somebody paused it, or gave it another password: what was is past."""
        place = self._places.pop(key)
        place.is_gone = True
        self._hang_up(place, politely=True)

    # -- connecting -------------------------------------------------------------------------------

    def _connect_more(self, now: float) -> None:
        free = CONNECTING_AT_ONCE - self._connecting.total()
        if free <= 0:
            return
        waiting = [place for place in self._places.values() if self._may_connect(place, now)]
        for place in sorted(waiting, key=lambda place: place.spot.rank):
            if free and self._may_connect(place, now):
                self._begin(place)
                free -= 1

    def _may_connect(self, place: Place, now: float) -> bool:
        if place.line or place.mailbox.is_connecting:
            return False
        if now < max(place.patience.not_before, place.mailbox.patience.not_before):
            return False
        # a dead server has the time of one thread only
        server = place.spot.server
        return server not in self._dead_servers or not self._connecting[server]

    def _begin(self, place: Place) -> None:
        place.mailbox.is_connecting = True
        self._connecting[place.spot.server] += 1
        threading.Thread(
            target=self._connect_here, args=(place,), name="mail watch: connecting", daemon=True
        ).start()

    def _connect_here(self, place: Place) -> None:
        """In a thread of its own."""
        try:
            line, error = self._connect(place.spot), None
        except Exception as failure:
            line, error = None, failure
        self._order(self._connected, place, line, error)

    def _connected(self, place: Place, line: IdleLine | None, error: Exception | None) -> None:
        server = place.spot.server
        place.mailbox.is_connecting = False
        self._connecting[server] -= 1
        if isinstance(error, ConnectError | TlsError):
            self._dead_servers.add(server)
        else:
            self._dead_servers.discard(server)
        if place.is_gone:
            if line:
                line.close(politely=True)
        elif error:
            own = isinstance(error, FolderError)
            self._note(place.spot, (place if own else place.mailbox).patience, error)
        else:
            self._keep(place, line)

    def _keep(self, place: Place, line: IdleLine) -> None:
        place.line, place.since = line, time.monotonic()
        place.mailbox.patience.forget()
        self._selector.register(line, selectors.EVENT_READ, place)
        if place.learn(line):
            self._arrived(place.spot)
        # what came together with the answer to the last command is in no socket any more
        self._read(place)

    def _count_held(self) -> dict[tuple[str, int], float]:
        return {
            place.spot.mailbox: place.since
            for place in self._places.values()
            if place.spot.rank == 1 and place.line and place.line.is_idling
        }

    # -- what administrators read -----------------------------------------------------------------

    def _note(self, spot: Spot, patience: Patience, error: Exception) -> None:
        now = time.monotonic()
        patience.note(error, now)
        if patience.is_new(error):
            database, mailbox = spot.mailbox
            _logger.warning(
                "Mailbox %s of %s is not watched for the next %.0f seconds: %s",
                mailbox,
                database,
                patience.not_before - now,
                _words_of(error),
            )

    def _tell(self) -> None:
        """How many, whenever all is settled and the number is another one."""
        if not self._knows_spots or self._connecting.total():
            return
        lines = [place for place in self._places.values() if place.line]
        state = len(lines), len(self._places)
        if state != self._told and all(place.line.is_idling for place in lines):
            self._told = state
            _logger.info("Watching %s of %s folders", *state)
