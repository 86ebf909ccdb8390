"""The answer to an invitation: METHOD:REPLY (RFC 5546, 3.2.3), as a text/calendar part."""

from .charsets import clean, clean_line

ANSWERS = ("ACCEPTED", "TENTATIVE", "DECLINED")
PRODUCT = "-//mail_task_import//Odoo//EN"
LINE = 75
"""Bytes (RFC 5545, 3.1)."""


def write_answer(event, attendee, status, now, comment=""):
    """The bytes of a REPLY.

    :param event: the ``calendar_part.Event`` that is answered
    :param attendee: the ``Person`` who answers, of those invited
    :param status: of ``ANSWERS``
    :param now: naive UTC
    """
    lines = [
        "BEGIN:VCALENDAR",
        f"PRODID:{PRODUCT}",
        "VERSION:2.0",
        "METHOD:REPLY",
        "BEGIN:VEVENT",
        f"UID:{clean_line(event.uid)}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTAMP:{_in_utc(now)}",
        *_moment("RECURRENCE-ID", event.which),
        *_moment("DTSTART", event.start),
        *_moment("DTEND", event.end),
        f"ORGANIZER:mailto:{event.organizer.email}",
        f"ATTENDEE{_name(attendee.name)};PARTSTAT={status}:mailto:{attendee.email}",
        *([f"SUMMARY:{escape(event.summary)}"] if event.summary else []),
        *([f"COMMENT:{escape(comment)}"] if comment else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def _in_utc(moment):
    return f"{moment:%Y%m%dT%H%M%SZ}"


def _moment(name, moment):
    """In UTC: a zone of its own would have to be defined along with it."""
    if not moment:
        return []
    return [f"{name};VALUE=DATE:{moment.key}" if moment.all_day else f"{name}:{moment.key}"]


def _name(name):
    name = clean_line(name).replace('"', "'")
    return f';CN="{name}"' if name else ""


def escape(text):
    text = clean(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\n", "\\n")


def folded(line):
    """Lines of 75 bytes at most, no character cut in two."""
    pieces, room = [b""], LINE
    for character in line:
        one = character.encode("utf-8", "replace")
        if len(pieces[-1]) + len(one) > room:
            pieces.append(b"")
            room = LINE - 1  # for the blank before it
        pieces[-1] += one
    return b"\r\n ".join(pieces) + b"\r\n"
