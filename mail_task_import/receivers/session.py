"""A logged-in connection: folders are listed, opened and made here."""

import logging
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from imapclient import imap_utf7

from .answers import translated
from .connection import Authenticate, ConnectionSettings, login, open_connection
from .exceptions import ConnectionLost, FolderError, ServerRefused
from .folders import FolderInfo, folder_infos
from .protocol import Client

_logger = logging.getLogger(__name__)

UIDS_A_COMMAND = 200
"""Keeps commands below the 8,000 bytes that every server takes (RFC 7162, 4)."""


@dataclass(frozen=True, slots=True)
class FolderState:
    """What the server said when the folder was opened."""

    uidvalidity: int
    """Where it changes, all known UIDs are void (RFC 9051, 2.3.1.1); 0: UIDs do not last here."""
    uidnext: int
    """0 where the server does not say."""
    exists: int
    readonly: bool


class Session:
    """Connects on entering and logs out on leaving; every failure is a ``ReceiverError``."""

    client_kind = Client

    def __init__(self, settings: ConnectionSettings, authenticate: Authenticate):
        self.settings = settings
        self.folder: FolderState | None = None
        self.authenticate = authenticate
        self._client: Client | None = None
        self._stranger: Client | None = None
        """Connected, and not signed in yet."""

    def __enter__(self):
        self.open()
        return self

    def __exit__(self, *_exc_info) -> None:
        self.close()

    def open(self) -> None:
        """:raises ConnectError, TlsError, LoginError, ConnectionLost:"""
        self.connect()
        self.sign_in(self.authenticate)

    def connect(self) -> None:
        """The first half of ``open``, for a login that is done elsewhere."""
        self._stranger = open_connection(self.settings, self.client_kind)

    def sign_in(self, authenticate: Authenticate) -> None:
        client, self._stranger = self._stranger, None
        try:
            login(client, authenticate)
        except BaseException:
            with suppress(Exception):
                client.shutdown()
            raise
        self._client = client

    def drop(self) -> None:
        """Let the connection go without a word."""
        for client in filter(None, (self._client, self._stranger)):
            with suppress(Exception):
                client.shutdown()
        self._client = self._stranger = self.folder = None

    def hand_over(self) -> tuple[socket.socket, bytes]:
        """Give the connection away: the socket, and what the server has said on it unread."""
        client, self._client, self.folder = self._client, None, None
        if client is None:
            raise ConnectionLost("watch", "There is no connection to the mail server.")
        return client.hand_over()

    def close(self) -> None:
        """Log out; quietly, since the connection may be gone already."""
        client, self._client, self.folder = self._client, None, None
        if client is None:
            return
        try:
            client.socket().settimeout(self.settings.timeout)
            with client.within_time():
                client.logout()
        except Exception as error:
            _logger.debug("No proper logout from %s: %s", self.settings.host, error)
            with suppress(Exception):
                client.shutdown()

    disconnect = close
    """As the host calls it, on connections that it asks for."""

    @contextmanager
    def _asking(
        self, stage: str, refusal: str = "The mail server refused a command."
    ) -> Iterator[Client]:
        """The client for the commands of one question; a refusal leaves the session usable."""
        client = self._client
        if client is None:
            raise ConnectionLost(stage, "There is no connection to the mail server.")
        with translated(stage, refusal):
            try:
                with client.within_time():
                    yield client
            except Exception:
                client.forget_answers()
                raise

    def has_capability(self, name: str) -> bool:
        with self._asking("login") as client:
            return client.has_capability(name)

    def list_folders(self) -> list[FolderInfo]:
        with self._asking("folder", "The mail server does not list its folders.") as client:
            client.folder_encode = False
            try:
                listed = client.list_folders()
            finally:
                client.folder_encode = True
        return folder_infos(_readable(listed))

    def select(self, name: str, readonly: bool = True) -> FolderState:
        """Open a folder: to read by EXAMINE, which changes nothing, or to settle by SELECT.

        :raises FolderError: there is no such folder, or it may only be read
        """
        self.folder = None
        try:
            with self._asking("folder") as client:
                answer = client.select_folder(name, readonly=readonly)
        except ServerRefused as error:
            raise FolderError(
                "folder", f'The folder "{name}" cannot be opened.', error.server_words
            ) from error
        self.folder = FolderState(
            uidvalidity=answer.get(b"UIDVALIDITY", 0),
            uidnext=answer.get(b"UIDNEXT", 0),
            exists=answer.get(b"EXISTS", 0),
            readonly=readonly,
        )
        return self.folder

    def remarks(self) -> list[str]:
        """What whoever sets up the mailbox should know about this server, in sentences."""
        return []

    def create_folder(self, name: str) -> None:
        """Make a folder; one that exists already is fine."""
        try:
            with self._asking("folder") as client:
                client.create_folder(name)
        except ServerRefused as error:
            # ALREADYEXISTS (RFC 5530) is said by few servers.
            if name not in {info.name for info in self.list_folders()}:
                raise FolderError(
                    "folder", f'The folder "{name}" cannot be made.', error.server_words
                ) from error

    def present(self, uids: Iterable[int]) -> set[int]:
        """Those of the UIDs that the open folder still has."""
        found: set[int] = set()
        for some in chunks(uids, UIDS_A_COMMAND):
            with self._asking("fetch") as client:
                found.update(client.search("UID " + uid_set(some)))
        return found


def chunks(uids: Iterable[int], size: int) -> Iterator[list[int]]:
    uids = list(uids)
    for start in range(0, len(uids), size):
        yield uids[start : start + size]


def uid_set(uids: Iterable[int]) -> str:
    return ",".join(map(str, uids))


def _readable(listed: Iterable[tuple]) -> Iterator[tuple[str, str, list[str]]]:
    for flags, delimiter, raw_name in listed:
        try:
            name = imap_utf7.decode(raw_name) if isinstance(raw_name, bytes) else str(raw_name)
        except ValueError:
            # Not modified UTF-7 (RFC 3501, 5.1.3): there is no name to open it by, and the others
            # are in order.
            _logger.warning("A folder's name cannot be read: %r", raw_name)
            continue
        yield name, text(delimiter or b""), [text(flag) for flag in flags]


def text(atom: bytes | int | str) -> str:
    """imapclient makes numbers of atoms that look like numbers."""
    return atom.decode("utf-8", "replace") if isinstance(atom, bytes) else str(atom)
