"""Two set-ups at the same time: the second waits, then finds everything done."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .trouble import say


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on that file; the kernel releases it even if the process is killed."""
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Another set-up is at work; waiting for it ({path}).")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
