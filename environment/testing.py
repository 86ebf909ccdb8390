"""The verb ``test``: pytest inside Odoo, on a database of its own, with all around it real."""

import os
import shlex
import subprocess

from . import addons, databases, odoo_server, places, postgres, setting_up, virtualenv
from .trouble import say

FOLDERS = ("mail_task_import", "mail_task_import_helpdesk", "mail_task_import_queue", "environment")


def test() -> int:
    """Returns pytest's exit code. ``ARGS`` in the environment holds more words for pytest."""
    setting_up.set_up()
    postgres.ensure()
    words = shlex.split(os.environ.get("ARGS", ""))
    with databases.copied("test") as database:
        say(f"Testing {', '.join(addons.ours()) or 'the environment'} on database {database}.")
        return pytest(database, words)


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
    config = settings["MAIL_IMPORT_CONFIG"]
    command = [str(virtualenv.python()), "-m", "pytest", "-p", "environment.no_skips"]
    command += ["--odoo-http", "--odoo-config", config, *(words or ["-q"])]
    if not any((places.CHECKOUT / word.split("::")[0]).exists() for word in words):
        command += [
            f"{name}/tests" for name in FOLDERS if (places.CHECKOUT / name / "tests").is_dir()
        ]
    try:
        result = subprocess.run(
            command, cwd=places.CHECKOUT, env={**os.environ, **settings}, check=False, **options
        )
        return result.returncode
    finally:
        os.unlink(config)
