"""The verb ``test-host``: Odoo's own tests on a database without our add-ons and on one with them.

What passes without them has to pass with them. Both databases hold the same add-ons otherwise, and
no demo data. The outcomes without ours are kept, for as long as Odoo and the add-ons around ours
stay the same; both runs go on at the same time when they are not there.
"""

import hashlib
import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from . import addons, databases, odoo_server, odoo_source, places, postgres, setting_up, virtualenv
from .trouble import Trouble, say

# Add-ons that hold nothing but tests; they bring what those need.
TEST_ADDONS = ("test_mail", "test_mass_mailing", "test_crm_full")

# Whose tests are run: browser tours and counts of queries included.
TESTED = ("mail", "mass_mailing", "crm", "project", *TEST_ADDONS)


class Outcome(NamedTuple):
    """How a test ended: ``passed``, ``failed``, ``skipped``, or ``missing``; and why."""

    state: str
    why: str = ""


Outcomes = dict[str, Outcome]
MISSING = Outcome("missing")


def test() -> int:
    """Returns 1 if a test differs. ``ARGS`` may hold tags of tests (``/crm:TestLead``) instead."""
    setting_up.set_up()
    postgres.ensure()
    tags = shlex.split(os.environ.get("ARGS", "")) or [f"/{name}" for name in TESTED]
    without, with_ours = _outcomes(",".join(tags))
    found = differences(without, with_ours)
    if found:
        again_without, again_with = _once_more(found)
        found = differences(without | again_without, with_ours | again_with)
    for name, outcome in found.items():
        print(f"\n{name}: passed without ours, {outcome.state} with them\n{outcome.why}")
    print(
        f"host tests: {_passed(without)} passed without, {_passed(with_ours)} passed with, "
        f"{len(found)} differences"
    )
    return 1 if found else 0


def _once_more(found: Outcomes) -> tuple[Outcomes, Outcomes]:
    """Alone, on fresh databases, and without ours at the same moment.

    A browser's steps have ten seconds each, and fail on a busy computer with ours or without.
    """
    tags = ",".join(tag(name) for name in found if not name.endswith(")"))
    if not tags:
        return {}, {}
    print("Once more:", *tags.split(","), sep="\n  ")
    return _both(tags, places.state() / "host_tests" / "again.jsonl")


def tag(name: str) -> str:
    """``odoo.addons.crm.tests.test_it.TestIt.test_one`` as ``--test-tags`` wants it."""
    words = name.split(".")
    return f"/{words[2]}:{words[-2]}.{words[-1]}"


def differences(without: Outcomes, with_ours: Outcomes) -> Outcomes:
    """What passed without ours and did not with them, and how it ended there.

    A class that could not be set up, or cleaned up, has an outcome of its own when it failed.
    """
    found = {
        name: with_ours.get(name, MISSING)
        for name, outcome in without.items()
        if outcome.state == "passed" and with_ours.get(name, MISSING).state != "passed"
    }
    classes = {
        name: outcome
        for name, outcome in with_ours.items()
        if outcome.state == "failed" and name not in without
    }
    return {**classes, **found}


def _passed(outcomes: Outcomes) -> int:
    return sum(outcome.state == "passed" for outcome in outcomes.values())


def _outcomes(tags: str) -> tuple[Outcomes, Outcomes]:
    kept = places.state() / "host_tests" / f"{_key(tags)}.jsonl"
    kept.parent.mkdir(exist_ok=True)
    if kept.exists() and not os.environ.get("FRESH"):
        result = kept.with_name("with.jsonl")
        with _running("with", addons.ours(), tags, result):
            pass
        return read(kept), read(result)
    new = kept.with_suffix(".new")
    outcomes = _both(tags, new)
    new.rename(kept)
    return outcomes


def _both(tags: str, result: Path) -> tuple[Outcomes, Outcomes]:
    """The outcomes of both databases, at the same time; ``result`` receives those without ours."""
    result_with = result.with_name(f"{result.stem}_with.jsonl")
    with (
        _running(f"without_{result.stem}", [], tags, result),
        _running(f"with_{result.stem}", addons.ours(), tags, result_with),
    ):
        pass
    return read(result), read(result_with)


@contextmanager
def _running(kind: str, modules: list[str], tags: str, result: Path) -> Iterator[None]:
    """Start the tests of one database; wait for them at the end, and drop it."""
    with databases.copied_host_with(TEST_ADDONS, f"host_tests_{kind}") as database:
        if modules:
            databases.install(database, modules)
        config = odoo_server.configuration(
            database, db_name=database, http_port=places.free_port(), max_cron_threads=0
        )
        log = places.logs() / f"host_tests_{kind}.log"
        say(f"Running the host's tests {kind} our add-ons; log: {log}")
        with log.open("wb") as output:
            process = subprocess.Popen(
                command(config, tags, result),
                cwd=places.state(),
                stdout=output,
                stderr=output,
                env={**os.environ, "PYTHONPATH": str(places.CHECKOUT)},
            )
        try:
            yield
            process.wait()
        finally:
            process.kill()
            process.wait()
            config.unlink()


def command(config: Path, tags: str, result: Path) -> list[str]:
    words = ["-m", "environment.host_tests_recorder", result, ",".join(TESTED)]
    words += ["server", "-c", config, "--test-tags", tags, "--stop-after-init", "--log-level=info"]
    return [str(word) for word in (virtualenv.python(), *words)]


def read(file: Path) -> Outcomes:
    """A test that ran twice passed if it passed each time.

    :raises Trouble: Odoo came to an early end
    """
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    if not lines or "finished" not in lines.pop():
        raise Trouble(f"Odoo stopped before its tests were done ({len(lines)} are in {file}).")
    found = {}
    for line in lines:
        if line["outcome"] != "passed" or line["test"] not in found:
            found[line["test"]] = Outcome(line["outcome"], line["why"])
    return found


def _key(tags: str) -> str:
    """Changes with the host, and with the choice of tests."""
    around = (virtualenv.path().name, *addons.HOST, *TEST_ADDONS)
    return hashlib.sha256(" ".join((*around, _digest(), tags)).encode()).hexdigest()[:12]


def _digest() -> str:
    """Of the tests and of what they test. ``ODOO_SOURCE`` may be a clone that moves on."""
    result = hashlib.sha256()
    for folder in _folders():
        for file in sorted(folder.rglob("*.py")):
            result.update(file.read_bytes())
    return result.hexdigest()


def _folders() -> Iterator[Path]:
    roots = [odoo_source.path() / "odoo" / "addons", *odoo_source.addons_paths()]
    for root in roots:
        yield from (root / name for name in TESTED if (root / name).is_dir())
