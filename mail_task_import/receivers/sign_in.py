"""Signing in from a thread that knows no models: what the host would do is noted beforehand."""

import base64
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
        self._steps.append(token_login(mechanism, authobject(b"")))

    def select(self, *_args, **_kwargs):
        return "OK", [b"0"]

    def __call__(self, connection: imaplib.IMAP4) -> None:
        """On the real connection, in whichever thread."""
        for step in self._steps:
            step(connection)


def token_login(mechanism, message):
    """The ``authenticate`` of a login by one message.

    Why it was refused, some servers say before they refuse it: the answer to that is empty.
    """

    def authenticate(connection: imaplib.IMAP4) -> None:
        answers = iter([message])
        try:
            connection.authenticate(mechanism, lambda _challenge: next(answers, b""))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise imaplib.IMAP4.error(without_message(server_words(error), message)) from None

    return authenticate


def without_message(words: str, message: bytes | str) -> str:
    """Some servers repeat the command that they refuse, as it was sent or with control characters
    left out.
    """
    raw = message if isinstance(message, bytes) else message.encode()
    # PLAIN ends with the password; what follows the user in the others is the token
    parts = raw.split(b"\0")[-1:] if b"\0" in raw else raw.split(b"\1")[1:]
    parts += [part.rpartition(b" ")[2] for part in parts]
    for part in (raw, base64.b64encode(raw), *parts):
        if part:
            words = words.replace(part.decode("latin-1"), "***")
    return words
