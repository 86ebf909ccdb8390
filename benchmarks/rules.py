"""The import with 200 rules and 500 filters beside the import with none: ``make bench-rules``.

Two processes, each with a database of its own, fetch the same mails from the same IMAP server, in
short turns: one without, both with, one without. What slows this computer down for a while slows
both. The last line is the time with them divided by the time without, of the workload that they
slow down most; the lines before it hold each workload's, and the same of CPU, Python's and
PostgreSQL's together. Sides that stored or made different numbers, and rules and filters of which
none matched, void it.

======== ======================================================= ===============================
workload without                                                 with
======== ======================================================= ===============================
file     strangers' mail is stored in the mailbox                the same; some meet a rule that
                                                                makes nothing of strangers' mail
create   each mail makes a lead                                  some by a rule
reply    each mail is posted in the lead of the one it answers   the same
======== ======================================================= ===============================
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timezone
from pathlib import Path

from benchmarks import decisions, mails, workloads
from benchmarks.measuring import PASSWORD
from environment import databases, odoo_server, places
from environment.dovecot import Dovecot

WORKLOADS = ("file", "create", "reply")
SIDES = ("without", "with")
QUICK = ["--turns", "8", "--mails", "60"]
SAME = ("mails", "records", "messages", "notifications", "partners", "sent")
"""What both sides must have made the same number of."""


def main() -> int:
    options = _options()
    moment = datetime.now(timezone.utc).replace(microsecond=0)
    ratios, sound = {}, True
    with Dovecot() as dovecot:
        for workload in options.workloads:
            pair = Pair(dovecot, workload, options, moment)
            pair.measure()
            sound &= pair.is_sound()
            print(pair.line(), flush=True)
            ratios[workload] = pair.ratio(), pair.cpu_ratio()
    if not ratios:
        return 1
    for place, title in ((1, "cpu_rules"), (0, "ratio_rules")):
        print(" ".join(f"{title}_{name}={both[place]:.2f}" for name, both in ratios.items()))
    worst = max(clock for clock, _cpu in ratios.values())
    print(f"ratio_rules={f'{worst:.2f}' if sound else 'void'}")
    return 0 if sound else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=12, help="of each side; an even number")
    parser.add_argument("--mails", type=int, default=150, help="a turn")
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=WORKLOADS)
    parser.add_argument("--profile", type=Path, help="folder for a cProfile of each side")
    parser.add_argument("--quick", action="store_true", help=f"the same as {' '.join(QUICK)}")
    words = sys.argv[1:]
    return parser.parse_args([*QUICK, *words] if "--quick" in words else words)


def _clock(result: dict) -> float:
    return result["seconds"]


def _processor(result: dict) -> float:
    return result["python"] + result["database"]


class Pair:
    """One workload, measured on both sides in turns."""

    def __init__(self, dovecot: Dovecot, workload: str, options, moment: datetime):
        self.dovecot, self.workload = dovecot, workload
        self.options, self.moment = options, moment
        self.results = {name: [] for name in SIDES}
        self.active = {}
        self.contacts = []

    def measure(self) -> None:
        turns = self._deliver()
        with ExitStack() as stack:
            sides = {name: stack.enter_context(self._side(name)) for name in SIDES}
            for number, (login, count) in enumerate(turns):
                for name in SIDES if number % 2 else reversed(SIDES):
                    result = sides[name]([login, count])
                    if login in self.measured:
                        self.results[name].append(result)

    def _deliver(self) -> list[tuple[str, int]]:
        """All mails, a mailbox on the server for each turn; what warms up comes first."""
        each, turns = self.options.mails, self.options.turns
        stock = workloads.stock(self.workload, each * turns, filled=False)
        self.contacts = [(who.name, who.email) for who in stock.contacts]
        batches = [stock.beforehand] if stock.beforehand else []
        batches.append(stock.warming)
        first = len(batches)
        measured = stock.measured
        batches += [measured[start : start + each] for start in range(0, each * turns, each)]
        logins = [f"{self.workload}-{number}@company.example" for number in range(len(batches))]
        for login in logins:
            self.dovecot.add_user(login, PASSWORD)
        for number, (login, drafts) in enumerate(zip(logins, batches, strict=True)):
            for draft in drafts:
                self.dovecot.deliver(login, mails.written(draft, self.moment))
            self.dovecot.renumber(login, uidvalidity=1000 + number)
        self.measured = set(logins[first:])
        return [(login, len(drafts)) for login, drafts in zip(logins, batches, strict=True)]

    @contextmanager
    def _side(self, name: str) -> Iterator:
        with databases.copied(f"bench_{name}") as database:
            config = odoo_server.configuration(
                database, db_name=database, http_port=places.free_port(), max_cron_threads=0
            )
            process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.rules_side"],
                cwd=places.CHECKOUT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )

            def ask(question: dict | list) -> dict:
                print(json.dumps(question), file=process.stdin, flush=True)
                while not (line := process.stdout.readline()).startswith("{"):
                    if not line:
                        raise RuntimeError(f"The side {name} has died")
                return json.loads(line)

            try:
                self.active[name] = ask(self._task(name, database, config))["active"]
                yield ask
            finally:
                process.stdin.close()
                process.wait()
                os.unlink(config)

    def _task(self, name: str, database: str, config: Path) -> dict:
        task = {
            "with_rules": name == "with",
            "workload": self.workload,
            "host": self.dovecot.host,
            "port": self.dovecot.imap_port,
            "password": PASSWORD,
            "contacts": self.contacts,
            "database": database,
            "config": str(config),
        }
        if folder := self.options.profile:
            folder.mkdir(parents=True, exist_ok=True)
            task["profile"] = str((folder / f"{self.workload}-{name}").absolute())
        return task

    # -- what it says ---------------------------------------------------------------------------

    def is_sound(self) -> bool:
        """The same was made of the same, and some rules and filters had their say."""
        wanted = {"without": [0, 0], "with": [decisions.FILTERS, decisions.RULES]}
        checks = {
            "rules and filters are active": self.active == wanted,
            "filters caught some": self.results["with"][-1]["hits"][0] > 0,
            "rules matched some": self.workload == "reply"
            or self.results["with"][-1]["hits"][1] > 0,
        }
        for name in SAME:
            sums = [sum(result[name] for result in self.results[one]) for one in SIDES]
            checks[f"{name} are as many: {sums}"] = sums[0] == sums[1]
        wrong = [what for what, holds in checks.items() if not holds]
        for what in wrong:
            print(f"{self.workload}: it is not true that {what}; {self.active}")
        return not wrong

    def ratio(self) -> float:
        """Time with by time without: the median of the turns."""
        turns = zip(self.results["with"], self.results["without"], strict=True)
        return statistics.median(_clock(one) / _clock(other) for one, other in turns)

    def cpu_ratio(self) -> float:
        """Of all turns together: the system counts in hundredths of a second."""
        used, other = (sum(map(_processor, self.results[name])) for name in reversed(SIDES))
        return used / other

    def line(self) -> str:
        count = self.options.mails
        words = [f"{self.workload:6}"]
        for name in SIDES:
            results = self.results[name]
            clock, used = (
                1000 * statistics.median(map(measure, results)) / count
                for measure in (_clock, _processor)
            )
            records = sum(result["records"] for result in results)
            words.append(
                f"{name} {clock:.2f} ms a mail ({used:.2f} of CPU), {records} records made;"
            )
        filtered, ruled = self.results["with"][-1]["hits"]
        words.append(f"{filtered} met a filter, {ruled} a rule")
        return " ".join(words)


if __name__ == "__main__":
    sys.exit(main())
