"""Mails as people end them, each with what a reader would say of who wrote it.

In ``signatures/*.txt``: From and what is expected, a blank line, the text; ``%%`` between two. They
were written before the reader was tried on them. A field that is not named is said by nothing.
"""

from pathlib import Path

PLACE = Path(__file__).parent / "signatures"


def samples():
    """``[(From, text, {field: value})]``"""
    return [
        _sample(each)
        for path in sorted(PLACE.glob("*.txt"))
        for each in path.read_text().split("%%\n")
    ]


def _sample(part):
    head, _blank, text = part.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return fields.pop("From"), text, fields
