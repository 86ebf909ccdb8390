"""What letters begin and end with, and how they quote, in each language."""

import textwrap
from collections.abc import Sequence
from datetime import datetime, timedelta

from .people import Employee, Person

OPENINGS = {
    "en": ("Hello,", "Dear YourCompany team,", "Good morning,", "Hi there,"),
    "de": ("Sehr geehrte Damen und Herren,", "Guten Tag,"),
    "ru": ("Здравствуйте!", "Добрый день!"),
    "zh": ("您好！", "尊敬的先生/女士："),
}
TO_A_PERSON = {
    "en": ("Hello {},", "Dear {},", "Hi {},"),
    "de": ("Guten Tag {},",),
    "ru": ("{}, добрый день!", "{}, здравствуйте!"),
    "zh": ("{}，您好：",),
}
CLOSINGS = {
    "en": ("Best regards,", "Kind regards,", "Thank you and best regards,", "Regards,"),
    "de": ("Mit freundlichen Grüßen", "Freundliche Grüße"),
    "ru": ("С уважением,",),
    "zh": ("此致\n敬礼", "祝工作顺利！"),
}
ANSWER = {"en": "Re: ", "de": "AW: ", "ru": "Re: ", "zh": "回复: "}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
WROTE = {
    "en": "On {day} at {time}, {name} <{email}> wrote:",
    "de": "Am {day} um {time} schrieb {name} <{email}>:",
    "ru": "{day}, {time}, {name} <{email}> пишет:",
    "zh": "在 {day} {time}，{name} <{email}> 写道：",
}
WIDTH = 76
LATER = "[later]"  # begins texts that are written some days after the one before


def day(date: datetime, language: str) -> str:
    if language == "zh":
        return f"{date.month}月{date.day}日"
    month = MONTHS[language].split()[date.month - 1]
    return {
        "en": f"{month} {date.day}",
        "de": f"{date.day}. {month}",
        "ru": f"{date.day} {month}",
    }[language]


def working_day(date: datetime, days: int) -> datetime:
    """The first day that is no weekend, at least so many days later."""
    later = date + timedelta(days=days)
    return later + timedelta(days=max(0, 7 - later.weekday()) if later.weekday() > 4 else 0)


def greeting(language: str, reader: Person | None, choice: int) -> str:
    """:param reader: whom it greets by name; without one it is the company"""
    if reader is None:
        return _choose(OPENINGS[language], choice)
    return _choose(TO_A_PERSON[language], choice).format(_called(reader, language))


def closing(language: str, choice: int) -> str:
    return _choose(CLOSINGS[language], choice)


def introduction(date: datetime, name: str, email: str, language: str) -> str:
    """The line above a quotation."""
    shown = day(date, language)
    shown = f"{date.year}年{shown}" if language == "zh" else f"{shown}, {date.year}"
    if language in ("de", "ru"):
        shown = shown.replace(",", "")
    return WROTE[language].format(day=shown, time=f"{date:%H:%M}", name=name, email=email)


def paragraphs(text: str, language: str) -> list[str]:
    """The paragraphs of a text that is indented and wrapped as its source code is."""
    glue = "" if language == "zh" else " "
    blocks = textwrap.dedent(text.removeprefix(LATER)).strip().split("\n\n")
    return [_unwrap(block, glue) for block in blocks]


def wrapped(paragraph: str) -> str:
    lines = (textwrap.wrap(line, WIDTH, break_long_words=False) for line in paragraph.split("\n"))
    return "\n".join("\n".join(line) for line in lines)


def _unwrap(block: str, glue: str) -> str:
    lines = [line.strip() for line in block.split("\n")]
    text = lines[0]
    for line in lines[1:]:
        text += f"\n{line}" if line.startswith("- ") else f"{glue}{line}"
    return text


def _called(reader: Person, language: str) -> str:
    return reader.names[language] if isinstance(reader, Employee) else reader.called


def _choose(values: Sequence[str], choice: int) -> str:
    return values[choice % len(values)]
