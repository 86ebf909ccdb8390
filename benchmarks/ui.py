"""The screens of daily work at 200,000 e-mails and at 2,000: ``make bench-ui``.

An Odoo of its own answers, over HTTP and JSON-RPC, what the web client asks when somebody opens the
inbox (its rows, their number, the folders and mailboxes beside it), an e-mail, the *E-mails* of an
account to which every tenth mail belongs, and moves 1,000 e-mails. Fields are those of the views.
Time and number of queries are the server's own word (its log), the median of the turns; the first
turn only warms up. The last line: milliseconds at the larger size, and the most queries there
divided by those at the smaller one.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from benchmarks.ui_client import Client
from environment import databases, odoo_server, places

QUICK = ["--sizes", "2000", "20000", "--turns", "3"]
SCREENS = ("inbox", "email", "history", "move")
LOGGED = re.compile(r'"POST (/web/dataset/\S+) HTTP/[\d.]+" (\d+) - (\d+) ([\d.]+) ([\d.]+)')
"""The host's log: address, status, queries, seconds in PostgreSQL, seconds in Python."""
START_SECONDS = 120


def main() -> int:
    options = _options()
    figures = {size: _measured(size, options.turns) for size in sorted(options.sizes)}
    small, large = min(figures), max(figures)
    print(f"{'':24}" + "".join(f"{size:>12,} e-mails" for size in figures))
    for screen in SCREENS:
        cells = (f"{f[screen][0]:9.0f} ms {f[screen][1]:4} q" for f in figures.values())
        print(f"{screen:24}" + "    ".join(cells))
    growth = max(figures[large][name][1] / figures[small][name][1] for name in SCREENS)
    times = " ".join(f"{screen}_ms={figures[large][screen][0]:.0f}" for screen in SCREENS)
    print(f"{times} query_growth={growth:.2f}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", nargs=2, type=int, default=[2_000, 200_000])
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help=f"the same as {' '.join(QUICK)}")
    words = sys.argv[1:]
    return parser.parse_args([*QUICK, *words] if "--quick" in words else words)


def _measured(size: int, turns: int) -> dict:
    """``{screen: (milliseconds, queries)}``"""
    with databases.copied("bench_ui") as database:
        config = odoo_server.configuration(
            database, db_name=database, http_port=places.free_port(), max_cron_threads=0
        )
        try:
            _fill(database, config, size)
            with _server(config) as (url, log):
                screens = Client(url, database)
                return {name: _median(screens, name, log, turns) for name in SCREENS}
        finally:
            os.unlink(config)


def _fill(database: str, config: Path, size: int) -> None:
    begun = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "benchmarks.ui_filling"],
        cwd=places.CHECKOUT,
        input=json.dumps({"database": database, "config": str(config), "emails": size}),
        text=True,
        check=True,
    )
    print(f"{size:,} e-mails were made in {time.monotonic() - begun:.0f} s", flush=True)


@contextmanager
def _server(config: Path):
    """``(address, its log)``"""
    port = re.search(r"^http_port = (\d+)", config.read_text(), re.M)[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.NamedTemporaryFile("w+", suffix=".bench_ui.log") as log:
        process = subprocess.Popen(
            odoo_server.command(config, "server"),
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=places.CHECKOUT,
        )
        try:
            Client.wait_for(url, START_SECONDS, process)
            yield url, Path(log.name)
        finally:
            process.terminate()
            process.wait(30)


def _median(screens: Client, name: str, log: Path, turns: int) -> tuple[float, int]:
    """The first turn warms up: what the host keeps in memory is asked once."""
    milliseconds, queries = [], []
    for _turn in range(turns + 1):
        before = log.stat().st_size
        expected = getattr(screens, name)()
        answers = _answers(log, before, expected)
        queries.append(sum(int(answer[2]) for answer in answers))
        milliseconds.append(1000 * sum(float(answer[3]) + float(answer[4]) for answer in answers))
    return statistics.median(milliseconds[1:]), int(statistics.median(queries[1:]))


def _answers(log: Path, before: int, expected: int) -> list[tuple]:
    """What the log says of so many requests; it is written a moment after the answer."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with log.open() as file:
            file.seek(before)
            found = LOGGED.findall(file.read())
        if len(found) >= expected:
            return found
        time.sleep(0.02)
    raise RuntimeError(f"The log names {len(found)} of {expected} requests")


if __name__ == "__main__":
    sys.exit(main())
