"""Connecting to a mailbox's SMTP server: the same checks as for reading, then the host's protocol.

Who signs in, and what is sent, is the concern of ``ir.mail_server``.
"""

import re
import smtplib
import socket
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress

from .connection import ConnectionSettings, open_socket, tls_context, tls_error
from .exceptions import ConnectError, ConnectionLost, LoginError, ReceiverError, TlsError
from .protocol import cut_after
from .sign_in import without_message

GOODBYE_SECONDS = 2
TokenRefused = smtplib.SMTPAuthenticationError


class Undelivered(smtplib.SMTPException):
    """A mail that nobody got, or of which nobody knows.

    :ivar kind: "refused" (in the server's own words), "silent" or "hung up"
    :ivar may_have_arrived: its content had left, and the server said neither yes nor no
    """

    def __init__(self, kind: str, server_words: str, may_have_arrived: bool):
        super().__init__(server_words)
        self.kind, self.server_words = kind, server_words
        self.may_have_arrived = may_have_arrived


class Smtp(smtplib.SMTP):
    """SMTP over a socket that is connected, and encrypted, already.

    :ivar mailbox_id: of the mailbox that it was opened for
    :ivar leave_out: addresses (lower case) that have the next mail already
    :ivar hidden: addresses (lower case) of the next mail that no error names: blind copies
    :ivar taken: recipients that the server took the last mail for
    :ivar refused: ``{address: (code, bytes)}`` of the others; smtplib only returns them
    :ivar failure: ``Undelivered``, unless the last mail's recipients were all that was refused
    """

    def __init__(self, sock: socket.socket, host: str, port: int, seconds: float, deadline: float):
        self._connected = sock
        self._seconds, self._deadline = seconds, deadline
        self._content_left = False
        self.mailbox_id = 0
        self.leave_out: frozenset[str] = frozenset()
        self.hidden: Iterable[str] = ()
        self.taken: list[str] = []
        self.refused: dict[str, tuple[int, bytes]] = {}
        self.failure: Undelivered | None = None
        # the time for all together ends first, and is what is told
        super().__init__(host, port, timeout=seconds + 5)

    def _get_socket(self, host, port, timeout):
        self._connected.settimeout(timeout)
        return self._connected

    @property
    def is_broken(self) -> bool:
        return self.sock is None

    @contextmanager
    def within_time(self) -> Iterator[None]:
        """Until the first mail is taken: counted from the beginning of the connection."""
        if not self.sock:
            raise smtplib.SMTPServerDisconnected("Not connected")
        deadline = self._deadline or time.monotonic() + self._seconds
        with cut_after(self.sock, max(0.1, deadline - time.monotonic())):
            yield

    def send(self, s):
        super().send(s)
        # commands are text, the content alone is bytes: here its last dot is on its way
        self._content_left = self._content_left or isinstance(s, bytes)

    def sendmail(self, from_addr, to_addrs, msg, mail_options=(), rcpt_options=()):
        """As smtplib's, within ``seconds``; it notes what became of each recipient.

        :raises SMTPRecipientsRefused: all of them were
        :raises Undelivered: everything else
        """
        self._content_left = False
        self.taken, self.refused, self.failure = [], {}, None
        missing = [each for each in to_addrs if each.lower() not in self.leave_out] or to_addrs
        try:
            with self.within_time():
                self.refused = super().sendmail(from_addr, missing, msg, mail_options, rcpt_options)
        except (smtplib.SMTPException, OSError) as error:
            if isinstance(error, smtplib.SMTPRecipientsRefused) and not self.is_broken:
                self.refused = error.recipients
                raise smtplib.SMTPRecipientsRefused(self._shown(self.refused)) from None
            self.failure = self._undelivered(error)
            raise self.failure from error
        finally:
            self._deadline = None
        self.taken = [each for each in missing if each not in self.refused]
        return self.refused

    def _undelivered(self, error: Exception) -> Undelivered:
        refused = isinstance(error, smtplib.SMTPDataError) and 400 <= error.smtp_code < 600
        unclear = self._content_left and not refused
        answered = isinstance(error, smtplib.SMTPException)
        if isinstance(error, TimeoutError):
            kind = "silent"
        elif unclear or not answered or isinstance(error, smtplib.SMTPServerDisconnected):
            kind = "hung up"
        else:
            kind = "refused"
        if unclear or kind != "refused":
            self.close()
        return Undelivered(kind, without_addresses(reply_words(error), self.hidden), unclear)

    def _shown(self, refused):
        return {each: reply for each, reply in refused.items() if each.lower() not in self.hidden}

    def quit(self):
        """Nobody waits long for a goodbye, and what became of a mail does not depend on it."""
        try:
            with suppress(smtplib.SMTPException, OSError):
                if self.sock:
                    with cut_after(self.sock, GOODBYE_SECONDS):
                        super().quit()
        finally:
            self.close()


@contextmanager
def signing_in(connection: Smtp) -> Iterator[None]:
    """
    :raises ConnectionLost: the server hung up or fell silent
    :raises LoginError: it did not let us in
    """
    try:
        with connection.within_time():
            yield
    except TimeoutError as error:
        raise ConnectionLost("login", "The mail server fell silent at the login.") from error
    except smtplib.SMTPServerDisconnected as error:
        raise ConnectionLost("login", "The mail server hung up at the login.") from error
    except (smtplib.SMTPException, OSError) as error:
        words = reply_words(error)
        raise LoginError("login", "The mail server did not accept the login.", words) from error


def sign_in_by_token(connection: smtplib.SMTP, message: str) -> None:
    """AUTH XOAUTH2. The host sends the same, and does not look at the answer.

    :raises TokenRefused: never with the token
    """
    connection.ehlo_or_helo_if_needed()
    answers = iter([message])
    try:
        connection.auth("XOAUTH2", lambda _challenge=None: next(answers, ""))
    except smtplib.SMTPAuthenticationError as error:
        words = without_message(reply_text((error.smtp_code, error.smtp_error))[4:], message)
        raise TokenRefused(error.smtp_code, words) from None


def without_addresses(text: str, addresses: Iterable[str]) -> str:
    """The text with an ellipsis in the place of these addresses."""
    if not text or not addresses:
        return text
    known = "|".join(re.escape(one) for one in sorted(addresses, key=len, reverse=True))
    return re.sub(known, "…", text, flags=re.IGNORECASE)


def reply_words(error: Exception) -> str:
    """What the server said, code first."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(reply_text(reply) for reply in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return reply_text((error.smtp_code, error.smtp_error))
    return str(error)


def reply_text(reply: tuple[int, bytes | str]) -> str:
    code, words = reply
    if isinstance(words, bytes):
        words = words.decode("utf-8", "replace")
    return " ".join(f"{code} {words}".replace("\0", "").split())[:500]


def refused_by(error: BaseException) -> dict[str, str]:
    """The answers to RCPT TO, by recipient, of a server that took none of them; mostly empty.

    :param error: the host's own; what smtplib said stands behind it
    """
    cause = error.__cause__ or error.__context__
    if not isinstance(cause, smtplib.SMTPRecipientsRefused):
        return {}
    return {address: reply_text(reply) for address, reply in cause.recipients.items()}


def is_refusal(error: BaseException | None) -> bool:
    """Whether the server was there, and wanted none of the recipients."""
    return isinstance(error, smtplib.SMTPRecipientsRefused)


def open_smtp(settings: ConnectionSettings) -> Smtp:
    """Connected, greeted and encrypted; the login is still to be done.

    All this, the login and the first mail have ``read_timeout`` seconds together.

    :raises ConnectError: the server is unknown, not allowed, unreachable, silent, or no SMTP server
    :raises TlsError: no TLS, or a certificate that is not believed
    """
    seconds = settings.read_timeout
    deadline = time.monotonic() + seconds
    sock = open_socket(settings)
    where = f"{settings.host}, port {settings.port}"
    try:
        with cut_after(sock, max(0.1, deadline - time.monotonic())):
            connection = Smtp(sock, settings.host, settings.port, seconds, deadline)
            if settings.security == "starttls":
                _start_tls(settings, connection)
    except ReceiverError:
        sock.close()
        raise
    except TimeoutError as error:
        sock.close()
        silent = f"{where} did not answer within {seconds:g} seconds."
        raise ConnectError("connect", silent) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        sock.close()
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


@contextmanager
def recorded(
    session: smtplib.SMTP,
    leave_out: Collection[str],
    taken: list[str],
    refused: dict[str, str],
) -> Iterator[None]:
    """Note what a server of the host answers of each recipient; smtplib only returns it.

    :param leave_out: addresses (lower case) that have the mail already
    :param taken: is filled with those whom it was taken for
    :param refused: is filled with ``{address: the server's words}``
    """
    send = session.sendmail

    def sendmail(sender, recipients, *args, **kwargs):
        missing = [one for one in recipients if one.lower() not in leave_out] or recipients
        try:
            answers = send(sender, missing, *args, **kwargs)
        except smtplib.SMTPRecipientsRefused as error:
            refused.update((one, reply_text(reply)) for one, reply in error.recipients.items())
            raise
        refused.update((one, reply_text(reply)) for one, reply in answers.items())
        taken.extend(one for one in missing if one not in answers)
        return answers

    session.sendmail = sendmail
    try:
        yield
    finally:
        session.sendmail = send
