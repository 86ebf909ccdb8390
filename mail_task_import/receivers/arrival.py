"""When a mail arrived, as its headers tell it: POP3 knows no INTERNALDATE."""

from datetime import datetime, timezone

from ..mime.dates import parse_date
from .protocol import KIB

READ_BYTES = 256 * KIB


def arrival(headers: bytes, appeared_at: datetime | None = None) -> datetime | None:
    """As naive UTC; None where nothing tells it. Never in the future.

    The topmost ``Received`` is the server's own; ``Date`` is no more than what the sender says, and
    is believed only of mail that was there before anybody looked.

    :param appeared_at: when it was seen for the first time, of mail that came since the first look
    """
    received, date = _first_fields(headers)
    moment = _moment(received.rpartition(b";")[2]) or appeared_at or _moment(date)
    return moment and min(moment, datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0))


def _moment(value: bytes) -> datetime | None:
    return parse_date(value.decode("latin-1"))


def _first_fields(headers: bytes) -> tuple[bytes, bytes]:
    """Received and Date, each the first of its name; empty where there is none."""
    found: dict[bytes, list[bytes]] = {}
    value: list[bytes] = []
    for line in headers[:READ_BYTES].splitlines():
        if not line.strip():
            break
        if line[:1] in b" \t":
            value.append(line)
            continue
        name, _, rest = line.partition(b":")
        value = [rest]
        found.setdefault(name.strip().lower(), value)
    return b"".join(found.get(b"received", ())), b"".join(found.get(b"date", ()))
