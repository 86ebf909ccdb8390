"""The verb ``bench``: ``benchmarks/run.py`` in the virtual environment, told where things are."""

import os
import shlex
import subprocess

from . import databases, places, postgres, setting_up, testing, virtualenv
from .trouble import Trouble

SCRIPT = places.CHECKOUT / "benchmarks" / "run.py"


def bench() -> int:
    """Returns the script's exit code. ``ARGS`` in the environment holds words for it."""
    if not SCRIPT.exists():
        raise Trouble("This checkout has no benchmarks/run.py.")
    setting_up.set_up()
    postgres.ensure()
    with databases.copied("bench") as database:
        settings = testing.variables(database)
        words = shlex.split(os.environ.get("ARGS", ""))
        command = [str(virtualenv.python()), str(SCRIPT), *words]
        environment = {**os.environ, **settings}
        try:
            return subprocess.run(
                command, cwd=places.CHECKOUT, env=environment, check=False
            ).returncode
        finally:
            os.unlink(settings["MAIL_IMPORT_CONFIG"])
