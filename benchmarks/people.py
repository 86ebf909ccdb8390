"""Who writes to whom in the benchmark, and what was there before it.

The filled database has ``EMAILS`` mails of ``WRITERS`` people in ``RECORDS`` leads, and
``CONTACTS`` contacts: everybody with an even number below ``2 * CONTACTS``. Numbers from
``STRANGERS`` on are people whom neither database knows.
"""

from dataclasses import dataclass

ADDRESS = "support@company.example"
EMAILS = 100_000
CONTACTS = 50_000
WRITERS = 40_000
RECORDS = 20_000
HOSTS = 97
STRANGERS = 1_000_000
STRIDE = 197
"""Spreads the measured senders over all numbers; odd, so every second of them is a contact."""


@dataclass(frozen=True)
class Sender:
    name: str
    email: str
    host: str


def sender(number: int) -> Sender:
    """A person; mail number n of the filled database is by person ``n % WRITERS``."""
    if number < STRANGERS:
        number %= 2 * CONTACTS
    host = f"customer{number % HOSTS}.example"
    return Sender(f"Person {number}", f"person{number}@{host}", host)


def mixed(number: int) -> Sender:
    """Every second is a contact, two of five have written before (to the filled database)."""
    return sender(number * STRIDE % (2 * CONTACTS))


def stranger(number: int) -> Sender:
    return sender(STRANGERS + number)


def acquaintance(number: int) -> Sender:
    """A contact who never wrote, not even to the filled database."""
    return sender(WRITERS + 2 * number % (2 * CONTACTS - WRITERS))


def is_contact(number_of_mail: int) -> bool:
    """Of ``mixed`` senders."""
    return number_of_mail % 2 == 0


def existing_id(mail: int) -> str:
    """Message-ID of mail number ``mail`` of the filled database."""
    return f"<existing.{mail}@{writer(mail).host}>"


def writer(mail: int) -> Sender:
    return sender(mail % WRITERS)
