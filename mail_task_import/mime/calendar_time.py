"""When something is, in iCalendar: moments, time zones, durations (RFC 5545, 3.3).

A time zone is looked for by its name among those of the world, then among those of Windows; only
then is the definition taken that came along.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global

FIRST_YEAR, LAST_YEAR = 1970, 2200
MAX_DURATION = timedelta(days=366)

_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(Z)?)?")
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?"
)
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(?:\d\d)?")
_ORDINAL = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(slots=True, frozen=True)
class Moment:
    """A time as it was written, and what it is in UTC as far as that is known."""

    local: datetime
    """Naive; midnight where it is a whole day."""
    zone_name: str = ""
    """As people know it: "Europe/Berlin", "UTC"; "" for whole days and where no zone is named."""
    all_day: bool = False
    zone: object = field(default=None, compare=False, repr=False)

    @property
    def utc(self):
        """Naive UTC; None for whole days, and for a time that is wherever its reader is."""
        return self.zone and to_utc(self.local, self.zone)

    @property
    def key(self):
        """The same for the same moment, whatever zone it is written in."""
        if self.all_day:
            return f"{self.local:%Y%m%d}"
        known = self.utc
        return f"{known:%Y%m%dT%H%M%SZ}" if known else f"{self.local:%Y%m%dT%H%M%S}"

    def at(self, local):
        """Another time of the same kind and zone."""
        return Moment(local, self.zone_name, self.all_day, self.zone)


@dataclass(slots=True)
class DefinedZone:
    """A VTIMEZONE: ``(first onset, offset, month or 0, (ordinal, weekday))`` each."""

    observances: list

    def utcoffset(self, local):
        """The offset that holds at a local time."""
        latest, offset = None, None
        for first, its_offset, month, day in self.observances:
            for onset in _onsets(first, month, day, local.year):
                if first <= onset <= local and (latest is None or onset >= latest):
                    latest, offset = onset, its_offset
        if offset is None and self.observances:
            offset = min(self.observances, key=lambda each: each[0])[1]
        return offset or timedelta()


def to_utc(local, zone):
    if isinstance(zone, DefinedZone):
        return local - zone.utcoffset(local)
    return local.replace(tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)


def read_moment(prop, zones):
    """The ``Moment`` of a property, None where there is none or it is beyond all calendars.

    :param zones: of the same text, see ``read_zones``
    """
    found = _MOMENT.fullmatch(prop.value.strip().upper()) if prop else None
    if not found or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    try:
        local = datetime(*(int(found[n] or 0) for n in range(1, 6)), min(int(found[6] or 0), 59))
    except ValueError:
        return None
    if found[4] is None:
        return Moment(local, all_day=True)
    if found[7]:
        return Moment(local, "UTC", zone=timezone.utc)
    name, zone = find_zone(prop.parameters.get("TZID", ""), zones)
    return Moment(local, name, zone=zone)


def read_duration(text):
    """A ``timedelta``, None where it is none; bounded."""
    found = _DURATION.fullmatch(text.strip().upper())
    if not found or not any(found.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(found[n] or 0) for n in range(2, 7))
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return timedelta() if found[1] == "-" else min(length, MAX_DURATION)


# -- time zones ---------------------------------------------------------------------------------


def find_zone(name, zones):
    """``(name for people, zone)``; ``("", None)`` for a time that names none that is known."""
    name = name.strip()
    known = _known_zone(name)
    if not known and name in zones:
        hint, defined = zones[name]
        known = _known_zone(hint)
        if not known and defined:
            return name[:80], defined
    return (known, ZoneInfo(known)) if known else ("", None)


@lru_cache(maxsize=1)
def _zone_names():
    return {name.lower(): name for name in available_timezones()}


@lru_cache(maxsize=1)
def _windows_names():
    return {name.lower(): zone for name, zone in get_global("windows_zone_mapping").items()}


def _known_zone(name):
    """Among the world's, also at the end of a path ("/mozilla.org/20050126_1/Europe/Berlin")."""
    name = name.strip().lower()[:200]
    if not name:
        return ""
    parts = [part for part in name.split("/") if part]
    for count in (3, 2, 1):
        found = _zone_names().get("/".join(parts[-count:])) if len(parts) >= count else None
        if found:
            return found
    return _zone_names().get(_windows_names().get(name, "").lower(), "")


def read_zones(calendar):
    """``{TZID: (another name, DefinedZone)}`` of a VCALENDAR."""
    zones = {}
    for part in calendar.named("VTIMEZONE")[:50]:
        observances = [
            observance
            for each in part.parts[:40]
            if each.name in ("STANDARD", "DAYLIGHT") and (observance := _read_observance(each))
        ]
        hint = part.value("X-LIC-LOCATION") or part.value("X-MICROSOFT-TZID")
        zones[part.value("TZID")] = (hint, DefinedZone(observances) if observances else None)
    return zones


def _read_observance(part):
    offset = _OFFSET.fullmatch(part.value("TZOFFSETTO"))
    found = _MOMENT.fullmatch(part.value("DTSTART").upper())
    if not offset or not found:
        return None
    length = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    if length >= timedelta(hours=24):
        return None
    try:
        year = max(int(found[1]), 1601)  # Outlook begins its zones there
        first = datetime(year, *(int(found[n] or 0) for n in range(2, 6)))
    except ValueError:
        return None
    month, day = _yearly(part.value("RRULE").upper())
    return first, -length if offset[1] == "-" else length, month, day


def _yearly(rule):
    """``(month, (ordinal, weekday))`` of the yearly rules that time zones have; (0, None) else."""
    parts = dict(part.split("=", 1) for part in rule.split(";")[:20] if "=" in part)
    day = _ORDINAL.fullmatch(parts.get("BYDAY", "").split(",")[0])
    month = parts.get("BYMONTH", "")
    if parts.get("FREQ") != "YEARLY" or not day or not month.isdecimal() or len(month) > 2:
        return 0, None
    if not 1 <= int(month) <= 12:
        return 0, None
    return int(month), (int(day[1] or 1), WEEKDAYS.index(day[2]))


def _onsets(first, month, day, year):
    if not month:
        return [first]
    days = [nth_weekday(one, month, *day) for one in (year - 1, year)]
    return [datetime.combine(one, first.time()) for one in days if one]


def nth_weekday(year, month, ordinal, weekday):
    """The date of, say, the last Sunday of a month; None where the month has none."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    if ordinal > 0:
        found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (ordinal - 1))
    else:
        last = following - timedelta(days=1)
        found = last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-ordinal - 1))
    return found if ordinal and first <= found < following else None
