"""Memory for mail that is read ahead: bounded, however many servers are read at once."""

import threading

from .protocol import MIB

SMALL_BYTES = 2 * MIB
"""A batch weighs no more, unless it is a single mail."""
ROOM_FOR_SMALL = 32 * MIB
ROOM_FOR_LARGE = 60 * MIB


class Closed(Exception):
    """Nobody waits for this mail any more."""


class Room:
    """Bytes that may be held at once, by all readers together.

    Whoever wants to read takes as many first, and waits until there are so many; they are given
    back when the mail is imported. Single large mails have a room of their own: a server that sends
    one slowly keeps that for as long as it is waited for, and delays the small mail of nobody.
    """

    def __init__(self, small: int = ROOM_FOR_SMALL, large: int = ROOM_FOR_LARGE):
        self._size = {False: small, True: large}
        self._taken = {False: 0, True: 0}
        self._changed = threading.Condition()

    def take(self, weight: int, is_over: threading.Event) -> None:
        """:raises Closed: ``is_over`` was set meanwhile"""
        large, weight = self._share(weight)
        with self._changed:
            while self._taken[large] + weight > self._size[large]:
                if is_over.is_set():
                    raise Closed
                self._changed.wait(0.2)
            self._taken[large] += weight

    def give_back(self, weight: int) -> None:
        large, weight = self._share(weight)
        with self._changed:
            self._taken[large] -= weight
            self._changed.notify_all()

    @property
    def taken(self) -> int:
        return sum(self._taken.values())

    def _share(self, weight: int) -> tuple[bool, int]:
        """A mail that is larger than the room has it to itself."""
        large = weight > SMALL_BYTES
        return large, min(weight, self._size[large])
