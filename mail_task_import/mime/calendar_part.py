"""Invitations: what a text/calendar part or an ``.ics`` file says (RFC 5545, 5546, 6047).

Plain values of one event: its series, and single times of it that differ. What else the file holds
is counted only. ``calendar_answer`` writes the answer to one.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .addresses import normalise_email
from .bounds import strip_tags
from .calendar_rule import read_rule, times_of
from .calendar_text import kept_lines, read_components
from .calendar_time import Moment, read_duration, read_moment, read_zones
from .charsets import clean_line, decode

METHODS = {
    "PUBLISH", "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER",
}  # fmt: skip
MAX_PEOPLE = 500
MAX_DATES = 1_000
MAX_WORDS = 500
MAX_DESCRIPTION = 20_000
MAX_UID = 1_000
WEB_PAGE = re.compile(r"https?://[^\s<>\"']{3,1000}")
_MARKUP = re.compile(r"<(?:br|p|a|b|div|span|html)\b[^<>]{0,1000}>|</\w+>", re.IGNORECASE)


@dataclass(slots=True)
class Person:
    email: str
    """Lower case, "" where it is no address."""
    name: str = ""
    status: str = "NEEDS-ACTION"
    """PARTSTAT, upper case."""
    asked: bool = False
    """RSVP: an answer is wanted."""
    sent_by: str = ""
    written: str = ""
    """The value, as it was written."""


@dataclass(slots=True)
class Occurrence:
    """One time of an event, with what is said of this time."""

    key: str
    """"" for an event that happens once, else of the time that the series gave it."""
    start: Moment
    end: Moment
    event: "Event"


@dataclass(slots=True)
class Event:
    uid: str = ""
    sequence: int = 0
    stamp: datetime | None = None
    """DTSTAMP, naive UTC."""
    which: Moment | None = None
    """RECURRENCE-ID: it is about this one time of a series."""
    organizer: Person | None = None
    attendees: list = field(default_factory=list)
    start: Moment | None = None
    end: Moment | None = None
    rule_text: str = ""
    left_out: set = field(default_factory=set)
    """Keys of EXDATE."""
    more: list = field(default_factory=list)
    """Moments of RDATE."""
    summary: str = ""
    location: str = ""
    description: str = ""
    comment: str = ""
    status: str = ""
    url: str = ""
    free: bool = False
    """It takes nobody's time (TRANSP)."""

    @property
    def rule(self):
        return read_rule(self.rule_text) if self.rule_text else None

    @property
    def is_series(self):
        return bool((self.rule_text or self.more) and not self.which)

    def attendee(self, addresses):
        """Who of those invited has one of these addresses; None where nobody has."""
        return next((one for one in self.attendees if one.email in addresses), None)


@dataclass(slots=True)
class Invitation:
    method: str
    """Of ``METHODS``, "" where it names none."""
    event: Event
    """The series, or the first of what is said."""
    others: list = field(default_factory=list)
    """More of the same UID: single times."""
    left: int = 0
    """Events of other UIDs that are not read."""

    def occurrences(self, since, until, limit=400):
        """Times between two naive UTC times: ``Occurrence`` by ``Occurrence``, by their keys.

        A time of a series whose zone is not known is taken as if it were UTC.
        """
        single = {each.which.key: each for each in self.others if each.which and each.start}
        found = {}
        for start in _starts(self.event, until):
            key = start.key if self.event.is_series else self._own_key()
            event = single.pop(key, self.event)
            if event.status == "CANCELLED" and event is not self.event:
                continue
            self._take(found, key, event, start if event is self.event else event.start, since)
            if len(found) >= limit:
                break
        for key, event in single.items():
            if event.status != "CANCELLED" and event.start and len(found) < limit:
                self._take(found, key, event, event.start, since)
        return sorted(found.values(), key=lambda each: each.start.local)

    def _own_key(self):
        return self.event.which.key if self.event.which else ""

    def _take(self, found, key, event, start, since):
        end = start.at(start.local + length_of(event))
        if (end.utc or end.local) >= since or not self.event.is_series:
            found[key] = Occurrence(key, start, end, event)


def length_of(event):
    return event.end.local - event.start.local if event.start and event.end else timedelta()


def _starts(event, until):
    if not event.start:
        return
    yield_limit = until + timedelta(days=1)
    seen = set()
    times = [event.start.local]
    if event.is_series and (rule := event.rule):
        times = times_of(rule, event.start.local, _comparing(rule, event.start), yield_limit)
    more = (each.local for each in event.more) if event.is_series else ()
    for origin in (times, more):
        for local in origin:
            start = event.start.at(local)
            if start.key not in seen and start.key not in event.left_out:
                seen.add(start.key)
                yield start


def _comparing(rule, start):
    if not rule.until_utc:
        return lambda local: local
    return lambda local: start.at(local).utc or local


# -- reading ------------------------------------------------------------------------------------


def read_invitation(content, charset=""):
    """The ``Invitation`` of a file, None where it names no event. Never raises.

    :param content: bytes, or the lines that ``kept_source`` has returned
    """
    text = content if isinstance(content, str) else decode(content[:4_000_000], charset)
    for calendar in read_components(kept_lines(text)):
        if calendar.name == "VCALENDAR" and (found := _read_calendar(calendar)):
            return found
    return None


def kept_source(content):
    """The text of a file as far as it is read: to be read again without the file."""
    return "\n".join(kept_lines(decode(content[:4_000_000])))


def _read_calendar(calendar):
    zones = read_zones(calendar)
    events = [_read_event(part, zones) for part in calendar.named("VEVENT")[:400]]
    events = [event for event in events if event.uid or event.start]
    if not events:
        return None
    uid = events[0].uid
    same = [event for event in events if event.uid == uid]
    main = next((event for event in same if not event.which), same[0])
    method = calendar.value("METHOD").upper()
    return Invitation(
        method if method in METHODS else "",
        main,
        [event for event in same if event is not main],
        len(events) - len(same),
    )


def _read_event(part, zones):
    event = Event(
        uid=part.value("UID")[:MAX_UID],
        sequence=_sequence(part.value("SEQUENCE")),
        which=read_moment(part.first("RECURRENCE-ID"), zones),
        start=read_moment(part.first("DTSTART"), zones),
        rule_text=part.value("RRULE")[:MAX_WORDS],
        summary=clean_line(part.text("SUMMARY"))[:MAX_WORDS],
        location=clean_line(part.text("LOCATION"))[:MAX_WORDS],
        description=_plain(part.text("DESCRIPTION"))[:MAX_DESCRIPTION],
        comment=part.text("COMMENT")[:MAX_WORDS],
        status=part.value("STATUS").upper()[:20],
        free=part.value("TRANSP").upper() == "TRANSPARENT",
        url=_web_page(part),
    )
    stamp = read_moment(part.first("DTSTAMP"), zones)
    event.stamp = stamp.utc or stamp.local if stamp else None
    organizer = part.first("ORGANIZER")
    event.organizer = _person(organizer) if organizer else None
    event.attendees = _people(part)
    event.end = _end(part, event.start, zones)
    _as_whole_day(part, event)
    event.left_out = {moment.key for moment in _dates(part, "EXDATE", zones)}
    event.more = _dates(part, "RDATE", zones)
    return event


def _sequence(text):
    return int(text[:9]) if text.isdecimal() and text.isascii() else 0


def _plain(text):
    """Google and Outlook write HTML in it."""
    return strip_tags(text) if _MARKUP.search(text) else text


def _web_page(part):
    for name in ("X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "CONFERENCE", "URL"):
        if WEB_PAGE.fullmatch(part.value(name)):
            return part.value(name)
    return ""


def _end(part, start, zones):
    if not start:
        return None
    end = read_moment(part.first("DTEND"), zones)
    if end and end.all_day == start.all_day:
        # written in another zone, it lasts as long
        length = (end.utc or end.local) - (start.utc or start.local)
    else:
        length = read_duration(part.value("DURATION")) or timedelta()
    if start.all_day:
        length = max(timedelta(days=length.days), timedelta(days=1))
    return start.at(start.local + min(max(length, timedelta()), timedelta(days=3_660)))


def _as_whole_day(part, event):
    """Outlook writes a whole day as one from midnight to midnight, and says so beside it."""
    said = part.value("X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"
    if said and event.start and not event.start.all_day:
        length = max(length_of(event), timedelta(days=1))
        day = event.start.local.replace(hour=0, minute=0, second=0)
        event.start = Moment(day, all_day=True)
        event.end = Moment(day + timedelta(days=length.days), all_day=True)


def _dates(part, name, zones):
    found = []
    for line in part.all(name)[:MAX_DATES]:
        for value in line.value.split(",")[: MAX_DATES - len(found)]:
            # a period is taken by its beginning
            one = type(line)(name, line.parameters, value.partition("/")[0])
            if moment := read_moment(one, zones):
                found.append(moment)
    return found


def _people(part):
    found = {}
    for line in part.all("ATTENDEE")[:MAX_PEOPLE]:
        person = _person(line)
        found.setdefault(person.email or person.written, person)
    return list(found.values())


def _person(line):
    value = clean_line(line.value)
    given = line.parameters
    return Person(
        email=_address(value) or _address(given.get("EMAIL", "")),
        name=given.get("CN", "")[:200],
        status=given.get("PARTSTAT", "NEEDS-ACTION").upper()[:20],
        asked=given.get("RSVP", "").upper() == "TRUE",
        sent_by=_address(given.get("SENT-BY", "")),
        written=value[:MAX_WORDS],
    )


def _address(text):
    scheme, _colon, rest = text.partition(":")
    text = rest if scheme.strip().lower() == "mailto" else text
    return normalise_email(text.strip().partition("?")[0])
