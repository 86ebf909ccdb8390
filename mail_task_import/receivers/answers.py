"""From the errors of ``imaplib`` and of sockets to ours.

Which exception means what is known here only. ``imaplib`` has three: ``error`` (the server
refused), ``abort`` (the connection is unusable) and ``readonly``, a kind of ``abort`` that leaves
the connection in order.
"""

import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager

from .exceptions import ConnectionLost, ReceiverError, ServerRefused

WORDS_LIMIT = 500

# What imaplib and imapclient wrap around the server's own words.
_WRAPPING = re.compile(r"^(?:command: \w+ => |[A-Za-z ]+ (?:failed: |command error: BAD ))")
# What imaplib itself says where the line is cut.
_NO_WORDS = "socket error"
_LIST_OF_BYTES = re.compile(r"""^\[b(['"])(?P<words>.*)\1\]$""", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# Dovecot tells how long it took, which differs each time.
_DURATION = re.compile(r" ?\([\d.]+ \+ [\d.]+(?: \+ [\d.]+)* secs\)")

# imapclient and imaplib trust the shape of an answer, and fail with these where a server sends
# another one.
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, AssertionError)


def server_words(error: BaseException) -> str:
    """The server's own words in an imaplib error, as one bounded line."""
    raw = error.args[0] if error.args else ""
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    text = _WRAPPING.sub("", text)
    if isinstance(error, imaplib.IMAP4.error) and text.startswith(_NO_WORDS):
        return ""
    if quoted := _LIST_OF_BYTES.match(text):
        text = quoted["words"]
    return _DURATION.sub("", _CONTROL.sub(" ", text)).strip()[:WORDS_LIMIT]


def lost(stage: str, error: BaseException) -> ConnectionLost:
    if isinstance(error, TimeoutError):
        return ConnectionLost(stage, "The mail server stopped answering.")
    words = server_words(error) if isinstance(error, imaplib.IMAP4.error) else ""
    return ConnectionLost(stage, "The connection to the mail server was lost.", words)


@contextmanager
def translated(stage: str, refusal: str = "The mail server refused a command.") -> Iterator[None]:
    """Let nothing but a ``ReceiverError`` out.

    :param refusal: what is said where the server answers NO or BAD
    """
    try:
        yield
    except ReceiverError:
        raise
    except imaplib.IMAP4.readonly as error:
        raise ServerRefused(
            stage, "The folder may only be read, not changed.", server_words(error)
        ) from error
    except (imaplib.IMAP4.abort, OSError, EOFError) as error:
        raise lost(stage, error) from error
    except imaplib.IMAP4.error as error:
        raise ServerRefused(stage, refusal, server_words(error)) from error
    except _MALFORMED as error:
        raise ServerRefused(
            stage, "The mail server gave an answer that is no IMAP.", server_words(error)
        ) from error
