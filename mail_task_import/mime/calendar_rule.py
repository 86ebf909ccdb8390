"""What repeats: the days of an RRULE (RFC 5545, 3.3.10), walked through period by period.

No rule takes longer than a walk over its days, also one that no day fits ("the 30th of February"),
on which dateutil's would go on to the year 9999.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .calendar_time import WEEKDAYS, nth_weekday

MAX_PERIODS = 100_000
UNREAD = {"BYSECOND", "BYMINUTE", "BYHOUR", "BYYEARDAY", "BYWEEKNO"}
"""Parts that are read by nobody here: of such a rule the first time is known only."""

_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?")


@dataclass(slots=True)
class Rule:
    frequency: str
    """"DAILY", "WEEKLY", "MONTHLY" or "YEARLY"."""
    interval: int = 1
    count: int = 0
    """0: without a number."""
    until: datetime | None = None
    until_utc: bool = False
    days: tuple = ()
    """``(ordinal or 0, weekday)``."""
    month_days: tuple = ()
    months: tuple = ()
    positions: tuple = ()
    week_start: int = 0


def read_rule(text):
    """The ``Rule`` of a value, None where it is one that is not understood."""
    parts = dict(part.strip().upper().split("=", 1) for part in text.split(";")[:30] if "=" in part)
    if parts.get("FREQ") not in _PERIODS or parts.keys() & UNREAD:
        return None
    try:
        rule = Rule(
            parts["FREQ"],
            interval=_number(parts.get("INTERVAL", "1"), 1, 10_000),
            count=_number(parts.get("COUNT", "0"), 0, 1_000_000),
            days=_days(parts.get("BYDAY", "")),
            month_days=_numbers(parts.get("BYMONTHDAY", ""), 31),
            months=_numbers(parts.get("BYMONTH", ""), 12),
            positions=_numbers(parts.get("BYSETPOS", ""), 366),
            week_start=WEEKDAYS.index(parts.get("WKST", "MO")),
        )
        rule.until, rule.until_utc = _until(parts.get("UNTIL", ""))
    except (ValueError, OverflowError):
        return None
    counted_in_year = rule.frequency == "YEARLY" and not rule.months
    return None if counted_in_year and any(ordinal for ordinal, _day in rule.days) else rule


def _number(text, least, most):
    number = int(text[:10])
    if not least <= number <= most:
        raise ValueError
    return number


def _numbers(text, most):
    numbers = tuple(int(each[:5]) for each in text.split(",")[:400] if each)
    if any(not number or abs(number) > most for number in numbers):
        raise ValueError
    return numbers


def _days(text):
    found = [_DAY.fullmatch(each.strip()) for each in text.split(",")[:100] if each]
    if not all(found):
        raise ValueError
    return tuple((int(each[1] or 0), WEEKDAYS.index(each[2])) for each in found)


def _until(text):
    if not text:
        return None, False
    found = _UNTIL.fullmatch(text)
    if not found:
        raise ValueError
    last = ("23", "59", "59")
    time = found.groups()[3:6] if found[4] else last
    return datetime(*map(int, (*found.groups()[:3], *time))), bool(found[7])


def times_of(rule, start, to_compare, limit):
    """Yield the times of a rule, ``start`` first, up to ``limit``.

    :param start: naive, in the zone in which it repeats
    :param to_compare: a time in the zone of ``rule.until``
    """
    count = 1
    yield start
    for day in _days_of(rule, start.date(), limit.date()):
        time = datetime.combine(day, start.time())
        if time <= start:
            continue
        count += 1
        over = rule.until and to_compare(time) > rule.until
        if time > limit or over or (rule.count and count > rule.count):
            return
        yield time


def _days_of(rule, first, limit):
    for begin, candidates in _PERIODS[rule.frequency](rule, first):
        if begin > limit:
            return
        found = sorted(set(candidates))
        if rule.positions:
            found = [
                found[position - 1 if position > 0 else position]
                for position in sorted(rule.positions)
                if 0 < abs(position) <= len(found)
            ]
        yield from sorted(found)


def _daily(rule, first):
    for number in range(MAX_PERIODS):
        day = _later(first, number * rule.interval)
        yield day, [day] if _fits(rule, day) else []


def _weekly(rule, first):
    monday = first - timedelta(days=(first.weekday() - rule.week_start) % 7)
    wanted = {weekday for _ordinal, weekday in rule.days} or {first.weekday()}
    for number in range(MAX_PERIODS):
        begin = _later(monday, 7 * number * rule.interval)
        days = [_later(begin, more) for more in range(7)]
        yield (
            begin,
            [
                day
                for day in days
                if day.weekday() in wanted and (not rule.months or day.month in rule.months)
            ],
        )


def _monthly(rule, first):
    for number in range(MAX_PERIODS):
        index = first.year * 12 + first.month - 1 + number * rule.interval
        year, month = index // 12, index % 12 + 1
        if year > date.max.year - 1:
            return
        wanted = not rule.months or month in rule.months
        yield date(year, month, 1), _days_in(rule, first, year, month) if wanted else []


def _yearly(rule, first):
    for year in range(first.year, date.max.year - 1, rule.interval):
        months = rule.months or (range(1, 13) if rule.days or rule.month_days else (first.month,))
        days = [day for month in months for day in _days_in(rule, first, year, abs(month))]
        yield date(year, 1, 1), days


_PERIODS = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}


def _later(day, days):
    return day + timedelta(days=days) if days < 3_000_000 else date.max


def _fits(rule, day):
    """Whether a day of a daily rule is none that the other parts leave out."""
    if rule.months and day.month not in rule.months:
        return False
    if rule.days and day.weekday() not in {weekday for _ordinal, weekday in rule.days}:
        return False
    return not rule.month_days or day in _month_days(rule.month_days, day.year, day.month)


def _days_in(rule, first, year, month):
    """Days of a month that a monthly or yearly rule names."""
    if not rule.days:
        return _month_days(rule.month_days or (first.day,), year, month)
    days = set()
    for ordinal, weekday in rule.days:
        ordinals = (ordinal,) if ordinal else range(1, 6)
        days.update(nth_weekday(year, month, each, weekday) for each in ordinals)
    days.discard(None)
    if rule.month_days:
        days &= set(_month_days(rule.month_days, year, month))
    return list(days)


def _month_days(numbers, year, month):
    following = date(year + month // 12, month % 12 + 1, 1)
    length = (following - timedelta(days=1)).day
    return [
        date(year, month, number if number > 0 else length + 1 + number)
        for number in numbers
        if abs(number) <= length
    ]
