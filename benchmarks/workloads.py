"""What is measured: which mails come, what becomes of them, and what must be there afterwards.

======== ================================================ ===========================
workload the host                                         ours
======== ================================================ ===========================
file     posts all into one record, through an alias      stores them in the mailbox
create   makes a lead of each                             makes a lead of each
reply    posts each in the lead of the mail it answers,   the same
         which an employee follows in the inbox
task     makes a task of each, in one project             the same
link     posts all into one record, through an alias      stores them, links each to the
                                                          sender's contact and posts it there
large    as file: many mails, ten in a row of 10 MB       as file
======== ================================================ ===========================
"""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import mails
from benchmarks.people import EMAILS, STRIDE, Sender, acquaintance, is_contact, mixed, stranger

MEASURED = ("file", "create", "reply", "task")
"""In the order of the closing line."""
ONCE = ("link", "large")
"""Beside these: measured once, and not in the closing line."""
WARMING = 5
"""Mails that come before the clock starts, so that it does not measure first imports."""
HUGE_MAILS = 10
MORE_OF = {"file": 3}
"""So many times the mails of the others: ours takes too little time of them for a steady figure."""


@dataclass(frozen=True)
class Stock:
    """The mails of one measurement, in the order in which they are fetched."""

    beforehand: list[mails.Draft]
    warming: list[mails.Draft]
    measured: list[mails.Draft]
    contacts: list[Sender]
    """Those senders whom the contacts of the database are to hold, at either size."""


def stock(workload: str, count: int, filled: bool) -> Stock:
    """The same for both sides."""
    if workload == "reply":
        return _replies(count, filled)
    who = {"create": mixed, "task": mixed, "link": acquaintance}.get(workload, stranger)
    drafts = [mails.question(number, who(number)) for number in range(count + WARMING)]
    if workload == "large":
        # one after the other: in one batch, as far as a side lets them
        for number in range(count // 2, min(count // 2 + HUGE_MAILS, count)):
            drafts[number] = mails.question(number, who(number), attachment=mails.HUGE)
    return Stock([], drafts[count:], drafts[:count], _contacts(who, count + WARMING))


def _replies(count: int, filled: bool) -> Stock:
    """Every second answers a mail of the filled database, where that is the one."""
    numbers = range(count + WARMING)
    old = {number for number in numbers if filled and number % 4 > 1}
    questions = [mails.question(number, mixed(number)) for number in numbers if number not in old]
    answers = [
        mails.answer_to_existing(number, number * STRIDE % EMAILS)
        if number in old
        else mails.answer(number, mixed(number))
        for number in numbers
    ]
    return Stock(questions, answers[count:], answers[:count], _contacts(mixed, count + WARMING))


def _contacts(who: Callable[[int], Sender], count: int) -> list[Sender]:
    if who is mixed:
        return [mixed(number) for number in range(count) if is_contact(number)]
    return [who(number) for number in range(count)] if who is acquaintance else []


def expected(workload: str, side: str, count: int) -> dict[str, int]:
    """What ``count`` mails must have made of themselves."""
    messages, records = count, 0
    if side == "ours" and workload in ("file", "large"):
        messages = 0  # the host knows no other place for a mail than a record
    if workload in ("create", "task"):
        records = count
    return {
        "mails": count,
        "records": records,
        "messages": messages,
        "notifications": count if workload == "reply" else 0,
        "sent": 0,
    }
