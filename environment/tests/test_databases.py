"""A copied database is a real one with our add-ons, and leaves nothing behind."""

import os
import subprocess
import sys

from environment import addons, databases, odoo_server, places, postgres

INSTALLED = "SELECT name FROM ir_module_module WHERE state = 'installed'"


def test_a_copy_has_the_add_ons_and_goes_away():
    with databases.copied("environment") as name:
        installed = postgres.query(INSTALLED, name).split()
        assert {*addons.HOST, *addons.ours()} <= set(installed)
        assert (odoo_server.data_folder() / "filestore" / name).is_dir()
    assert name not in postgres.databases()
    assert not (odoo_server.data_folder() / "filestore" / name).exists()


def test_what_a_killed_process_has_copied_goes_away():
    """And nobody else's."""
    script = (
        "import os, signal; from environment.databases import copied\n"
        "with copied('killed') as name:\n"
        "    print(name, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(places.CHECKOUT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    name = killed.communicate()[0].split()[-1]
    with databases.copied("other") as other:
        assert name in postgres.databases()
        databases.drop_of(killed.pid)
        assert name not in postgres.databases()
        assert other in postgres.databases()
