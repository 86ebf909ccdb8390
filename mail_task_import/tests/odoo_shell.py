"""A script in an ``odoo shell`` of its own, which commits to a real database."""

import os
import subprocess

SECONDS = 300


def run(database, script):
    """The script prints "importer: done" at its end; whoever does not get there shows its log."""
    command = [
        os.environ["MAIL_IMPORT_PYTHON"], "-m", "odoo", "shell",
        "-c", os.environ["MAIL_IMPORT_CONFIG"], "-d", database, "--no-http",
    ]  # fmt: skip
    done = subprocess.run(
        command,
        input=script,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    log = done.stdout.splitlines()
    if not any("importer: done" in line for line in log):
        raise AssertionError("\n".join(log[-40:]))
