"""Background programs are stopped by pid, and only if the pid is still theirs."""

import os
import sys

import pytest

from environment.processes import Background, start_time
from environment.trouble import Trouble

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def background(tmp_path):
    program = Background("sleeper", tmp_path)
    yield program
    program.stop()


def test_a_program_is_found_again_and_stopped(background, tmp_path):
    background.start(SLEEP, {})
    again = Background("sleeper", tmp_path)
    pid = again.pid()
    assert start_time(pid)
    assert again.stop()
    assert not start_time(pid)
    assert not again.stop()


def test_a_pid_that_now_belongs_to_another_program_is_left_alone(background):
    background.pid_file.write_text(f"{os.getpid()} 1\n")
    assert background.pid() is None
    assert not background.stop()


def test_a_program_that_fails_shows_its_log(background):
    background.start([sys.executable, "-c", "raise SystemExit('no such thing')"], {})
    with pytest.raises(Trouble, match="no such thing"):
        background.wait_for(lambda: False, seconds=10)
