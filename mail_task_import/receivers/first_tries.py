"""Trying servers out for somebody who sets a mailbox up and watches: one step a call, nothing kept.

What is tried is what the caller was given a moment ago: no stored password and no connection of
before has a part in it.
"""

from collections.abc import Callable

from .check import StageResult, test_connection
from .connection import ConnectionSettings, password_login
from .exceptions import LoginError, ReceiverError
from .imap import ImapReceiver
from .pop import INBOX, PopReceiver
from .session import Session
from .sign_in import without_message
from .smtp import open_smtp, signing_in

BEFORE_LOGIN = ("resolve", "connect", "tls")
RECEIVERS = {"imap": ImapReceiver, "pop": PopReceiver}


def reach(settings: ConnectionSettings, protocol: str) -> list[StageResult]:
    """Connect to a server that mail is read from, and encrypt; nobody signs in.

    :param protocol: "imap" or "pop"
    """
    receiver = RECEIVERS[protocol](settings, None)

    def connect():
        receiver.connect()
        receiver.drop()

    return _results(settings, connect)


def sign_in(
    settings: ConnectionSettings, protocol: str, login: str, password: str
) -> list[StageResult]:
    """The whole way into the inbox."""
    receiver: type[Session] = RECEIVERS[protocol]
    return test_connection(settings, password_login(login, password), (INBOX,), receiver)


def reach_smtp(settings: ConnectionSettings) -> tuple[list[StageResult], bool]:
    """Connect to a server that mail is sent by.

    :return: the stages, and whether it wants to know who sends
    """
    offers = []

    def connect():
        connection = open_smtp(settings)
        try:
            with signing_in(connection):
                connection.ehlo_or_helo_if_needed()
            offers.append(connection.has_extn("auth"))
        finally:
            connection.quit()

    return _results(settings, connect), bool(offers and offers[0])


def sign_in_smtp(settings: ConnectionSettings, login: str, password: str) -> list[StageResult]:
    """The same, signed in; no mail is sent."""

    def connect():
        connection = open_smtp(settings)
        try:
            with signing_in(connection):
                connection.login(login, password)
        except LoginError as error:
            message = f"\0{login}\0{password}"
            words = without_message(error.server_words, message)
            raise LoginError(error.stage, error.message, words) from None
        except ValueError:
            # no letters beyond ASCII before SMTPUTF8 (RFC 4616 would allow them, smtplib does not)
            raise LoginError(
                "login", "The login or the password has characters that this server cannot take."
            ) from None
        finally:
            connection.quit()

    return _results(settings, connect, (*BEFORE_LOGIN, "login"))


def _results(
    settings: ConnectionSettings,
    connect: Callable[[], None],
    stages: tuple[str, ...] = BEFORE_LOGIN,
) -> list[StageResult]:
    """Each stage that was reached, in order; the last one may have failed."""
    try:
        connect()
    except ReceiverError as error:
        reached = stages.index(error.stage) if error.stage in stages else len(stages)
        failed = StageResult(error.stage, False, error.message, error.server_words)
        return [*(StageResult(stage, True, "") for stage in stages[:reached]), failed]
    return [StageResult(stage, True, "") for stage in stages]
