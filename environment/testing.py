"""The verb ``test``: pytest inside Odoo, on a database of its own, with all around it real.

All tests are run by two processes at once, each with a database, ports and servers of its own;
those that ``ARGS`` chooses by one.
"""

import os
import re
import shlex
import subprocess
from contextlib import ExitStack

from . import (
    addons,
    databases,
    odoo_server,
    places,
    postgres,
    processes,
    setting_up,
    side_by_side,
    virtualenv,
)
from .halves import halves
from .trouble import say

FOLDERS = (*addons.OURS, "environment")
REPORTING = re.compile(r"-[qv]+|-r\w+|--(durations|durations-min|tb|color)=\S+")
"""Words for pytest that change what it tells, and neither what it runs nor how far."""


def test() -> int:
    """Returns 0 where all passed. ``ARGS`` in the environment holds more words for pytest."""
    setting_up.set_up()
    postgres.ensure()
    words = shlex.split(os.environ.get("ARGS", ""))
    if are_all(words):
        return _all(words)
    with databases.copied("test") as database:
        _say_what_is_tested(database)
        return pytest(database, words)


def are_all(words: list[str]) -> bool:
    """Whether pytest, told these, runs all tests and runs them to the end."""
    return all(REPORTING.fullmatch(word) for word in words)


def _all(words: list[str]) -> int:
    with ExitStack() as stack:
        runs = []
        for name, files in zip(("first", "second"), halves(places.CHECKOUT, FOLDERS), strict=True):
            database = stack.enter_context(databases.copied("test"))
            settings = variables(database)
            stack.callback(os.unlink, settings["MAIL_IMPORT_CONFIG"])
            told = [*side_by_side.PLUGINS, *(words or ["-q"]), *files]
            runs.append(side_by_side.Run(name, command(settings, told), settings, places.CHECKOUT))
        _say_what_is_tested(*(run.environment["MAIL_IMPORT_DATABASE"] for run in runs))
        stack.callback(_clean_up, runs)
        return side_by_side.run(runs, at_once=side_by_side.cores() > 1)


def _clean_up(runs: list[side_by_side.Run]) -> None:
    """What tests that were interrupted have left."""
    for run in runs:
        processes.kill_where("MAIL_IMPORT_DATABASE", run.environment["MAIL_IMPORT_DATABASE"])
        databases.drop_of(run.pid)


def _say_what_is_tested(*names: str) -> None:
    what = ", ".join(addons.ours()) or "the environment"
    say(f"Testing {what} on {' and '.join(names)}.")


def variables(database: str) -> dict[str, str]:
    """What tests and benchmarks are told of this place.

    ``MAIL_IMPORT_CONFIG`` is an Odoo configuration for that database; with it and
    ``MAIL_IMPORT_PYTHON`` a test can run an Odoo of its own, kill it and look at what is left.
    """
    config = odoo_server.configuration(database, db_name=database, http_port=places.free_port())
    return {
        **postgres.connection(),
        "PYTHONPATH": str(places.CHECKOUT),
        "MAIL_IMPORT_CHECKOUT": str(places.CHECKOUT),
        "MAIL_IMPORT_CONFIG": str(config),
        "MAIL_IMPORT_DATABASE": database,
        "MAIL_IMPORT_PYTHON": str(virtualenv.python()),
    }


def pytest(database: str, words: list[str], more: dict[str, str] | None = None, **options) -> int:
    """Run pytest on a database.

    :param more: further variables for the tests
    :param options: where its output goes, as ``subprocess.run`` takes it
    """
    settings = {**variables(database), **(more or {})}
    words = [*(words or ["-q"])]
    if not any((places.CHECKOUT / word.split("::")[0]).exists() for word in words):
        words += [
            f"{name}/tests" for name in FOLDERS if (places.CHECKOUT / name / "tests").is_dir()
        ]
    try:
        return subprocess.run(
            command(settings, words),
            cwd=places.CHECKOUT,
            env={**os.environ, **settings},
            check=False,
            **options,
        ).returncode
    finally:
        os.unlink(settings["MAIL_IMPORT_CONFIG"])


def command(settings: dict[str, str], words: list[str]) -> list[str]:
    """How pytest is called.

    :param settings: the ``variables`` that it is called with
    """
    odoo = ["--odoo-http", "--odoo-config", settings["MAIL_IMPORT_CONFIG"]]
    python = str(virtualenv.python())
    return [python, "-m", "pytest", "-p", "environment.no_skips", *odoo, *words]
