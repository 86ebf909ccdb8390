"""The verb ``fuzz``: mails are changed at random; those that reach new code are changed further.

``ARGS`` is how many minutes (five, unless told otherwise). Each mail is held against the rules of
``tests/mime_invariants.py``; the first that breaks one ends the run and is kept as a file. The
collection grows from run to run, so that the next one goes on where this one was.
"""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from . import places, setting_up, virtualenv
from .trouble import Trouble, say

TESTS = places.CHECKOUT / "mail_task_import" / "tests"
MINUTES = 5
LONGEST = 40_000
"""Bytes of a mail: short ones are read quickly, and can be wrong in as many ways."""


def fuzz() -> int:
    """Returns 0 where no mail broke a rule."""
    setting_up.set_up()
    return run(_minutes(os.environ.get("ARGS", "")), places.state() / "fuzz")


def is_available() -> bool:
    """atheris has no wheels for every Python and machine."""
    return importlib.util.find_spec("atheris") is not None


def run(minutes: float, folder: Path, mails_read: int = 0) -> int:
    """Fuzz for so long; ``folder`` keeps the mails and what was found.

    With ``mails_read`` it ends after so many mails, and every run changes them in the same ways: a
    commit that has passed passes again. What is new is found by runs without it.
    """
    mails, found = folder / "mails", folder / "found"
    if not mails.is_dir():
        shutil.copytree(TESTS / "corpus", mails)
    found.mkdir(exist_ok=True)
    say(f"Fuzzing for {minutes:g} minutes. What breaks a rule is kept in {found}.")
    words = [
        f"-max_total_time={max(1, round(minutes * 60))}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={found}/",
        f"-dict={TESTS / 'fuzz_words.txt'}",
        "-verbosity=0",
        "-print_final_stats=1",
    ]
    if mails_read:
        words += ["-seed=1", f"-runs={mails_read}"]
    script = TESTS / "fuzz_mime.py"
    command = [str(virtualenv.python()), str(script), str(mails), *words]
    return subprocess.run(command, cwd=folder, check=False).returncode


def _minutes(text: str) -> float:
    try:
        return float(text or MINUTES)
    except ValueError:
        raise Trouble(f'ARGS="{text}" is no number of minutes.') from None
