"""Our importer beside the host's own: ``make bench``, with ``ARGS="--mails 500 --pairs 3"``.

Three workloads, each with the same mails on the same IMAP server, both sides in a process and a
fresh database of their own:

======== =============================================== ===========================
workload the host                                        ours
======== =============================================== ===========================
file     posts all into one record, through an alias     stores them in the mailbox
create   makes a lead of each                            makes a lead of each
reply    posts each in the lead of the mail it answers   the same
======== =============================================== ===========================

The clock runs while mail is fetched, not while Odoo starts or is set up. The last line gives the
host's time divided by ours, the line before it the same of CPU, Python's and PostgreSQL's together.
Sides that stored, made or posted different numbers void the ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from benchmarks import mails
from environment import databases, odoo_server, places
from environment.dovecot import Dovecot

WORKLOADS = ("file", "create", "reply")
SIDES = ("host", "ours")
PASSWORD = "secret"
WARMING = 5
"""Mails that come before the clock starts, so that it does not measure first imports."""


def main() -> int:
    options = _options()
    moment = datetime.now(timezone.utc).replace(microsecond=0)
    ratios, processors, sound = {}, {}, True
    with Dovecot() as dovecot:
        for workload in options.workloads:
            pairs = [
                _pair(dovecot, workload, number, moment, options) for number in range(options.pairs)
            ]
            ratios[workload] = statistics.median(_ratio(pair, _clock) for pair in pairs)
            processors[workload] = statistics.median(_ratio(pair, _processor) for pair in pairs)
            for pair in pairs:
                sound &= _is_sound(workload, options.mails, pair)
    # first what does not change with whatever else this computer is busy with
    print(_summary("cpu", processors, sound))
    print(_summary("ratio", ratios, sound))
    return 0 if sound else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=500, help="measured mails a workload")
    parser.add_argument(
        "--pairs", type=int, default=1, help="runs of both sides; the median counts"
    )
    parser.add_argument(
        "--workloads", nargs="+", choices=WORKLOADS, default=WORKLOADS, help="all by default"
    )
    parser.add_argument("--profile", type=Path, help="folder for a cProfile of each side")
    return parser.parse_args()


def _pair(dovecot, workload, number, moment, options) -> dict[str, dict]:
    """Both sides once; who begins alternates."""
    order = SIDES if number % 2 == 0 else SIDES[::-1]
    pair = {}
    for side in order:
        pair[side] = _measure(dovecot, workload, side, f"{side}{number}", moment, options)
        print(_line(workload, side, options.mails, pair[side]), flush=True)
    return pair


def _measure(dovecot, workload, side, name, moment, options) -> dict:
    count = options.mails
    first = mails.questions(count + WARMING, moment)
    beforehand = [("warming", first[count:])]
    measured = first[:count]
    if workload == "reply":
        beforehand = [
            ("questions", first),
            ("warming", mails.answers(count + WARMING, moment)[count:]),
        ]
        measured = mails.answers(count, moment)
    task = {
        "side": side,
        "workload": workload,
        "host": dovecot.host,
        "port": dovecot.imap_port,
        "password": PASSWORD,
        "beforehand": [
            (_deliver(dovecot, f"{workload}-{name}-{word}@company.example", some), len(some))
            for word, some in beforehand
        ],
        "login": _deliver(dovecot, f"{workload}-{name}@company.example", measured),
        "count": count,
    }
    if options.profile:
        options.profile.mkdir(parents=True, exist_ok=True)
        task["profile"] = str((options.profile / f"{workload}-{side}.prof").absolute())
    with _database(side) as database:
        return _run(database, task)


def _deliver(dovecot, login, contents) -> str:
    dovecot.add_user(login, PASSWORD)
    for content in contents:
        dovecot.deliver(login, content)
    return login


@contextmanager
def _database(side: str):
    """A fresh database; the host's has never seen our add-on."""
    make = databases.copied if side == "ours" else databases.copied_host
    with make(f"bench_{side}") as database:
        yield database


def _run(database: str, task: dict) -> dict:
    config = odoo_server.configuration(
        database, db_name=database, http_port=places.free_port(), max_cron_threads=0
    )
    task |= {"database": database, "config": str(config)}
    try:
        result = subprocess.run(
            [sys.executable, "-m", "benchmarks.side"],
            cwd=places.CHECKOUT,
            input=json.dumps(task),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    finally:
        os.unlink(config)
    return json.loads(result.stdout.splitlines()[-1])


def _line(workload: str, side: str, count: int, result: dict) -> str:
    each = 1000 / count
    return (
        f"{workload:6} {side}: {result['mails']} mails stored, {result['records']} records and "
        f"{result['messages']} messages made in {result['threads']} new threads, "
        f"{result['sent']} mails sent: {result['seconds']:.2f} s; a mail "
        f"{result['seconds'] * each:.1f} ms, of CPU {result['python'] * each:.1f} ms in Python and "
        f"{result['database'] * each:.1f} ms in PostgreSQL"
    )


def _summary(title: str, ratios: dict[str, float], sound: bool) -> str:
    return " ".join(
        f"{title}_{workload}={f'{ratio:.2f}' if sound else 'void'}"
        for workload, ratio in ratios.items()
    )


def _ratio(pair: dict[str, dict], measure: Callable[[dict], float]) -> float:
    return measure(pair["host"]) / measure(pair["ours"])


def _clock(result: dict) -> float:
    return result["seconds"]


def _processor(result: dict) -> float:
    return result["python"] + result["database"]


def _is_sound(workload: str, count: int, pair: dict[str, dict]) -> bool:
    """Both sides stored all mails, and made the same records and messages of them."""
    records = count if workload == "create" else 0
    sound = True
    for side, result in pair.items():
        # who only files with us has no message; the host knows no other place for a mail
        messages = 0 if (workload, side) == ("file", "ours") else count
        if (result["mails"], result["records"], result["messages"]) != (count, records, messages):
            print(f"{workload}: {side} did not do what it should: {result}")
            sound = False
        if result["sent"]:
            print(f"{workload}: {side} has written mails of its own")
            sound = False
    return sound


if __name__ == "__main__":
    sys.exit(main())
