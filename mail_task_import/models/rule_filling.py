"""From a rule's value, or the text of a named group, to what the ORM writes. Plain values only."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any

KIND_OF_TYPE = {
    "char": "text",
    "text": "text",
    "html": "html",
    "selection": "choice",
    "integer": "number",
    "float": "number",
    "monetary": "number",
    "boolean": "flag",
    "date": "date",
    "datetime": "date",
    "many2one": "record",
    "many2many": "record",
}
"""Which editor fits which type of field; others get no values."""

LONGEST = 2_000
"""Characters of a group that are written into a text."""
LARGEST_WHOLE = 2**31 - 1
LARGEST = 10**12
"""Whole numbers are what the database holds; others what people write, and forms still show."""
YEARS = range(1900, 2201)
"""Days that browsers and programs of all kinds can show, in every time zone."""
TRUE = frozenset(("1", "true", "yes", "y", "on", "да", "x"))
FALSE = frozenset(("0", "false", "no", "n", "off", "нет"))
_DAYS = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\b"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\b"), (3, 2, 1)),
)
"""Days that can be read in one way only."""
_NUMBER = re.compile(
    r"[-+]?(?:"
    r"\d+(?:[.,]\d+)?"  # 1234,5
    r"|\d{1,3}(?:(?P<space>[ '\u2019\u00a0\u202f])\d{3})(?:(?P=space)\d{3})*(?:[.,]\d+)?"  # 1 234,5
    r"|\d{1,3}(?:\.\d{3})+(?:,\d+)?"  # 1.234,5
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?"  # 1,234.5
    r"|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?"  # 12,34,567.8
    r")"
)
"""Numbers that can be read in one way only, but for "1.234", which is a thousand and more."""
_WHOLE_GROUPS = re.compile(r"[-+]?[1-9]\d{0,2}(?:[.,]\d{3})+")
_SENSE = (
    (re.compile(r"(?:^|_)probability$"), 0, 100),
    (re.compile(r"(?:^|_)color$"), 0, 11),
    (re.compile(r"(?:^|_)(?:hours|duration|days)$"), 0, 100_000),
)
"""What numbers of fields of such names can mean."""


class Unfit(ValueError):
    """The text of a group is no value of its field."""


@dataclass(slots=True, frozen=True)
class Filling:
    """One value: ``value`` always, or ``days`` after the mail, or the text of ``group``."""

    name: str
    type: str
    relation: str = ""
    group: str = ""
    value: Any = None
    days: int | None = None
    choices: tuple = ()

    def fixed(self, received):
        """The ORM's value; raises ``Unfit``.

        :param received: when the mail came, naive UTC
        """
        if not self.type:
            raise Unfit
        if self.days is not None:
            return self._days_after(received)
        if self.type == "many2many":
            return [(4, self.value)] if self.value else []
        if self.type == "integer":
            return whole(self.value)
        return self.value or False if self.type != "boolean" else bool(self.value)

    def _days_after(self, received):
        try:
            received += timedelta(days=self.days)
        except OverflowError:
            raise Unfit from None
        return _day_of(self, received)

    def from_text(self, text):
        """The ORM's value of what a group holds, or the text itself where a record is meant.

        :raises Unfit: and nothing else: the text is a stranger's
        """
        text = " ".join(text.split())[:LONGEST]
        return _READERS.get(self.type, _no_reader)(self, text)


def _no_reader(_filling, _text):
    raise Unfit


def _read_choice(filling, text):
    for value, label in filling.choices:
        if text.casefold() in (str(value).casefold(), str(label).casefold()):
            return value
    raise Unfit


def _read_number(filling, text):
    """ "1 234,50", "1,234.50" and "1.234" (a thousand and more) as people write them."""
    if not _NUMBER.fullmatch(text.strip()):
        raise Unfit
    digits = re.sub(r"[\s'\u00a0\u202f]", "", text)
    if _WHOLE_GROUPS.fullmatch(digits):
        digits = re.sub(r"[.,]", "", digits)
    point = max(digits.rfind("."), digits.rfind(","))
    if point >= 0:
        digits = re.sub(r"[.,]", "", digits[:point]) + "." + digits[point + 1 :]
    try:
        number = float(digits)
    except ValueError:
        raise Unfit from None
    return sensible(filling.name, filling.type, number)


def sensible(name, type_, number):
    """A number as a field of this name and type takes it; raises ``Unfit``."""
    least, most = sense_of(name, type_)
    if not least <= number <= most:
        raise Unfit
    return whole(number) if type_ == "integer" else bounded(number)


def sense_of(name, type_):
    """The least and the largest number that a field can mean."""
    for names, least, most in _SENSE:
        if names.search(name):
            return least, most
    return (0 if type_ == "monetary" else -LARGEST), LARGEST


def whole(number):
    """A number as the database holds it in a field of whole numbers; raises ``Unfit``."""
    if not abs(number) <= LARGEST_WHOLE or number != int(number):
        raise Unfit
    return int(number)


def bounded(number):
    """Neither infinite nor beyond what is ever meant; raises ``Unfit``."""
    if not abs(number) <= LARGEST:
        raise Unfit
    return number


def _read_flag(_filling, text):
    if text.casefold() in TRUE:
        return True
    if text.casefold() in FALSE:
        return False
    raise Unfit


def _read_day(filling, text):
    for pattern, order in _DAYS:
        if match := pattern.search(text):
            try:
                day = datetime(*(int(match[place]) for place in order))
            except ValueError:
                raise Unfit from None
            return _day_of(filling, day)
    raise Unfit


def _day_of(filling, time):
    if time.year not in YEARS:
        raise Unfit
    return time if filling.type == "datetime" else time.date()


_READERS = {
    "char": lambda _filling, text: text,
    "text": lambda _filling, text: text,
    "html": lambda _filling, text: f"<p>{escape(text)}</p>",
    "selection": _read_choice,
    "integer": _read_number,
    "float": _read_number,
    "monetary": _read_number,
    "boolean": _read_flag,
    "date": _read_day,
    "datetime": _read_day,
    "many2one": lambda _filling, text: text,
    "many2many": lambda _filling, text: text,
}
