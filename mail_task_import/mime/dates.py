"""The Date header as naive UTC (RFC 5322 section 3.3), as far as it can be believed."""

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz

MAX_LENGTH = 200
FIRST_YEAR = 1980
TOLERANCE = timedelta(days=2)
"""How far a sender's clock may be ahead of the server that received the mail."""

# "0001" is no short form of 2001, as "01" is (RFC 5322 section 4.3). "+0000" and "-0000" are zones.
_PADDED_YEAR = re.compile(r"(?<![\d+:])(?<![\s\d]-)0\d{2,}(?![\d:])")


def parse_date(value):
    """Return the moment that ``value`` names as naive UTC, None where it names none."""
    value = value[:MAX_LENGTH].strip()
    try:
        return _from_rfc5322(value) or _from_iso(value)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def believable(date, received_at=None):
    """Return ``date``, None where no mail can have been written then."""
    if date is None or date.year < FIRST_YEAR:
        return None
    return date if date <= _latest(received_at) else None


def _latest(received_at):
    if received_at is None:
        return datetime.now(timezone.utc).replace(tzinfo=None) + TOLERANCE
    if received_at.tzinfo:
        received_at = received_at.astimezone(timezone.utc).replace(tzinfo=None)
    return received_at + TOLERANCE


def _from_rfc5322(value):
    parsed = parsedate_tz(value)
    if not parsed or _is_year_padded(value, parsed[0]):
        return None
    seconds = min(parsed[5], 59)  # a leap second
    moment = datetime(*parsed[:5], seconds)
    return moment - timedelta(seconds=parsed[9] or 0)


def _is_year_padded(value, year):
    """Tell whether ``year`` was read out of "0001" or the like, which the library takes for "1"."""
    return any(int(digits) == year % 100 for digits in _PADDED_YEAR.findall(value))


def _from_iso(value):
    """Some programs write ISO 8601 instead."""
    moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    if moment.tzinfo:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return moment.replace(microsecond=0)
