"""From a story to the letters of its thread."""

import hashlib
import itertools
from datetime import datetime
from random import Random

from . import calendar_days, chains, words
from .letter import Letter
from .people import DOMAIN, EMPLOYEES, MAILBOXES, PEOPLE, Person, address_of
from .story import Story


def letters_of(story: Story, now: datetime) -> list[Letter]:
    """:returns: the mails of the thread, oldest first, each answering the one before"""
    texts = [*story.turns, *_continuation(story)]
    dice = Random(story.slug)
    waits = [text.startswith(words.LATER) for text in texts[1:]]
    moments = calendar_days.dates(waits, story.ago, dice, now)
    letters: list[Letter] = []
    for number, (text, moment) in enumerate(zip(texts, moments, strict=True)):
        previous = letters[-1] if letters else None
        letters.append(_letter(story, number, text, moment, previous))
    for letter, answer in itertools.pairwise(letters):
        letter.is_answered = answer.is_ours
    letters[0].is_starred = story.starred
    return letters


def message_id(thread: str, number: int, domain: str) -> str:
    digest = hashlib.sha256(f"{thread}/{number}".encode()).hexdigest()
    return f"<{digest[:8]}.{digest[8:20]}@{domain}>"


def signature(writer: Person, role: str = "") -> tuple[str, ...]:
    lines = (writer.name.partition(" (")[0], role or writer.role, writer.company, writer.phone)
    return tuple(line for line in lines if line)


def _continuation(story: Story) -> tuple[str, ...]:
    if not story.follow:
        return ()
    language = PEOPLE[story.person].language
    return chains.chain(language, story.kind, story.dialogue)[: story.follow]


def _letter(
    story: Story, number: int, text: str, date: datetime, previous: Letter | None
) -> Letter:
    other = PEOPLE[story.person]
    is_ours = story.is_ours(number)
    writer = _us(story) if is_ours else other
    reader = other if is_ours else _us(story)
    language = other.language
    letter = Letter(
        thread=story.slug,
        number=number,
        writer=writer,
        sender=address_of(story.box if is_ours else story.person),
        to=_recipients(story, is_ours),
        cc=_copies(story, is_ours),
        subject=_subject(story, number, "en" if is_ours else language),
        date=date,
        language=language,
        message_id=message_id(story.slug, number, DOMAIN if is_ours else other.domain),
        signature=_signature(story, writer, is_ours),
        previous=previous,
        files=story.files.get(number, ()),
        is_ours=is_ours or other in EMPLOYEES.values(),
    )
    knows = previous is not None or MAILBOXES[story.box].kind == "personal"
    letter.body = _body(story, letter, text, reader if knows else None)
    return letter


def _us(story: Story) -> Person:
    return EMPLOYEES.get(story.box) or EMPLOYEES[story.by]


def _recipients(story: Story, is_ours: bool) -> tuple[tuple[str, str], ...]:
    if is_ours:
        return (address_of(story.person),)
    return tuple(address_of(key) for key in (story.box, *story.also))


def _copies(story: Story, is_ours: bool) -> tuple[tuple[str, str], ...]:
    """Our answers keep everybody informed who got the question."""
    keys = (*story.cc, *story.also) if is_ours else story.cc
    return tuple(address_of(key) for key in keys)


def _subject(story: Story, number: int, language: str) -> str:
    return words.ANSWER[language] + story.subject if number else story.subject


def _signature(story: Story, writer: Person, is_ours: bool) -> tuple[str, ...]:
    is_group = MAILBOXES[story.box].kind == "group"
    role = MAILBOXES[story.box].name.removeprefix("YourCompany ") if is_ours and is_group else ""
    return signature(writer, role)


def _body(story: Story, letter: Letter, text: str, reader: Person | None) -> tuple[str, ...]:
    choice = len(story.slug) + letter.number
    filled = text.format(
        item=story.item,
        order=story.order,
        day=words.day(words.working_day(letter.date, 2), letter.language),
        later=words.day(words.working_day(letter.date, 12), letter.language),
    )
    return (
        words.greeting(letter.language, reader, choice),
        *words.paragraphs(filled, letter.language),
        words.closing(letter.language, choice // 2),
    )
