"""A connection in IDLE (RFC 2177): the mail server says by itself when something has come.

Nothing here waits. Whoever keeps many such lines says when there is something to read, and what the
time is.
"""

import random
import re
import socket
import ssl
from contextlib import suppress

from .answers import lost
from .exceptions import ConnectionLost, ReceiverError, ServerRefused
from .imap import ImapReceiver
from .session import FolderState

RENEW_SECONDS = 9 * 60
"""IDLE ends after 29 minutes (RFC 2177, 3); routers forget a silent line much sooner."""
ANSWER_SECONDS = 60
READ_BYTES = 65536
LINE_LIMIT_BYTES = 65536
KEEP_ALIVE = {"TCP_KEEPIDLE": 120, "TCP_KEEPINTVL": 30, "TCP_KEEPCNT": 4}
"""Seconds, and how often nobody may answer."""

_COUNT = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE)\b", re.IGNORECASE)

ASKED, IDLING, ENDING = "asked", "idling", "ending"


class CannotIdle(ServerRefused):
    """The server does not offer IDLE."""


def begin_idle(receiver: ImapReceiver, folder: str, now: float) -> "IdleLine":
    """Open a folder, to read only, and wait for its mail; the receiver gives its connection away.

    :param receiver: signed in
    :param now: as ``time.monotonic`` has it
    """
    if not receiver.has_capability("IDLE"):
        raise CannotIdle("watch", "The mail server does not say when mail comes (no IDLE).")
    state = receiver.select(folder)
    sock, unread = receiver.hand_over()
    try:
        _keep_alive(sock)
        line = IdleLine(sock, state, unread)
        line.begin(now)
    except BaseException:
        sock.close()
        raise
    return line


def _keep_alive(sock: socket.socket) -> None:
    """Let the system find out that the other end is gone, and routers that the line is in use."""
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in KEEP_ALIVE.items():
            if option := getattr(socket, name, None):
                sock.setsockopt(socket.IPPROTO_TCP, option, value)


class IdleLine:
    """One folder of one mailbox.

    :ivar folder: what the server said when it was opened
    """

    def __init__(self, sock: socket.socket, folder: FolderState, unread: bytes = b""):
        self.folder = folder
        self._sock = sock
        self._exists = folder.exists
        self._unread = unread
        self._number = 0
        self._state = ENDING
        self._due = 0.0

    def fileno(self) -> int:
        return self._sock.fileno()

    @property
    def is_idling(self) -> bool:
        """The server has said that it will tell."""
        return self._state == IDLING

    def begin(self, now: float) -> None:
        self._number += 1
        self._state, self._due = ASKED, now + ANSWER_SECONDS
        self._say(b"%s IDLE\r\n" % self._tag)

    def read(self, now: float) -> bool:
        """Take in what has come, a piece of it. True where new mail is announced.

        :raises ConnectionLost, ServerRefused: this line is of no more use
        """
        *lines, self._unread = (self._unread + self._receive()).split(b"\n")
        if len(self._unread) > LINE_LIMIT_BYTES:
            raise ConnectionLost("watch", "The mail server sends a line without an end.")
        heard = [self._heed(line, now) for line in lines]
        return any(heard)

    def attend(self, now: float) -> None:
        """Do what is due: ask anew before IDLE expires, or lose patience.

        :raises ConnectionLost: the server does not answer
        """
        if now < self._due:
            return
        if not self.is_idling:
            raise ConnectionLost("watch", "The mail server stopped answering.")
        self._state, self._due = ENDING, now + ANSWER_SECONDS
        self._say(b"DONE\r\n")

    def close(self, politely: bool = False) -> None:
        if politely and self.is_idling:
            with suppress(ReceiverError):
                self._say(b"DONE\r\nBYE LOGOUT\r\n")
        with suppress(OSError):
            self._sock.close()

    # -- what the server says ---------------------------------------------------------------------

    @property
    def _tag(self) -> bytes:
        return b"IDLE%d" % self._number

    def _heed(self, line: bytes, now: float) -> bool:
        if counted := _COUNT.match(line):
            return self._count(int(counted[1]), counted[2].upper())
        if line[:5].upper() == b"* BYE":
            raise ConnectionLost("watch", "The mail server ended the connection.")
        if line.startswith(b"+") and self._state == ASKED:
            self._state = IDLING
            # not all at the same moment
            self._due = now + RENEW_SECONDS * random.uniform(0.8, 1)
        elif line.startswith(self._tag + b" "):
            self._ended(line[len(self._tag) :].strip(), now)
        return False

    def _count(self, number: int, what: bytes) -> bool:
        if what == b"EXPUNGE":
            self._exists = max(0, self._exists - 1)
            return False
        more, self._exists = number > self._exists, number
        return more

    def _ended(self, answer: bytes, now: float) -> None:
        if not answer.upper().startswith(b"OK"):
            raise ServerRefused("watch", "The mail server refused IDLE.")
        if self._state != ENDING:
            # asked again at once, it might go on like that
            raise ConnectionLost("watch", "The mail server ended IDLE by itself.")
        self.begin(now)

    # -- the line ---------------------------------------------------------------------------------

    def _receive(self) -> bytes:
        try:
            data = self._sock.recv(READ_BYTES)
        except (BlockingIOError, ssl.SSLWantReadError):
            return b""
        except OSError as error:
            raise lost("watch", error) from error
        if not data:
            raise ConnectionLost("watch", "The connection to the mail server was lost.")
        return data

    def _say(self, words: bytes) -> None:
        """A line that takes no few bytes is broken: nothing else is ever said on it."""
        try:
            self._sock.sendall(words)
        except OSError as error:
            raise lost("watch", error) from error
