"""When the mails of a thread were written: within the last month, by day, none in the future."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

MONTH = 29.0  # days that the threads are spread over
ANSWER = (0.6, 30.0)  # hours between a mail and its answer
WAIT = (100.0, 118.0)  # hours until a promised delivery or visit is over, weekends included


def dates(waits: Sequence[bool], ago: float | None, dice: Random, now: datetime) -> list[datetime]:
    """
    :param waits: whether the second mail waits for something that the first one announced, and so
        on for each further one
    :param ago: days since the first of them; drawn if it is None
    :returns: a moment for each mail in ascending order, without fractions of seconds
    """
    gaps = [dice.uniform(*(WAIT if wait else ANSWER)) for wait in waits]
    longest = sum(gaps) / 24
    age = ago or dice.uniform(longest + 0.1, max(MONTH, longest + 1))
    scale = min(1.0, 0.9 * age / longest) if gaps else 1.0
    moments = [now - timedelta(days=age)]
    for gap in gaps:
        moments.append(moments[-1] + timedelta(hours=gap * scale))
    return [by_day(moment, now).replace(microsecond=0) for moment in moments]


def by_day(moment: datetime, now: datetime) -> datetime:
    """Moves a moment of an earlier day to office hours, and keeps the order of them all."""
    if moment.date() >= now.date():
        return moment
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=7) + (moment - midnight) / 2
