"""What a side has used: time on the clock, CPU, memory; its helpers included, if it has any."""

import os
import resource
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PEAK = "VmHWM"
NOW = "VmRSS"


class Times:
    """Seconds since it was made: on the clock, of CPU in Python, of CPU in PostgreSQL."""

    def __init__(self, cr):
        self.cr = cr
        self.python = _python_seconds()
        self.database = _database_seconds(cr)
        self.clock = time.perf_counter()

    def read(self) -> dict[str, float]:
        return {
            "seconds": time.perf_counter() - self.clock,
            "python": _python_seconds() - self.python,
            "database": _database_seconds(self.cr) - self.database,
        }


class Memory:
    """Bytes that this process has held, at most, beyond what it held when this was made."""

    def __init__(self):
        # the kernel forgets the peak so far, which was that of loading Odoo
        Path("/proc/self/clear_refs").write_text("5")
        self.idle = _memory(os.getpid(), NOW)
        self.ended = _largest_ended_child()

    def read(self) -> dict[str, int]:
        ended = _largest_ended_child()
        children = [_memory(pid, PEAK) for pid in _children()]
        helpers = max(sum(children), ended if ended > self.ended else 0)
        return {"idle": self.idle, "peak": _memory(os.getpid(), PEAK) + helpers - self.idle}


def _largest_ended_child() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def _memory(pid: int, line: str) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = [words for words in map(str.split, status.splitlines()) if words[0] == f"{line}:"]
    return int(found[0][1]) * 1024 if found else 0


def _children() -> list[int]:
    """Children of all threads of this process, and theirs."""
    found, waiting = [], [os.getpid()]
    while waiting:
        for path in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            pids = [int(word) for word in path.read_text().split()]
            found += pids
            waiting += pids
    return found


def _python_seconds() -> float:
    used = os.times()
    ended = used.user + used.system + used.children_user + used.children_system
    return ended + sum(_process_seconds(pid) for pid in _children())


def _database_seconds(cr) -> float:
    """CPU of PostgreSQL's processes for this database, as far as they are still there."""
    cr.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    return sum(_process_seconds(pid) for (pid,) in cr.fetchall())


def _process_seconds(pid: int) -> float:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(words[11]) + int(words[12])) / TICKS
