"""Mails that may keep a parser busy are read by a process of their own, which can be stopped.

What is written in Python here is bounded from within. HTML is taken apart by libxml2, which no
signal reaches and no thread can end; in a long piece of it something may be hidden that takes
minutes, whatever ``bounds`` knows today. Ordinary mails are far too short for that.
"""

import io
import pickle
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from . import parsed_mail
from .attachments import TNEF_TYPES, file_name
from .parser import parse
from .structure import parse_structure

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
    return parse_outside(raw, **options) if is_costly(raw) else parse(raw, **options)


def is_costly(raw):
    """Tell whether ``raw`` has so much HTML that it is better read outside."""
    if len(raw) <= COSTLY:
        return False
    root, _defects = parse_structure(raw)
    return sum(part.end - part.start for part in root.walk() if _may_be_html(part)) > COSTLY


def _may_be_html(part):
    """HTML is in HTML parts, and in what Outlook packs into a winmail.dat."""
    content_type = part.content_type
    return (
        content_type == "text/html"
        or content_type in TNEF_TYPES
        or (file_name(part).lower() == "winmail.dat")
    )


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
