"""Mails that may keep a parser busy are read by a process of their own, which can be stopped.

What is written in Python here is bounded from within. HTML is taken apart by libxml2, which no
signal reaches and no thread can end; in a long piece of it something may be hidden that takes
minutes, whatever ``bounds`` knows today. Ordinary mails are far too short for that. Any winmail.dat
is read outside, however short: a few of its bytes may claim millions of values.
"""

import io
import pickle
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from . import parsed_mail
from .bodies import HTML_TYPES
from .parser import parse
from .structure import parse_structure
from .tnef import Packed, is_tnef, refuse

COSTLY = 262_144
"""Bytes of HTML in one mail. Mail programs cut newsletters off at 102 kB, so few are longer."""
CPU_SECONDS = 10
WALL_SECONDS = 60
MEMORY = 1_073_741_824
"""Bytes of address space, beside six times the mail's own size."""
ENDED_BY_TIME = (24, 9)  # SIGXCPU, and SIGKILL a second later
CHILD = Path(__file__).with_name("outside_child.py")


class Unreadable(Exception):
    """The process that read the mail did not return. ``why`` is "time" or "death"."""

    def __init__(self, why, details=""):
        super().__init__(f"{why} {details}".strip())
        self.why = why
        self.details = details


def parse_bounded(raw, **options):
    """Return what ``parse`` returns, within bounds of time and memory.

    :raises Unreadable: where the bounds did not suffice
    """
    if _has_much_html(raw):
        return parse_outside(raw, **options)
    try:
        return parse(raw, unpack=refuse, **options)
    except Packed:
        return parse_outside(raw, **options)


def is_costly(raw):
    """Tell whether ``parse_bounded`` reads ``raw`` outside."""
    return _has_much_html(raw) or any(is_tnef(part) for part in _parts(raw))


def _has_much_html(raw):
    if len(raw) <= COSTLY:
        return False
    html = [part for part in _parts(raw) if part.content_type in HTML_TYPES]
    return sum(part.end - part.start for part in html) > COSTLY


def _parts(raw):
    root, _defects = parse_structure(raw)
    return root.walk()


def parse_outside(raw, **options):
    """Return what ``parse`` returns, made by another process.

    :raises Unreadable: it took too long, or died
    """
    return _outside("parse", raw, options)


def parse_plainly_outside(raw):
    """Return what ``parse_plainly`` returns, made by another process: whatever the mail does.

    :raises Unreadable: it took too long, or died
    """
    return _outside("parse_plainly", raw, {})


def _outside(function, raw, options):
    job = {
        "function": function,
        "path": [entry for entry in sys.path if isinstance(entry, str)],
        "limits": (CPU_SECONDS, MEMORY + 6 * len(raw)),
        "raw": bytes(raw),
        "options": options,
    }
    # -I and -S: no settings of whoever started us, and a quick start; the path comes with the job
    command = [sys.executable or "python3", "-I", "-S", str(CHILD)]
    try:
        done = subprocess.run(
            command,
            input=pickle.dumps(job),
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("time") from error
    return read_answer(done)


def read_answer(done):
    if done.returncode:
        why = "time" if -done.returncode in ENDED_BY_TIME else "death"
        raise Unreadable(why, done.stderr[-2_000:].decode("utf-8", "replace"))
    try:
        return _PlainValues(io.BytesIO(done.stdout)).load()
    except Exception as error:  # an answer that broke off
        raise Unreadable("death", str(error)) from error


class _PlainValues(pickle.Unpickler):
    """Takes parsed mails only: the process that wrote them has read what strangers sent."""

    def find_class(self, module, name):
        if (module, name) == ("datetime", "datetime"):
            return datetime
        kind = getattr(parsed_mail, name, None)
        if module.endswith(".parsed_mail") and isinstance(kind, type):
            return kind
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a parsed mail")
