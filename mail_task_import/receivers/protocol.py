"""``imaplib`` and ``imapclient`` made safe against servers that are slow, hostile or very large.

Both libraries bound neither the size of a literal nor the time of a command: a server that sends
one byte a minute never meets a socket timeout.
"""

import imaplib
import os
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient, SocketTimeout

KIB = 1024
MIB = KIB * KIB

SEND_BYTES = 64 * KIB
LINE_LIMIT_BYTES = 4 * MIB
LITERAL_LIMIT_BYTES = 256 * MIB
"""One literal (a mail). A larger one is read and dropped, so that the connection stays usable."""
HOPELESS_LITERAL_BYTES = 2048 * MIB
"""Nobody waits for this; the connection is given up."""
ANSWER_LIMIT_BYTES = 512 * MIB
"""All that may come in answer to one question."""
LINE_WEIGHT = 16
"""A byte in a line costs more memory than one in a literal: short lines become many objects."""


class Unspeakable(imaplib.IMAP4.error):
    """A name or password has characters for which the protocol has no way; which, is not said."""


class Protocol(imaplib.IMAP4):
    """IMAP over a socket that is connected, and encrypted, already."""

    literal_limit = LITERAL_LIMIT_BYTES
    answer_limit = ANSWER_LIMIT_BYTES

    def __init__(self, sock: socket.socket, host: str, port: int):
        self._connected = sock
        self.expect_answer()
        super().__init__(host, port)

    def _create_socket(self, timeout=None):
        return self._connected

    def read(self, size):
        """A literal. One over the limit comes empty, and imapclient finds this mail malformed."""
        if size > HOPELESS_LITERAL_BYTES:
            raise self.abort(f"the server announced {size} bytes")
        if size <= self.literal_limit:
            self._take(size)
            return super().read(size)
        while size > 0:
            dropped = super().read(min(size, MIB))
            if not dropped:
                raise self.abort("socket error: EOF")
            size -= len(dropped)
        return b""

    def readline(self):
        line = self.file.readline(LINE_LIMIT_BYTES + 1)
        if len(line) > LINE_LIMIT_BYTES:
            # The rest of the line is still on the wire: nothing after it can be understood.
            raise self.abort(f"the server sent a line of more than {LINE_LIMIT_BYTES} bytes")
        self._take(len(line) * LINE_WEIGHT)
        return line

    def send(self, data):
        """In pieces: ``sendall`` gives the whole of a large mail no more than one timeout."""
        for start in range(0, len(data), SEND_BYTES):
            self.sock.sendall(data[start : start + SEND_BYTES])

    def expect_answer(self) -> None:
        """Count from here what the server sends."""
        self._taken = 0

    def _take(self, size: int) -> None:
        self._taken += size
        if self._taken > self.answer_limit:
            raise self.abort("the server does not stop sending")

    def login(self, user, password):
        """LOGIN, or AUTHENTICATE PLAIN where LOGIN cannot do.

        LOGIN carries ASCII only (RFC 3501, 6.2.3); PLAIN carries UTF-8 (RFC 4616), and some offer
        it alone. Decided here, so that the host's own login has it too.

        :raises Unspeakable: this server cannot be told this name or password
        """
        if re.search(r"[\0\r\n]", user + password):
            raise Unspeakable  # a line break would end the command, and begin another
        disabled = "LOGINDISABLED" in self.capabilities
        if (user + password).isascii() and not disabled:
            return super().login(user, password)
        if "AUTH=PLAIN" in self.capabilities:
            return self.authenticate("PLAIN", lambda _challenge: f"\0{user}\0{password}".encode())
        raise self.error() if disabled else Unspeakable


class Client(IMAPClient):
    """An ``IMAPClient`` over a ``Protocol``."""

    server_kind = "an IMAP server"

    def __init__(
        self,
        sock: socket.socket,
        host: str,
        port: int,
        timeout: SocketTimeout,
        command_timeout: float,
    ):
        self._connected = sock
        self.command_timeout = command_timeout
        super().__init__(host, port, ssl=isinstance(sock, ssl.SSLSocket), timeout=timeout)
        # imapclient logs at level 5, where imaplib formats every body it reads; below 4 it keeps
        # the last commands, the password among them, in memory.
        self._imap.debug = 4
        self.normalise_times = False

    def _create_IMAP4(self):
        return Protocol(self._connected, self.host, self.port)

    @property
    def connection(self) -> Protocol:
        """What a sign-in is made on."""
        return self._imap

    @property
    def offers_tls(self) -> bool:
        return self.has_capability("STARTTLS")

    @property
    def takes_passwords(self) -> bool:
        return "LOGINDISABLED" not in self._imap.capabilities

    def learn_capabilities(self) -> None:
        """Capabilities change with a login (RFC 9051, 6.2), and imapclient does not see ours.

        Asked at once, while imaplib still has what the server said in its answer to the login.
        """
        self._cached_capabilities = None
        self.capabilities()

    def forget_answers(self) -> None:
        """imaplib adds what came before a refusal to the answer of the next command."""
        self._imap.untagged_responses.clear()

    def hand_over(self) -> tuple[socket.socket, bytes]:
        """The line itself, which waits for nobody from now on, and what came on it unread."""
        protocol, unread = self._imap, b""
        protocol.sock.settimeout(0)
        with suppress(OSError):  # nothing there
            while coming := protocol.file.peek():
                unread += protocol.file.read(len(coming))
        return protocol.sock, unread

    def within_time(self):
        """Give the commands inside ``command_timeout`` seconds in all."""
        self._imap.expect_answer()
        return cut_after(self._imap.sock, self.command_timeout)


@contextmanager
def cut_after(sock: socket.socket, seconds: float) -> Iterator[None]:
    """Shut the connection down when the time is over, which wakes whoever reads from it.

    :raises TimeoutError: instead of what the cut made fail
    """
    # A descriptor of our own: wrapping a socket in TLS takes the first one away from it.
    line = socket.socket(fileno=os.dup(sock.fileno()))
    expired = threading.Event()

    def cut():
        expired.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    lines = _lines.setdefault(threading.get_ident(), [])
    lines.append(cut)
    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except Exception as error:
        if expired.is_set():
            raise TimeoutError("timed out") from error
        raise
    finally:
        timer.cancel()
        lines.remove(cut)
        if not lines:
            _lines.pop(threading.get_ident(), None)
        line.close()


_lines: dict[int, list[Callable[[], None]]] = {}
"""What each thread is waiting for at this moment, as the function that ends it."""


def cut_off(thread: threading.Thread) -> None:
    """End what another thread says to a server, and with it what it waits for."""
    for cut in tuple(_lines.get(thread.ident, ())):
        cut()
