"""Which mail lies in which folder, and how it gets there."""

import imaplib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from ..dovecot import Dovecot
from . import (
    odd,
    stories_invoices,
    stories_personal,
    stories_projects,
    stories_sales,
    stories_support,
)
from .builder import build, copy_for
from .letter import Letter
from .people import MAILBOXES, Mailbox
from .story import Story
from .threads import letters_of

STORIES: tuple[Story, ...] = (
    *stories_support.STORIES,
    *stories_sales.STORIES,
    *stories_projects.STORIES,
    *stories_invoices.STORIES,
    *stories_personal.STORIES,
)
UNREAD = timedelta(days=2)  # what is younger and not answered has not been read


@dataclass(frozen=True)
class Copy:
    """One mail in one folder, as it is delivered."""

    login: str
    folder: str
    raw: bytes
    date: datetime
    seen: bool
    flags: tuple[str, ...]
    thread: str


def mailboxes() -> list[Mailbox]:
    return list(MAILBOXES.values())


def correspondence(now: datetime) -> list[Letter]:
    """:param now: with a time zone; the same moment gives the same mails
    :returns: all mails, oldest first"""
    now = now.astimezone(timezone.utc)
    threads = {story.slug: letters_of(story, now) for story in STORIES}
    ordinary = [letter for letters in threads.values() for letter in letters]
    return sorted([*ordinary, *odd.letters(now, threads)], key=lambda letter: letter.date)


def copies(now: datetime) -> list[Copy]:
    """:returns: what is delivered, oldest first"""
    return [copy for letter in correspondence(now) for copy in _copies(letter, now)]


def deliver(dovecot: Dovecot) -> None:
    """Make the users and fill their mailboxes; one that holds mail already is left alone."""
    for box in mailboxes():
        if box.address not in dovecot.logins():
            dovecot.add_user(box.address, box.password)
    empty = {box.address for box in mailboxes() if _is_empty(dovecot, box.address)}
    if not empty:
        return
    for copy in copies(datetime.now(timezone.utc)):
        if copy.login in empty:
            _deliver(dovecot, copy)


def statistics(now: datetime | None = None) -> dict[str, int]:
    """How much there is: threads, mails (each counted once), and copies by ``login/folder``."""
    now = now or datetime.now(timezone.utc)
    letters = correspondence(now)
    folders = Counter(f"{copy.login}/{copy.folder}" for copy in copies(now))
    return {"threads": len({letter.thread for letter in letters}), "mails": len(letters), **folders}


def _copies(letter: Letter, now: datetime) -> Iterator[Copy]:
    mail = letter.raw or build(letter)
    sent_from = letter.sent_from()
    if sent_from:
        yield _copy(letter, sent_from, "Sent", mail, seen=True)
    seen = letter.is_answered or now - letter.date > UNREAD
    for key in letter.boxes():
        yield _copy(letter, key, "INBOX", copy_for(letter, key, mail), seen)


def _copy(letter: Letter, key: str, folder: str, raw: bytes, seen: bool) -> Copy:
    flags = {"\\Answered": letter.is_answered, "\\Flagged": letter.is_starred}
    return Copy(
        login=MAILBOXES[key].address,
        folder=folder,
        raw=raw,
        date=letter.date,
        seen=seen,
        flags=tuple(flag for flag, is_set in flags.items() if is_set and folder == "INBOX"),
        thread=letter.thread,
    )


def _deliver(dovecot: Dovecot, copy: Copy) -> None:
    dovecot.deliver(
        copy.login,
        copy.raw,
        folder=copy.folder,
        seen=copy.seen,
        date=copy.date,
        flags=copy.flags,
    )


def _is_empty(dovecot: Dovecot, login: str) -> bool:
    connection = imaplib.IMAP4(dovecot.host, dovecot.imap_port)
    try:
        connection.login(login, dovecot.password(login))
        _, answer = connection.select("INBOX", readonly=True)
        return int(answer[0]) == 0
    finally:
        connection.logout()
