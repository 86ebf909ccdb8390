"""Several pytest processes at once, where the machine has a core for each; else one by one.

What the first says is seen at once; what the others say is collected, and shown whole at the end.
They are ended by their pid, and as by Ctrl-C: pytest then ends what its tests have started.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import outcomes, processes
from .trouble import say

PLUGINS = ("-p", "environment.outcomes", "-p", "no:cacheprovider")
"""What the commands have to name. Two processes would overwrite each other's cache."""
PATIENCE = 60
"""Seconds that pytest has to clean up when it is told to end."""
SAID = {"passed": "passed", "failed": "failed", "error": "errors"}


class Run:
    """One pytest process.

    :ivar pid: of the process, once it was started
    """

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ):
        """:param folder: where it is started"""
        self.name, self.command = name, command
        self.environment, self.folder = environment, folder
        self.pid = 0

    @contextmanager
    def started(self, papers: Path, output=None) -> Iterator[None]:
        """It has ended afterwards, by itself or not.

        :param papers: where it notes how many tests passed
        """
        self._outcomes = papers / f"{self.name}.json"
        self._process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env={**os.environ, **self.environment, outcomes.FILE: str(self._outcomes)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is heard here, and passed on once
            preexec_fn=_hear_interrupts,
        )
        self.pid = self._process.pid
        try:
            yield
        finally:
            self._end()

    def wait(self) -> None:
        self._process.wait()

    def counts(self) -> Counter:
        return outcomes.read(self._outcomes)

    def passed(self) -> bool:
        """It ran tests, to their end, and all passed."""
        return self._process.returncode == 0 and self.counts()["passed"] > 0

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE)
        if self._process.poll() is None:
            processes.stop(self.pid)
            self._process.wait()


def cores() -> int:
    return len(os.sched_getaffinity(0))


def run(runs: Sequence[Run], at_once: bool) -> int:
    """Returns 0 where all of them ran tests, and all of these passed."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tests-") as name, _sigterm_raises():
        (_all_at_once if at_once else _one_by_one)(runs, Path(name))
        counts = sum((each.counts() for each in runs), Counter())
        passed = all(each.passed() for each in runs)
    told = ", ".join(f"{counts[name]} {word}" for name, word in SAID.items())
    words = "all passed" if passed else "NOT all passed"
    say(f"{len(runs)} runs, {words}: {told} in {time.monotonic() - begun:.0f} s.")
    return 0 if passed else 1


def _all_at_once(runs: Sequence[Run], papers: Path) -> None:
    first, *others = runs
    with ExitStack() as stack:
        for each in others:
            log = papers / f"{each.name}.log"
            stack.callback(_show, log)
            stack.enter_context(each.started(papers, stack.enter_context(log.open("wb"))))
            say(f"What {each.name} says follows at the end; so far it is in {log}.")
        stack.enter_context(first.started(papers))
        for each in runs:
            each.wait()


def _one_by_one(runs: Sequence[Run], papers: Path) -> None:
    for each in runs:
        with each.started(papers):
            each.wait()


def _show(log: Path) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(log.read_bytes())
    sys.stdout.flush()


def _hear_interrupts() -> None:
    """Shells let what they start in the background ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def _sigterm_raises() -> Iterator[None]:
    """SIGTERM ends us as Ctrl-C does: what was begun is cleaned up."""

    def end(_number, _frame):
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
