"""``imaplib`` and ``imapclient`` made safe against servers that are slow, silent, hostile or very large.

Both libraries bound neither the size of a literal nor the time of a command: a server that sends one byte a minute
never meets a socket timeout.
"""

import imaplib
import os
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient, SocketTimeout

KIB = 1024
MIB = KIB * KIB

LINE_LIMIT_BYTES = 4 * MIB
LITERAL_LIMIT_BYTES = 256 * MIB
"""One literal (a mail); more is read off the wire and dropped, so that the connection stays usable."""
HOPELESS_LITERAL_BYTES = 2048 * MIB
"""Nobody waits for this; the connection is given up."""


class Unspeakable(imaplib.IMAP4.error):
    """A name or password with characters for which the protocol has no way. It does not say which."""


class Protocol(imaplib.IMAP4):
    """IMAP over a socket that is connected, and encrypted, already."""

    literal_limit = LITERAL_LIMIT_BYTES

    def __init__(self, sock: socket.socket, host: str, port: int):
        self._connected = sock
        super().__init__(host, port)

    def _create_socket(self, timeout=None):
        return self._connected

    def read(self, size):
        """A literal; empty where it is over the limit, which imapclient then finds malformed, for this mail only."""
        if size > HOPELESS_LITERAL_BYTES:
            raise self.abort(f"the server announced {size} bytes")
        if size <= self.literal_limit:
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
        return line

    def login(self, user, password):
        """LOGIN, or AUTHENTICATE PLAIN where LOGIN cannot do; here, so that whoever logs in need not know.

        LOGIN carries ASCII only (RFC 3501, 6.2.3); PLAIN carries UTF-8 (RFC 4616), and some offer it alone.

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

    def __init__(self, sock: socket.socket, host: str, port: int, timeout: SocketTimeout, command_timeout: float):
        self._connected = sock
        self.command_timeout = command_timeout
        super().__init__(host, port, ssl=isinstance(sock, ssl.SSLSocket), timeout=timeout)
        # imapclient logs at level 5, where imaplib formats every body it reads; below 4 it keeps the last commands,
        # the password among them, in memory.
        self._imap.debug = 4
        self.normalise_times = False

    def _create_IMAP4(self):
        return Protocol(self._connected, self.host, self.port)

    def learn_capabilities(self) -> None:
        """They change with the login (RFC 9051, 6.2), which imapclient does not see when it is done on ``_imap``.

        At once, while imaplib still has what the server said of them in its answer to the login.
        """
        self._cached_capabilities = None
        self.capabilities()

    def forget_answers(self) -> None:
        """imaplib keeps what a server sent before it refused a command, and adds it to the next answer."""
        self._imap.untagged_responses.clear()

    def within_time(self):
        """Give the commands inside ``command_timeout`` seconds in all."""
        return cut_after(self._imap.sock, self.command_timeout)


@contextmanager
def cut_after(sock: socket.socket, seconds: float) -> Iterator[None]:
    """Shut the connection down when the time is over, which wakes whoever reads from it, drop by drop or not.

    :raises TimeoutError: instead of what the cut made fail
    """
    # A descriptor of our own: wrapping a socket in TLS takes the first one away from it.
    line = socket.socket(fileno=os.dup(sock.fileno()))
    expired = threading.Event()

    def cut():
        expired.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

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
        line.close()
