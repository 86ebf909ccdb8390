"""The benchmark runs, both sides do the same, and its last line is the one that others read."""

import os
import re
import subprocess
import sys

from environment import places


def test_both_sides_do_the_same_and_the_ratios_come_last():
    words = ["--mails", "3", "--pairs", "1", "--existing", "0", "--workloads", "reply", "task"]
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", *words],
        cwd=places.CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(places.CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.fullmatch(r"ratio_reply=[\d.]+ ratio_task=[\d.]+", result.stdout.splitlines()[-1])


def test_mail_is_on_screen_soon_and_the_figure_comes_last():
    words = ["--mails", "6", "--mailboxes", "3", "--seconds", "3"]
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.watching", *words],
        cwd=places.CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(places.CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    figure = re.fullmatch(r"visible_p95_s=([\d.]+)", result.stdout.splitlines()[-1])
    # of a busy computer; without the watcher it would be minutes
    assert float(figure[1]) < 20
