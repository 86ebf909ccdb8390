"""The benchmarks run, both sides do the same, and their last line is the one that others read."""

import os
import re
import subprocess
import sys

from environment import places


def last_line(benchmark, *words):
    """What it closes with; all that it said, where it fails."""
    result = subprocess.run(
        [sys.executable, "-m", benchmark, *words],
        cwd=places.CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(places.CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.splitlines()[-1]


def test_both_sides_do_the_same_and_the_ratios_come_last():
    words = ["--mails", "3", "--pairs", "1", "--existing", "0", "--workloads", "reply", "task"]
    line = last_line("benchmarks.run", *words)
    assert re.fullmatch(r"ratio_reply=[\d.]+ ratio_task=[\d.]+", line)


def test_mail_is_on_screen_soon_and_the_figure_comes_last():
    words = ["--mails", "6", "--mailboxes", "3", "--seconds", "3"]
    line = last_line("benchmarks.watching", *words)
    figure = re.fullmatch(r"visible_p95_s=([\d.]+)", line)
    # of a busy computer; without the watcher it would be minutes
    assert float(figure[1]) < 20
