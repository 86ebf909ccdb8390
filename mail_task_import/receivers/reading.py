"""Reading mail in batches bounded by number and bytes: what every receiver answers.

How a protocol asks for a batch is in ``fetching.py`` (IMAP) and ``pop.py``.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .protocol import KIB, MIB
from .raw_mail import RawMail
from .session import Session

BATCH_BYTES = 20 * MIB
BATCH_COUNT = 100

# Servers announce sizes that are too small (RFC 2683, 3.4.5); what is larger yet fails alone.
SIZE_TOLERANCE = 2

_HEADERS_BYTES = 16 * KIB
"""What the headers of a mail that is too large are taken to weigh."""

NOTHING_SENT = "The mail server sent nothing for it."

# The mail is not to blame for these (RFC 5530, 3; RFC 3206, 4; Exchange Online).
TEMPORARY = re.compile(
    r"\[(UNAVAILABLE|INUSE|LIMIT|EXPIRED|SYS/TEMP|IN-USE|LOGIN-DELAY)\]"
    r"|throttl|server (is )?(busy|unavailable)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """A mail that is there but that the server does not hand out."""

    uid: int
    words: str


class Reading(Session):
    """Reads from the folder that ``select`` opened."""

    accepts_short = True
    """Whether a mail that is clearly shorter than announced is handed out, as ``is_short``; else it
    fails, and is to be asked for once more."""
    accepts_others = True
    """The same of one in whose place another mail comes. IMAP names the mail in each answer."""

    def __init__(self, settings, authenticate):
        super().__init__(settings, authenticate)
        self.vanished: set[int] = set()
        """UIDs of the last ``fetch`` that the server does not have any more."""
        self.failures: list[FetchFailure] = []
        """Mails of the last ``fetch`` that the server could not hand out; the others came."""
        self.in_flight: tuple[int, ...] = ()
        """After a ``ConnectionLost``: the UIDs that were being read. Some servers hang up on a mail
        that they cannot read; with ``batch_count=1`` this names it."""

    def fetch_facts(self, uids: Iterable[int]) -> Iterator[RawMail]:
        """Size, arrival, and flags where there are such, without any content, in the order asked
        for.
        """
        self._forget_outcomes()
        for planned in self._planned(uids):
            yield from planned

    def fetch(
        self,
        uids: Iterable[int],
        size_limit_bytes: int,
        batch_bytes: int = BATCH_BYTES,
        batch_count: int = BATCH_COUNT,
        reserve: Callable[[int], None] = lambda weight: None,
    ) -> Iterator[list[RawMail]]:
        """Batches of mails, in the order asked for.

        A mail over ``size_limit_bytes`` comes with its headers only, ``truncated``. A batch holds
        more than ``batch_bytes`` only where it is a single mail. What did not come is in
        ``vanished`` and ``failures`` when its batch is yielded, the last ones when the iterator
        ends.

        :param reserve: is told how many bytes a batch weighs before it is read
        """
        self._forget_outcomes()
        for planned in self._planned(uids):
            for batch in batches(planned, size_limit_bytes, batch_bytes, batch_count):
                reserve(sum(weight_of(mail, size_limit_bytes) for mail in batch))
                if mails := self._read_batch(batch, size_limit_bytes):
                    yield mails

    def _forget_outcomes(self) -> None:
        self.vanished, self.failures, self.in_flight = set(), [], ()

    def _planned(self, uids: Iterable[int]) -> Iterator[list[RawMail]]:
        """The facts of those that are there, as many at a time as one question tells."""
        raise NotImplementedError

    def _read_batch(self, batch: list[RawMail], size_limit_bytes: int) -> list[RawMail]:
        """Those that came; why others did not is noted."""
        raise NotImplementedError


def batches(
    mails: Iterable[RawMail], size_limit_bytes: int, batch_bytes: int, batch_count: int
) -> Iterator[list[RawMail]]:
    batch: list[RawMail] = []
    weight = 0
    for mail in mails:
        own = weight_of(mail, size_limit_bytes)
        if batch and (len(batch) >= batch_count or weight + own > batch_bytes):
            yield batch
            batch, weight = [], 0
        batch.append(mail)
        weight += own
    if batch:
        yield batch


def weight_of(mail: RawMail, size_limit_bytes: int) -> int:
    return mail.size if mail.size <= size_limit_bytes else _HEADERS_BYTES
