"""Signing in from a thread that knows no models: what the host would do is noted beforehand."""

import imaplib

from .answers import server_words
from .connection import password_login

TOKENS = frozenset({"PLAIN", "XOAUTH2", "OAUTHBEARER"})
"""Mechanisms of one message, which does not depend on what the server says first (RFC 7628)."""


class Unforeseen(Exception):
    """This sign-in wants to talk with the server: it cannot be noted beforehand."""


class NotedSignIn:
    """Stands for an ``imaplib`` connection while the host signs in; does the same on a real one.

    That is where tokens are renewed and models are asked. The folder that some sign-ins open is not
    opened: the importer opens those it reads, and changes nothing by it.
    """

    state = "NONAUTH"

    def __init__(self):
        self._steps = []

    def __getattr__(self, name):
        raise Unforeseen(name)

    def login(self, user, password):
        self._steps.append(password_login(user, password))

    def authenticate(self, mechanism, authobject):
        if mechanism.upper() not in TOKENS:
            raise Unforeseen(mechanism)
        message = authobject(b"")
        self._steps.append(lambda connection: _authenticate(connection, mechanism, message))

    def select(self, *_args, **_kwargs):
        return "OK", [b"0"]

    def __call__(self, connection: imaplib.IMAP4) -> None:
        """On the real connection, in whichever thread."""
        for step in self._steps:
            step(connection)


def _authenticate(connection, mechanism, message):
    words = message.decode("latin-1") if isinstance(message, bytes) else str(message)
    try:
        connection.authenticate(mechanism, lambda _challenge: message)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise imaplib.IMAP4.error(server_words(error).replace(words, "***")) from None
