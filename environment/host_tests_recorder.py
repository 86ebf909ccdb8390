"""Odoo's server, which runs tests and writes down how each of them ended.

Run in the virtual environment, with the file for the outcomes and the add-ons whose tests may run
before the server's own words:
``python -m environment.host_tests_recorder OUTCOMES mail,crm server -c … --test-tags …``.

A line of JSON for each test: ``{"test": …, "outcome": "passed", "failed" or "skipped", "why": …}``;
the last line is ``{"finished": true}``, without which Odoo came to an early end.
"""

import json
import sys
from pathlib import Path
from unittest import mock

from odoo.cli import main as odoo_main
from odoo.service import server
from odoo.tests import loader
from odoo.tests.result import OdooTestResult

POSITIONS = ("at_install", "post_install")


class Recorder(OdooTestResult):
    """What the host's own class does, and the outcome of each test in a file."""

    file: Path
    modules: list[str]

    def startTest(self, test):
        super().startTest(test)
        self._outcome, self._why = "passed", []

    def stopTest(self, test):
        super().stopTest(test)
        self._write(test.id(), self._outcome, "\n".join(self._why))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._note(test, "skipped", reason)

    def logError(self, flavour, test, error):
        super().logError(flavour, test, error)
        self._note(test, "failed", f"{test}\n{self._exc_info_to_string(error, test)}")

    def _note(self, test, outcome, why):
        """A class that cannot be set up has no test running; its own id takes the outcome."""
        if not hasattr(test, "_testMethodName") and not hasattr(test, "test_case"):
            self._write(test.id(), outcome, why)
            return
        self._outcome = outcome
        self._why.append(why)

    def _write(self, test, outcome, why):
        line = json.dumps({"test": test, "outcome": outcome, "why": why})
        with self.file.open("a") as file:
            file.write(line + "\n")


def make_suite(module_names, position, _make_suite=loader.make_suite):
    """All tests at the end, those too that the host runs after loading only their own add-on.

    Ours would not be there yet.
    """
    if position != "post_install":
        return loader.OdooSuite()
    names = [name for name in module_names if name in Recorder.modules]
    tests = [test for each in POSITIONS for test in _make_suite(names, each)]
    return loader.OdooSuite(tests)


def run() -> None:
    Recorder.file = Path(sys.argv.pop(1))
    Recorder.modules = sys.argv.pop(1).split(",")
    Recorder.file.write_text("")
    patches = {"OdooTestResult": Recorder, "make_suite": make_suite}
    with (
        mock.patch.multiple(loader, **patches),
        mock.patch.object(
            server, "preload_registries", _preload_then_finish(server.preload_registries)
        ),
    ):
        odoo_main()


def _preload_then_finish(preload_registries):
    """The registry is loaded, and its tests are run, by this one function."""

    def preload(names):
        result = preload_registries(names)
        if result >= 0:  # else it could not be loaded
            with Recorder.file.open("a") as file:
                file.write(json.dumps({"finished": True}) + "\n")
        return result

    return preload


if __name__ == "__main__":
    run()
