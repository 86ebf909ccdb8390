"""`make test` runs every test file once, in two processes, and is green only where both are."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from environment import places, processes, side_by_side, testing
from environment.halves import LONG, halves
from environment.side_by_side import Run

PYTEST = [sys.executable, "-m", "pytest", "-q", *side_by_side.PLUGINS]
ENVIRONMENT = {"PYTHONPATH": str(places.CHECKOUT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
PASSES = "def test_it(): pass\ndef test_other(): pass\n"
FAILS = "def test_it(): assert False, 'as it should'\n"
ENDLESS = """
import os, pathlib, time
def test_it():
    try:
        pathlib.Path(f"{__file__}.pid").write_text(str(os.getpid()))
        time.sleep(120)
    finally:
        pathlib.Path(f"{__file__}.cleaned").touch()
"""


def test_every_test_file_is_in_one_half():
    there = [
        str(path.relative_to(places.CHECKOUT))
        for path in places.CHECKOUT.rglob("test_*.py")
        if "tests" in path.parts
    ]
    first, second = halves(places.CHECKOUT, testing.FOLDERS)
    assert sorted([*first, *second]) == sorted(there)
    assert len(there) > 100


def test_what_is_listed_is_there():
    _first, second = halves(places.CHECKOUT, testing.FOLDERS)
    for beginning in LONG:
        assert any(name.startswith(beginning) for name in second), beginning


def test_a_new_file_is_in_a_half(tmp_path):
    for name in ("mail_task_import/tests/test_new.py", "mail_task_import/tests/more/test_new.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    assert len(halves(tmp_path, testing.FOLDERS)[0]) == 2


@pytest.mark.parametrize("words", [[], ["-q"], ["-qq", "-rA", "--durations=30"]])
def test_words_about_telling_choose_nothing(words):
    assert testing.are_all(words)


@pytest.mark.parametrize(
    "words",
    [
        ["-k", "reply"],
        ["-q", "environment/tests/test_processes.py"],
        ["-x"],
        ["--lf"],
        ["--pdb"],
        ["-q", "mail_task_import/tests/test_a.py::TestA::test_it"],
    ],
)
def test_words_that_choose_are_for_one_process(words):
    assert not testing.are_all(words)


def runs(folder: Path, **contents: str) -> list[Run]:
    found = []
    for name, content in contents.items():
        file = folder / name / "test_it.py"
        file.parent.mkdir()
        file.write_text(content)
        command = [*PYTEST, "--rootdir", str(folder), str(file)]
        found.append(Run(name, command, ENVIRONMENT, folder))
    return found


@pytest.mark.parametrize("at_once", [True, False])
def test_both_are_told_whole_and_added_up(tmp_path, capfd, at_once):
    assert side_by_side.run(runs(tmp_path, one=PASSES, two=PASSES), at_once) == 0
    told = capfd.readouterr().out
    assert told.count("2 passed") == 2
    assert "all passed: 4 passed, 0 failed, 0 errors" in told.splitlines()[-1]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("contents", [(PASSES, FAILS), (FAILS, PASSES)])
def test_one_that_fails_is_enough(tmp_path, capfd, at_once, contents):
    both = dict(zip(("one", "two"), contents, strict=True))
    assert side_by_side.run(runs(tmp_path, **both), at_once) != 0
    told = capfd.readouterr().out
    assert "as it should" in told
    assert "NOT all passed: 2 passed, 1 failed, 0 errors" in told.splitlines()[-1]


@pytest.mark.parametrize("content", ["", "import nothing_of_this_name", "import os; os._exit(0)"])
def test_none_that_ran_is_a_failure(tmp_path, content):
    assert side_by_side.run(runs(tmp_path, one=PASSES, two=content), at_once=True) != 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_is_ended_ends_both_and_lets_them_clean_up(tmp_path, number):
    both = runs(tmp_path, one=ENDLESS, two=ENDLESS)
    script = (
        "import pathlib, sys; from environment.side_by_side import Run, run; "
        "folder = pathlib.Path(sys.argv[1]); "
        f"run([Run(name, command, {ENVIRONMENT}, folder) for name, command in "
        f"{[(each.name, each.command) for each in both]}], True)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    process = subprocess.Popen(command, env={**os.environ, **ENVIRONMENT})
    noted = [tmp_path / name / "test_it.py.pid" for name in ("one", "two")]
    wait_for(lambda: all(note.exists() and note.read_text() for note in noted))
    process.send_signal(number)
    assert process.wait(60) != 0
    for note in noted:
        assert not processes.start_time(int(note.read_text()))
        assert note.with_suffix(".cleaned").exists()


def test_what_an_interrupted_test_has_left_is_found_by_its_environment():
    mark = f"{os.getpid()}.{time.monotonic_ns()}"
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    left = subprocess.Popen(sleep, env={**os.environ, "LEFT_BY": mark})
    other = subprocess.Popen(sleep, env={**os.environ, "LEFT_BY": f"{mark}0"})
    wait_for(lambda: "time.sleep" in processes.command_line(left.pid))
    processes.kill_where("LEFT_BY", mark)
    assert left.wait(60) == -signal.SIGKILL
    assert other.poll() is None
    other.kill()
    other.wait()


def wait_for(true, seconds=60):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
