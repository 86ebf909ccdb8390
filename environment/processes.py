"""Programs in the background: started, remembered in a pid file, stopped by pid and never by name.

A pid is used again by other programs sooner or later. A pid file therefore also keeps the moment at
which its process started, and only a process with both is ours.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from .trouble import Trouble

STOP_TIMEOUT = 15  # seconds before a process that ignores SIGTERM is killed


class Background:
    """A program of this checkout, known by the name of its pid file and its log."""

    def __init__(self, name: str, folder: Path):
        self.name = name
        self.pid_file = folder / f"{name}.pid"
        self.log = folder / f"{name}.log"

    def pid(self) -> int | None:
        """The running process, or nothing."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            pid, started = self.pid_file.read_text().split()
            if started == start_time(int(pid)):
                return int(pid)
        return None

    def start(
        self, command: Sequence[str | Path], environment: Mapping[str, str], **options
    ) -> None:
        """Start it in a session of its own: it survives the terminal, and writes to its log."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **environment},
                start_new_session=True,
                **options,
            )
        self.pid_file.write_text(f"{process.pid} {start_time(process.pid)}\n")

    def stop(self) -> bool:
        """Returns whether it was running."""
        pid = self.pid()
        if pid:
            stop(pid)
        self.pid_file.unlink(missing_ok=True)
        return pid is not None

    def wait_for(self, is_ready, seconds: float) -> None:
        """:raises Trouble: it ended, or is not ready in time; names its log."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if not self.pid():
                raise Trouble(
                    f"{self.name} ended at once. Its log: {self.log}\n{self._last_lines()}"
                )
            if time.monotonic() > deadline:
                raise Trouble(
                    f"{self.name} does not answer after {seconds:.0f} s. Its log: {self.log}"
                )
            time.sleep(0.1)

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])


def stop(pid: int) -> None:
    """Ask a process to end, wait, and kill it if it does not."""
    started = start_time(pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT
        while started and start_time(pid) == started:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)


def kill_with_children(pid: int) -> None:
    """End a process and those it started at once; the parent first, or it would start others."""
    children = [child for child in _pids() if _stat(child)[1:2] == [str(pid)]]
    for victim in (pid, *children):
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)


def kill_where(variable: str, value: str) -> None:
    """End the processes that were started with this in their environment."""
    wanted = f"{variable}={value}".encode()
    for pid in _pids():
        with contextlib.suppress(OSError):
            if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                os.kill(pid, signal.SIGKILL)


def start_time(pid: int) -> str:
    """When that process started, in ticks since boot; empty if it is gone or a zombie."""
    fields = _stat(pid)
    return "" if not fields or fields[0] in "ZX" else fields[19]


def command_line(pid: int) -> str:
    """Program and arguments of that process, separated by spaces; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _stat(pid: int) -> list[str]:
    """The kernel's fields on that process from the third on: state, parent, …; or none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    # The second field is the program's name in brackets and may itself hold spaces and brackets.
    return stat.rpartition(")")[2].split()
