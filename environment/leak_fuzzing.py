"""The verb ``leak-fuzz``: random histories, and nobody reads what is not theirs; two runs at once.

``ARGS`` is how many histories (10,000, unless told otherwise); ``LEAK_FUZZ_FIRST`` the seed of the
first. Each run has a database of its own.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from . import databases, places, postgres, setting_up, testing
from .trouble import Trouble, say

TEST = "mail_task_import/tests/test_leak_fuzz.py"
HISTORIES = 10_000
RUNS = 2
LAST_LINES = 60


def fuzz() -> int:
    """Returns 0 where nobody saw anything."""
    histories = _number(os.environ.get("ARGS", "") or str(HISTORIES))
    first = _number(os.environ.get("LEAK_FUZZ_FIRST", "0"))
    setting_up.set_up()
    postgres.ensure()
    with ExitStack() as stack, ThreadPoolExecutor(RUNS) as pool:
        names = [stack.enter_context(databases.copied("leaks")) for _run in range(RUNS)]
        runs = [
            pool.submit(_run, name, *share)
            for name, share in zip(names, shares(first, histories), strict=True)
        ]
        return max(run.result() for run in runs)


def shares(first: int, histories: int) -> list[tuple[int, int]]:
    """The first seed of each run, and how many histories it plays."""
    each, more = divmod(histories, RUNS)
    numbers = [each + (run < more) for run in range(RUNS)]
    return [(first + sum(numbers[:run]), number) for run, number in enumerate(numbers)]


def _run(database: str, first: int, histories: int) -> int:
    log = places.logs() / f"leak_fuzz_{first}.log"
    say(f"Playing {histories} histories from seed {first} on; log: {log}")
    words = ["-q", "-o", "log_cli=true", "--log-cli-level=INFO", TEST]
    numbers = {"LEAK_FUZZ_FIRST": str(first), "LEAK_FUZZ_SCENARIOS": str(histories)}
    with log.open("wb") as output:
        result = testing.pytest(database, words, numbers, stdout=output, stderr=output)
    print("\n".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:]), flush=True)
    return result


def _number(text: str) -> int:
    if not text.isdecimal():
        raise Trouble(f"{text!r} is no number of histories.")
    return int(text)
