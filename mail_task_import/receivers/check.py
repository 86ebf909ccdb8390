"""Trying a connection out for the administrator who sets it up: what works, and where it ends."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .connection import Authenticate, ConnectionSettings
from .exceptions import ReceiverError
from .imap import ImapReceiver
from .session import Session

_DONE = {
    "resolve": "{host} is known.",
    "connect": "{host} answers on port {port}.",
    "tls": "The connection is encrypted, and the certificate is that of {host}.",
    "login": "The mail server accepted the login.",
}
_UNCHECKED = "The connection is encrypted, but nobody checked who is at the other end."
_PLAIN = "The connection is not encrypted: others can read the password and the mail."


@dataclass(frozen=True, slots=True)
class StageResult:
    stage: str
    """'resolve', 'connect', 'tls', 'login' or 'folder'."""
    ok: bool
    message: str
    server_words: str = ""


def test_connection(
    settings: ConnectionSettings,
    authenticate: Authenticate,
    folders: Iterable[str] = (),
    new_receiver: Callable[[ConnectionSettings, Authenticate], Session] = ImapReceiver,
) -> list[StageResult]:
    """Each stage that was reached, in order; the last one may have failed. Never raises."""
    results: list[StageResult] = []
    receiver = new_receiver(settings, authenticate)
    try:
        with receiver:
            results += _done_before(settings, None)
            for name in folders:
                state = receiver.select(name)
                found = f'The folder "{name}" holds {state.exists} mails.'
                results.append(StageResult("folder", True, " ".join([found, *receiver.remarks()])))
    except ReceiverError as error:
        results = results or _done_before(settings, error.stage)
        results.append(StageResult(error.stage, False, error.message, error.server_words))
    except Exception as error:
        # The login is the host's own code, which raises what it likes: a token that cannot be
        # renewed, say.
        results = results or _done_before(settings, "login")
        results.append(StageResult("login", False, str(error) or type(error).__name__))
    return results


# Not a test, whatever its name says to pytest.
test_connection.__test__ = False


def _done_before(settings: ConnectionSettings, failed: str | None) -> list[StageResult]:
    stages = list(_DONE)
    reached = stages.index(failed) if failed in stages else len(stages)
    return [StageResult(stage, True, _success(settings, stage)) for stage in stages[:reached]]


def _success(settings: ConnectionSettings, stage: str) -> str:
    if stage == "tls" and settings.security == "none":
        return _PLAIN
    if stage == "tls" and not settings.check_certificate:
        return _UNCHECKED
    return _DONE[stage].format(host=settings.host, port=settings.port)
