"""What ``make fuzz`` runs: atheris changes mails, and this tells whether one broke a rule.

A process of its own without Odoo, whose every line would be traced. Make a test of what it finds.
"""

import sys
import time
from datetime import datetime
from pathlib import Path

import atheris

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]
with atheris.instrument_imports(include=["mime", "tnefparse"]):
    from mime.calendar_part import read_invitation
    from mime.parser import parse
from mime_invariants import RECEIVED_AT, broken_rules  # noqa: E402

SECONDS = 3
"""Of CPU, with the tracing."""


def read(raw):
    started = time.process_time()
    broken = broken_rules(parse(raw, received_at=RECEIVED_AT))
    if invitation := read_invitation(raw):
        day = datetime(2026, 1, 1)
        invitation.occurrences(day, day.replace(year=2027))
    if time.process_time() - started > SECONDS:
        broken.append("it took too long")
    if broken:
        raise AssertionError(broken[:5])


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
