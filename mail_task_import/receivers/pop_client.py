"""POP3 (RFC 1939, 2449, 5034) made safe against servers that are slow, hostile or very large.

``poplib`` bounds neither the time nor the size of an answer, and gives up on mail with long lines.
Errors are ``imaplib``'s, so that signing in and ``answers.py`` are the same for both protocols.
"""

import base64
import imaplib
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_RDWR
from socket import socket as Socket

from imapclient import SocketTimeout

from .protocol import (
    ANSWER_LIMIT_BYTES,
    HOPELESS_LITERAL_BYTES,
    KIB,
    LINE_WEIGHT,
    Unspeakable,
    cut_after,
)

LINE_LIMIT_BYTES = 64 * KIB
"""Of what is no mail; 512 by the book (RFC 2449, 4)."""


class PopClient:
    """POP3 over a socket that is connected, and encrypted unless that comes by ``starttls``.

    :ivar capabilities: upper-case words of CAPA with what follows each; empty: the server tells
        none
    """

    server_kind = "a POP3 server"
    answer_limit = ANSWER_LIMIT_BYTES

    def __init__(
        self,
        sock: Socket,
        host: str,
        port: int,
        timeout: SocketTimeout,
        command_timeout: float,
    ):
        self.host, self.port = host, port
        self.command_timeout = command_timeout
        self._use(sock)
        self.expect_answer()
        self._reply()
        self.learn_capabilities()

    @property
    def connection(self) -> "PopClient":
        """What a sign-in is made on."""
        return self

    def socket(self) -> Socket:
        return self._sock

    # -- signing in -------------------------------------------------------------------------------

    def learn_capabilities(self) -> None:
        self.capabilities: dict[str, list[str]] = {}
        try:
            lines = self.ask_lines("CAPA")
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return
        for line in lines:
            name, *rest = line.decode("latin-1").upper().split() or [""]
            self.capabilities[name] = rest

    @property
    def offers_tls(self) -> bool:
        return "STLS" in self.capabilities

    @property
    def takes_passwords(self) -> bool:
        known = self.capabilities
        return not known or "USER" in known or "PLAIN" in known.get("SASL", ())

    def starttls(self, context: ssl.SSLContext) -> None:
        """What was said before is forgotten: it may be from whoever sits in between (RFC 2595)."""
        self.ask("STLS")
        self._use(context.wrap_socket(self._sock, server_hostname=self.host))
        self.learn_capabilities()

    def login(self, user: str, password: str) -> None:
        """USER and PASS, or AUTH PLAIN where that is all there is.

        :raises Unspeakable: a line break would end the command, and begin another
        """
        if re.search(r"[\0\r\n]", user + password):
            raise Unspeakable
        offered = self.capabilities.get("SASL", ())
        if "PLAIN" in offered and ("USER" not in self.capabilities or not user.isascii()):
            self.authenticate("PLAIN", lambda _challenge: f"\0{user}\0{password}".encode())
            return
        self.ask(f"USER {user}")
        self.ask(f"PASS {password}")

    def authenticate(self, mechanism: str, authobject: Callable[[bytes], bytes | str]) -> None:
        """One message, not in the command itself: tokens are longer than it may be (RFC 5034)."""
        self.ask(f"AUTH {mechanism}")
        message = authobject(b"")
        raw = message if isinstance(message, bytes) else message.encode()
        self.ask(base64.b64encode(raw).decode())
        if self._is_asked:
            # why it was refused, in the words of the mechanism; the answer to that is empty
            self.ask("")
            raise imaplib.IMAP4.error("The server wants to go on talking.")

    # -- commands ---------------------------------------------------------------------------------

    def ask(self, command: str) -> str:
        """The words after ``+OK``.

        :raises imaplib.IMAP4.error: ``-ERR``, with the server's words
        """
        self._sock.sendall(f"{command}\r\n".encode())
        return self._reply()

    def ask_lines(self, command: str) -> list[bytes]:
        """What comes in several lines, without their ends."""
        self.ask(command)
        lines = []
        while (line := self._line()) != b".":
            lines.append(line[1:] if line.startswith(b".") else line)
        return lines

    def ask_content(self, command: str, size_limit_bytes: int) -> bytes | None:
        """A mail, byte for byte. None: it is over the limit, and was read and dropped."""
        self.ask(command)
        content, size, at_start = bytearray(), 0, True
        while True:
            line = self._file.readline(LINE_LIMIT_BYTES)
            if not line:
                raise imaplib.IMAP4.abort("socket error: EOF")
            if at_start and line in (b".\r\n", b".\n"):
                return bytes(content) if size <= size_limit_bytes else None
            if at_start and line.startswith(b"."):
                line = line[1:]
            at_start = line.endswith(b"\n")
            size += len(line)
            if size <= size_limit_bytes:
                content += line
            elif size > HOPELESS_LITERAL_BYTES:
                raise imaplib.IMAP4.abort("the server does not stop sending")
            else:
                content.clear()

    def within_time(self):
        """Give the commands inside ``command_timeout`` seconds in all."""
        self.expect_answer()
        return cut_after(self._sock, self.command_timeout)

    def expect_answer(self) -> None:
        """Count from here what the server sends."""
        self._taken = 0

    def forget_answers(self) -> None:
        """Nothing of a refused command is left over."""

    # -- the end ----------------------------------------------------------------------------------

    def logout(self) -> None:
        """Leave without a word: whatever a server does after QUIT (mark as read, put away, remove),
        it does for those who say it (RFC 1939, 3 and 6).
        """
        self.shutdown()

    def shutdown(self) -> None:
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._sock.shutdown(SHUT_RDWR)
        self._sock.close()

    # -- lines ------------------------------------------------------------------------------------

    def _use(self, sock: Socket) -> None:
        self._sock = sock
        self._file = sock.makefile("rb")

    def _reply(self) -> str:
        sign, _, words = self._line().decode("utf-8", "replace").partition(" ")
        self._is_asked = sign == "+"
        if sign == "-ERR":
            raise imaplib.IMAP4.error(words)
        if sign not in ("+OK", "+"):
            raise imaplib.IMAP4.abort("the server gave an answer that is no POP3")
        return words

    def _line(self) -> bytes:
        line = self._file.readline(LINE_LIMIT_BYTES + 1)
        if not line:
            raise imaplib.IMAP4.abort("socket error: EOF")
        if len(line) > LINE_LIMIT_BYTES:
            # the rest is still on the wire: nothing after it can be understood
            raise imaplib.IMAP4.abort("the server sent a line that is too long")
        self._taken += len(line) * LINE_WEIGHT
        if self._taken > self.answer_limit:
            raise imaplib.IMAP4.abort("the server does not stop sending")
        return line.rstrip(b"\r\n")
