"""Running other programs and waiting for them. Background programs are in ``processes``."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .trouble import Trouble


def find(name: str, package: str = "") -> str:
    """Full path of a program. ``sbin`` is searched too: users rarely have it on their PATH."""
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
    found = shutil.which(name, path=path)
    if not found:
        raise Trouble(f"The program {name!r} is missing. Install the package {package or name!r}.")
    return found


def run(command: Sequence[str | Path], doing: str, **options) -> str:
    """Run to the end and return what was printed.

    :param doing: what this is for, in words that complete "failed: …"; the program's own last lines
        are added, because they are what helps.
    :raises Trouble: the program ended with an error.
    """
    with tempfile.TemporaryFile() as output:
        # A file and no pipe: a server that goes into the background keeps its output open for good.
        result = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **options,
        )
        output.seek(0)
        text = output.read().decode(errors="replace")
    if result.returncode:
        tail = "\n".join(text.strip().splitlines()[-15:])
        raise Trouble(f"{doing} failed ({Path(command[0]).name}):\n{tail}")
    return text
