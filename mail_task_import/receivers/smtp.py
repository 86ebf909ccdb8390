"""Connecting to a mailbox's SMTP server: the same checks as for reading, then the host's protocol.

Who signs in, and what is sent, is the concern of ``ir.mail_server``.
"""

import smtplib
import socket

from .connection import ConnectionSettings, open_socket, tls_context, tls_error
from .exceptions import ConnectError, ReceiverError, TlsError


class Smtp(smtplib.SMTP):
    """SMTP over a socket that is connected, and encrypted, already."""

    def __init__(self, sock: socket.socket, host: str, port: int, timeout: float):
        self._connected = sock
        super().__init__(host, port, timeout=timeout)

    def _get_socket(self, host, port, timeout):
        self._connected.settimeout(timeout)
        return self._connected


def open_smtp(settings: ConnectionSettings) -> smtplib.SMTP:
    """Connected, greeted and encrypted; the login is still to be done.

    :raises ConnectError: the server is unknown, not allowed, unreachable, silent, or no SMTP server
    :raises TlsError: no TLS, or a certificate that is not believed
    """
    sock = open_socket(settings)
    try:
        connection = Smtp(sock, settings.host, settings.port, settings.read_timeout)
        if settings.security == "starttls":
            _start_tls(settings, connection)
    except ReceiverError:
        sock.close()
        raise
    except (smtplib.SMTPException, OSError, ValueError) as error:
        sock.close()
        where = f"{settings.host}, port {settings.port}"
        raise ConnectError("connect", f"{where} does not answer like an SMTP server.") from error
    return connection


def _start_tls(settings: ConnectionSettings, connection: smtplib.SMTP) -> None:
    """STARTTLS or nothing, as for reading."""
    try:
        connection.starttls(context=tls_context(settings))
    except smtplib.SMTPNotSupportedError as error:
        where = f"{settings.host} does not offer STARTTLS on port {settings.port}."
        raise TlsError("tls", where) from error
    except smtplib.SMTPException as error:
        raise TlsError("tls", f"{settings.host} refused STARTTLS.") from error
    except (OSError, ValueError) as error:
        raise tls_error(settings, error) from error
