"""Getting connected and logged in, stage by stage, so that a failure says which one it was."""

import functools
import imaplib
import os
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from imapclient import SocketTimeout

from .answers import lost, server_words
from .exceptions import ConnectError, LoginError, ReceiverError, TlsError
from .peers import Peers
from .protocol import Client, Unspeakable, cut_after

Authenticate = Callable[[imaplib.IMAP4], object]
"""Logs in on an imaplib connection, as the host's ``_imap_login__``; raises imaplib's errors."""

CONTEXT_SECONDS = 3600
"""How soon authorities are believed that were added to those of the system."""
SECURITIES = ("ssl", "starttls", "none")


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """Where a mail server is and how it is spoken to. Times are in seconds."""

    host: str
    port: int = 993
    security: str = "ssl"
    """One of ``SECURITIES``."""
    login: str = ""
    """For whoever makes the ``authenticate``, which has the password."""
    timeout: float = 10
    """For each of the stages before the login."""
    read_timeout: float = 60
    """How long the server may be silent from the login on."""
    command_timeout: float = 600
    """How long one command may take, however busily the server sends."""
    ca_file: str | None = None
    """A PEM file that is believed instead of the system's authorities."""
    check_certificate: bool = True
    peers: Peers | None = None
    """What may be connected to; None: everything."""

    @property
    def discreet(self) -> bool:
        return bool(self.peers and self.peers.discreet)


def open_connection(settings: ConnectionSettings, kind: type = Client) -> Client:
    """Connect and encrypt; the login is still to be done.

    :param kind: speaks the protocol: ``Client``, or ``PopClient``
    :raises ConnectError: the server is unknown, unreachable or silent
    :raises TlsError: no TLS, or a certificate that is not believed
    """
    client = _greet(settings, open_socket(settings), kind)
    if settings.security == "starttls":
        try:
            _start_tls(settings, client)
        except ReceiverError:
            with suppress(OSError):
                client.shutdown()
            raise
    client.socket().settimeout(settings.read_timeout)
    return client


def open_socket(settings: ConnectionSettings) -> socket.socket:
    """Connected to an address that is allowed, and encrypted unless that comes later."""
    return _encrypt(settings, _connect(settings, _allowed(settings, _resolve(settings))))


def _resolve(settings: ConnectionSettings) -> list[tuple]:
    if settings.peers and not settings.peers.permit_port(settings.port):
        raise _not_allowed_port(settings)
    try:
        return socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:  # ValueError: a name that cannot be a host name at all
        if settings.discreet:
            raise _not_allowed(settings) from error
        raise ConnectError("resolve", f"There is no mail server named {settings.host}.") from error


def _allowed(settings: ConnectionSettings, addresses: list[tuple]) -> list[tuple]:
    """Those of the host's addresses that may be connected to; they are not looked up again."""
    peers = settings.peers
    if not peers:
        return addresses
    allowed = [found for found in addresses if peers.permit_address(settings.host, found[4][0])]
    if not allowed:
        raise _not_allowed(settings)
    return allowed


def _check_peer(settings: ConnectionSettings, sock: socket.socket) -> None:
    """Look once more who is at the other end, before a byte is sent."""
    peers = settings.peers
    if not peers:
        return
    peer, own = sock.getpeername()[0], sock.getsockname()[0]
    if not peers.permit_address(settings.host, peer):
        raise _not_allowed(settings)
    if peer == own and not peers.permit_itself(settings.host, peer):
        raise _not_allowed(settings)


def _not_allowed(settings: ConnectionSettings) -> ConnectError:
    """The same words for what is not there and for what must not be asked."""
    return ConnectError(
        "resolve",
        f"{settings.host} cannot be used: there is no mail server of this name, or it is not one "
        "that an administrator has allowed (Settings, Mail Import).",
    )


def _not_allowed_port(settings: ConnectionSettings) -> ConnectError:
    return ConnectError(
        "resolve",
        f"Port {settings.port} is not one of mail, and no administrator has allowed it "
        "(Settings, Mail Import).",
    )


def _connect(settings: ConnectionSettings, addresses: list[tuple]) -> socket.socket:
    """Try each address of the host; together they have ``timeout`` seconds, shared evenly."""
    deadline = time.monotonic() + settings.timeout
    failure = None
    for tried, (family, kind, protocol, _name, address) in enumerate(addresses):
        sock = socket.socket(family, kind, protocol)
        sock.settimeout(max(0.1, (deadline - time.monotonic()) / (len(addresses) - tried)))
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
        else:
            try:
                _check_peer(settings, sock)
            except (OSError, ConnectError):
                sock.close()
                raise _not_allowed(settings) from None
            sock.settimeout(settings.timeout)
            return sock
    raise _unreachable(settings, failure) from failure


def _unreachable(settings: ConnectionSettings, failure: OSError | None) -> ConnectError:
    where = f"{settings.host}, port {settings.port}"
    if settings.discreet:
        return ConnectError("connect", f"{where} cannot be reached.")
    if isinstance(failure, TimeoutError):
        return ConnectError(
            "connect", f"{where} did not answer within {settings.timeout:g} seconds."
        )
    if isinstance(failure, ConnectionRefusedError):
        return ConnectError(
            "connect", f"{where} refuses connections: nothing listens on this port."
        )
    reason = failure.strerror if failure else None
    return ConnectError("connect", f"{where} cannot be reached: {reason or 'no reason given'}.")


def _silent(settings: ConnectionSettings, stage: str) -> ConnectError:
    hint = (
        "Perhaps this port wants TLS."
        if settings.security != "ssl"
        else "Perhaps this port is for STARTTLS."
    )
    return ConnectError(
        stage,
        f"{settings.host}, port {settings.port}, accepted the connection "
        f"but did not answer within {settings.timeout:g} seconds. {hint}",
    )


def _encrypt(settings: ConnectionSettings, sock: socket.socket) -> socket.socket:
    if settings.security != "ssl":
        return sock
    context = tls_context(settings)
    try:
        with cut_after(sock, settings.timeout):
            return context.wrap_socket(sock, server_hostname=settings.host)
    except TimeoutError as error:
        raise _silent(settings, "tls") from error
    except (OSError, ValueError) as error:
        raise tls_error(settings, error) from error


def tls_context(settings: ConnectionSettings) -> ssl.SSLContext:
    ca_file = settings.ca_file or None
    try:
        version = os.stat(ca_file).st_mtime_ns if ca_file else time.time() // CONTEXT_SECONDS
        return _tls_context(ca_file, settings.check_certificate, version)
    except OSError as error:
        raise TlsError("tls", f"The certificates in {settings.ca_file} cannot be read.") from error


@functools.lru_cache(maxsize=8)
def _tls_context(ca_file: str | None, check_certificate: bool, _version: float) -> ssl.SSLContext:
    """Kept: reading a hundred authorities takes 40 ms and a megabyte, for each connection."""
    context = ssl.create_default_context(cafile=ca_file)
    if not check_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def tls_error(settings: ConnectionSettings, error: Exception) -> TlsError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsError(
            "tls", f"The certificate of {settings.host} is not trusted: {error.verify_message}."
        )
    if getattr(error, "reason", None) == "WRONG_VERSION_NUMBER":
        where = f"{settings.host}, port {settings.port},"
        return TlsError("tls", f"{where} does not speak TLS. Perhaps it wants STARTTLS.")
    reason = getattr(error, "strerror", None) or error
    return TlsError("tls", f"No encrypted connection to {settings.host} could be made: {reason}.")


def _greet(settings: ConnectionSettings, sock: socket.socket, kind: type) -> Client:
    times = SocketTimeout(connect=settings.timeout, read=settings.timeout)
    try:
        with cut_after(sock, settings.timeout):
            return kind(sock, settings.host, settings.port, times, settings.command_timeout)
    except TimeoutError as error:
        raise _silent(settings, "connect") from error
    except (imaplib.IMAP4.error, OSError, ValueError, LookupError) as error:
        where = f"{settings.host}, port {settings.port}"
        words = "" if settings.discreet else server_words(error)
        raise ConnectError(
            "connect", f"{where} does not answer like {kind.server_kind}.", words
        ) from error


def _start_tls(settings: ConnectionSettings, client: Client) -> None:
    """STARTTLS or nothing: whoever sits in between can hide the offer (RFC 8314, 3)."""
    if not client.offers_tls:
        raise TlsError("tls", f"{settings.host} does not offer STARTTLS on port {settings.port}.")
    context = tls_context(settings)
    try:
        with cut_after(client.socket(), settings.timeout):
            client.starttls(context)
    except TimeoutError as error:
        raise _silent(settings, "tls") from error
    except imaplib.IMAP4.error as error:
        raise TlsError("tls", f"{settings.host} refused STARTTLS.", server_words(error)) from error
    except (OSError, ValueError) as error:
        raise tls_error(settings, error) from error


def login(client: Client, authenticate: Authenticate) -> None:
    """Log in by a callable that is given the imaplib connection.

    What ``authenticate`` raises of its own (a token that cannot be renewed) passes through.

    :raises LoginError: with the server's own words
    """
    try:
        with client.within_time():
            authenticate(client.connection)
            client.learn_capabilities()
    except (imaplib.IMAP4.abort, OSError) as error:
        raise lost("login", error) from error
    except Unspeakable as error:
        raise LoginError(
            "login", "The login or the password has characters that this server cannot take."
        ) from error
    except imaplib.IMAP4.error as error:
        raise _login_error(client, error) from error


def _login_error(client: Client, error: Exception) -> LoginError:
    words = server_words(error)
    if not client.takes_passwords:
        return LoginError(
            "login", "The mail server takes no password on this connection; try TLS.", words
        )
    return LoginError("login", "The mail server did not accept the login.", words)


def password_login(login_name: str, password: str) -> Authenticate:
    """The ``authenticate`` of a login with name and password."""

    def authenticate(connection: imaplib.IMAP4) -> None:
        try:
            connection.login(login_name, password)
        except (imaplib.IMAP4.abort, Unspeakable):
            raise
        except imaplib.IMAP4.error as error:
            raise imaplib.IMAP4.error(_without(password, server_words(error))) from None

    return authenticate


def _without(secret: str, words: str) -> str:
    """Some servers repeat the command that they refuse."""
    return words.replace(secret, "***") if secret else words


def login_with_password(client: Client, login_name: str, password: str) -> None:
    """:raises LoginError: with the server's own words, and never the password"""
    login(client, password_login(login_name, password))
