"""The stage for the receivers' tests: a real Dovecot, a wire to cut, servers that misbehave."""

import contextlib
import socket
import socketserver
import threading
import time
import unittest
from collections.abc import Callable

from odoo.addons.mail_task_import.receivers.connection import ConnectionSettings, password_login
from odoo.addons.mail_task_import.receivers.imap import ImapReceiver

from environment.dovecot import Dovecot

LOGIN, PASSWORD = "info@example.com", "secret"
SIZE_LIMIT = 1_000_000


def mail(subject: str = "Hello", body: str = "Hello\r\n", message_id: str = "") -> bytes:
    identity = f"Message-ID: {message_id}\r\n" if message_id else ""
    return f"From: ann@example.org\r\nSubject: {subject}\r\n{identity}\r\n{body}".encode()


class ReceiverCase(unittest.TestCase):
    """A Dovecot for the class, and an empty mailbox for each test."""

    dovecot_extra = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dovecot = Dovecot(extra=cls.dovecot_extra).start()
        cls.addClassCleanup(cls.dovecot.remove)
        cls.dovecot.add_user(LOGIN, PASSWORD)

    def setUp(self):
        super().setUp()
        self.addCleanup(self.dovecot.purge, LOGIN)

    def settings(self, **changes) -> ConnectionSettings:
        values = {
            "host": "localhost",
            "port": self.dovecot.imap_port,
            "security": "none",
            "timeout": 5,
        }
        return ConnectionSettings(**(values | changes))

    def receiver(self, **changes) -> ImapReceiver:
        """Connected and logged in until the test ends."""
        receiver = ImapReceiver(self.settings(**changes), password_login(LOGIN, PASSWORD))
        self.addCleanup(receiver.close)
        receiver.open()
        return receiver

    def inbox(self, readonly: bool = True, **changes) -> ImapReceiver:
        receiver = self.receiver(**changes)
        receiver.select("INBOX", readonly)
        return receiver

    def deliver(self, *raws: bytes, folder: str = "INBOX", **facts) -> list[int]:
        return [self.dovecot.deliver(LOGIN, raw, folder=folder, **facts) for raw in raws]

    def on_server(self, folder: str = "INBOX") -> dict[int, dict]:
        """What another client sees: by UID the flags and the subject."""
        with self.dovecot.client(LOGIN) as other:
            other.select_folder(folder, readonly=True)
            fetched = other.fetch(other.search(), ["FLAGS", "BODY.PEEK[HEADER.FIELDS (SUBJECT)]"])
        return {
            uid: {
                "flags": {flag.decode() for flag in data[b"FLAGS"]} - {"\\Recent"},
                "subject": data[b"BODY[HEADER.FIELDS (SUBJECT)]"]
                .partition(b":")[2]
                .strip()
                .decode(),
            }
            for uid, data in fetched.items()
        }

    def subjects(self, folder: str = "INBOX") -> list[str]:
        return [seen["subject"] for _uid, seen in sorted(self.on_server(folder).items())]

    @contextlib.contextmanager
    def other_client(self, folder: str = "INBOX"):
        """Somebody else who works in the same mailbox."""
        with self.dovecot.client(LOGIN) as other:
            other.select_folder(folder)
            yield other


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, handle: Callable[[socket.socket], None]):
        self._handle = handle
        super().__init__(("127.0.0.1", 0), None)
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def finish_request(self, request, client_address):
        with contextlib.suppress(OSError):
            self._handle(request)

    def __exit__(self, *exception):
        self.shutdown()
        return super().__exit__(*exception)


class Wire(_Server):
    """Passes on what a real server says, until the test interferes."""

    def __init__(self, port: int):
        self._upstream_port = port
        self.cut_after: int | None = None
        """How many more bytes the server gets through before the line is cut."""
        self.seconds_a_byte = 0.0
        self.answer: Callable[[bytes], bytes | None] = lambda command: None
        """What is said to the client in the server's place; the command comes without its tag."""
        self.commands: list[bytes] = []
        super().__init__(self._connect_through)

    def _connect_through(self, client: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", self._upstream_port)) as server:
            threading.Thread(target=self._to_client, args=(server, client), daemon=True).start()
            for line in client.makefile("rb"):
                tag, _, command = line.rstrip().partition(b" ")
                self.commands.append(command)
                answer = self.answer(command)
                if answer is None:
                    server.sendall(line)
                else:
                    client.sendall(answer.replace(b"TAG", tag))

    def _to_client(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(4096):
                if self.cut_after is not None:
                    data, self.cut_after = data[: self.cut_after], self.cut_after - len(data)
                self._send(client, data)
                if self.cut_after is not None and self.cut_after <= 0:
                    break
            client.shutdown(socket.SHUT_RDWR)

    def _send(self, client: socket.socket, data: bytes) -> None:
        if not self.seconds_a_byte:
            client.sendall(data)
            return
        for byte in data:
            client.sendall(bytes([byte]))
            time.sleep(self.seconds_a_byte)


class Script(_Server):
    """A server that greets, and then answers as it is told; ``{tag}`` in an answer is the command's
    tag.
    """

    def __init__(self, greeting: bytes = b"* OK ready\r\n", **answers: str):
        self._greeting = greeting
        self._answers = {"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n", **answers}
        super().__init__(self._play)

    def _play(self, client: socket.socket) -> None:
        client.sendall(self._greeting)
        for line in client.makefile("rb"):
            tag, verb, *_rest = line.decode("latin-1").split()
            answer = self._answers.get(verb.upper(), "{tag} BAD what?\r\n")
            client.sendall(answer.format(tag=tag).encode("latin-1"))


@contextlib.contextmanager
def silent_server():
    """Accepts connections and never says a word; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]
