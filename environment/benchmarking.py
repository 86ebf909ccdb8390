"""The verbs ``bench`` and those that begin with it: scripts of ``benchmarks/`` in the virtual
environment, told where things are.
"""

import os
import shlex
import subprocess

from . import databases, places, postgres, setting_up, testing, virtualenv
from .trouble import Trouble

FOLDER = places.CHECKOUT / "benchmarks"


def bench() -> int:
    """Returns the script's exit code. ``ARGS`` in the environment holds words for it."""
    return _run("run.py")


def bench_rules() -> int:
    """The same."""
    return _run("rules.py")


def bench_templates() -> int:
    """The same."""
    return _run("templates.py")


def bench_watch() -> int:
    """The same."""
    return _run("watching.py")


def bench_ui() -> int:
    """The same."""
    return _run("ui.py")


def _run(name: str) -> int:
    script = FOLDER / name
    if not script.exists():
        raise Trouble(f"This checkout has no benchmarks/{name}.")
    setting_up.set_up()
    postgres.ensure()
    with databases.copied("bench") as database:
        settings = testing.variables(database)
        words = shlex.split(os.environ.get("ARGS", ""))
        command = [str(virtualenv.python()), str(script), *words]
        environment = {**os.environ, **settings}
        try:
            return subprocess.run(
                command, cwd=places.CHECKOUT, env=environment, check=False
            ).returncode
        finally:
            os.unlink(settings["MAIL_IMPORT_CONFIG"])
