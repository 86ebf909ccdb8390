"""What can go wrong between us and a mail server, in words an administrator understands.

Nothing else leaves ``receivers``: no socket, ``ssl`` or ``imaplib`` error.
"""

STAGES = ("resolve", "connect", "tls", "login", "folder", "fetch", "settle", "watch")


class ReceiverError(Exception):
    """Something went wrong.

    :ivar stage: where, one of ``STAGES``
    :ivar message: what, in plain words
    :ivar server_words: what the server itself said, never a password
    """

    def __init__(self, stage: str, message: str, server_words: str = ""):
        super().__init__(message)
        self.stage = stage
        self.message = message
        self.server_words = server_words

    def __str__(self) -> str:
        if not self.server_words:
            return self.message
        return f"{self.message} The server said: {self.server_words}"


class ConnectError(ReceiverError):
    """The server could not be found or reached, or said nothing in time."""


class TlsError(ReceiverError):
    """The connection could not be encrypted, or the server did not prove who it is."""


class LoginError(ReceiverError):
    """The server did not let us in."""


class FolderError(ReceiverError):
    """A folder does not exist, cannot be opened, or cannot be written."""


class ConnectionLost(ReceiverError):
    """The connection was cut or fell silent; what was answered until then is valid."""


class ServerRefused(ReceiverError):
    """The server answered with NO or BAD (RFC 9051, 7.1), or with something that is no IMAP."""
