"""Which mail a folder holds: UIDs, in bounded answers.

SEARCH knows days only, and those of the server's time zone (RFC 9051, 6.4.4): what is asked for
*since* a moment begins a day early, and the caller compares ``received_at``.

A folder may hold millions of mails, and SEARCH answers in one line. So a big folder is asked in
windows of message sequence numbers, which have no gaps (UIDs may have large ones). Windows go from
the newest down: other clients may remove mail in between, which moves numbers down (RFC 9051,
7.5.1), so that a mail can be met twice but never missed.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from imapclient.datetime_util import format_criteria_date

from .session import Session

WINDOW = 50_000
"""Messages asked about at once: answers of 0.5 MB at most."""


class Searching(Session):
    """Questions about the folder that ``select`` opened."""

    window = WINDOW

    def uids_above(self, last_uid: int) -> list[int]:
        """Ascending UIDs greater than ``last_uid``."""
        criteria = f"UID {last_uid + 1}:*"
        # "n:*" holds the last mail even where its UID is below n (RFC 9051, 9: "*" may come first).
        if self.folder.uidnext and self.folder.uidnext - last_uid <= self.window:
            return sorted(uid for uid in self._search(criteria) if uid > last_uid)
        found: set[int] = set()
        for numbers in self._windows():
            newer = {uid for uid in self._search(f"{numbers} {criteria}") if uid > last_uid}
            if not newer:
                break
            found |= newer
        return sorted(found)

    def uids_since(self, since: date) -> list[int]:
        """Ascending UIDs of mail that arrived on the day before ``since``, or later."""
        found: set[int] = set()
        for numbers in self._windows():
            found.update(self._search(f"{numbers} {_since(since)}"))
        return sorted(found)

    def uids_below(self, uid: int, since: date | None = None) -> Iterator[int]:
        """Descending UIDs less than ``uid``, of mail from the day before ``since`` or later.

        Asks as it goes: whoever takes some hundreds causes a command or two, and one more for each
        window above ``uid``.
        """
        lowest = uid
        for numbers in self._windows():
            if lowest <= 1:
                return
            criteria = f"{numbers} UID 1:{lowest - 1} {_since(since)}".rstrip()
            for found in sorted(self._search(criteria), reverse=True):
                if found < lowest:
                    lowest = found
                    yield found

    def _windows(self) -> Iterator[str]:
        """Sequence sets, newest mail first; the first one also holds what arrives meanwhile."""
        low, high = self.folder.exists, "*"
        while low > 0:
            low = max(1, low - self.window + 1)
            yield f"{low}:{high}"
            low -= 1
            high = str(low)

    def _search(self, criteria: str) -> list[int]:
        with self._asking("fetch", "The mail server refused a search.") as client:
            return list(client.search(criteria))


def _since(since: date | None) -> str:
    if since is None:
        return ""
    day = since.date() if isinstance(since, datetime) else since
    return "SINCE " + format_criteria_date(day - timedelta(days=1)).decode()
