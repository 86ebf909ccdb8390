"""The IMAP receiver: everything that is asked of a mail server, over one connection."""

from .fetching import Fetching
from .folders import FolderInfo, watched
from .reading import FetchFailure
from .searching import Searching
from .session import FolderState
from .settling import Settling


class ImapReceiver(Searching, Fetching, Settling):
    """``with ImapReceiver(settings, authenticate) as imap:`` connects, logs in, and logs out.

    Folders are opened by ``select`` and then read (``searching``, ``fetching``) or changed
    (``settling``). Reading never changes the server. Every failure is a ``ReceiverError``; after a
    ``ConnectionLost`` the receiver is spent.
    """


__all__ = ["FetchFailure", "FolderInfo", "FolderState", "ImapReceiver", "watched"]
