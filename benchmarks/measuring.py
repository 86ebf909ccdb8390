"""One measurement: a fresh database, mails in Dovecot, and a process that imports them."""

import hashlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks import mails, workloads
from environment import databases, odoo_server, places
from environment.dovecot import Dovecot

PASSWORD = "secret"
BATCHES = ("beforehand", "warming", "measured")


@dataclass(frozen=True)
class Case:
    """What is measured once."""

    workload: str
    existing: int
    side: str
    count: int
    number: int
    """Of the pair."""

    def login(self, batch: str) -> str:
        words = self.workload, self.existing, self.side, self.number, batch
        return "-".join(map(str, words)) + "@company.example"


class Bench:
    """Measures cases, all from one server and with mails of one moment.

    Mail and databases are kept until all is measured, but for filled databases, which are large:
    ext4 takes up to thirty times as long to make a file when thousands have just been deleted.
    """

    def __init__(self, dovecot: Dovecot, moment: datetime, profiles: Path | None):
        self.dovecot = dovecot
        self.moment = moment
        self.profiles = profiles
        self._numbers = itertools.count(1)
        self._kept = ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return self._kept.__exit__(*exception)

    def announce(self, cases: Sequence[Case]) -> None:
        """Make all users at once: Dovecot takes a second to see that there are new ones."""
        for case in cases:
            for batch in BATCHES:
                self.dovecot.add_user(case.login(batch), PASSWORD)

    def measure(self, case: Case) -> dict:
        stock = workloads.stock(case.workload, case.count, filled=bool(case.existing))
        logins = {batch: self._deliver(case, batch, getattr(stock, batch)) for batch in BATCHES}
        task = {
            "side": case.side,
            "workload": case.workload,
            "host": self.dovecot.host,
            "port": self.dovecot.imap_port,
            "password": PASSWORD,
            "contacts": [(who.name, who.email) for who in stock.contacts],
            "beforehand": [logins["beforehand"]] if stock.beforehand else [],
            "answered": [d.answers for d in stock.warming + stock.measured if d.answers],
            "warming": logins["warming"],
            "measured": logins["measured"],
        }
        if self.profiles:
            self.profiles.mkdir(parents=True, exist_ok=True)
            name = f"{case.workload}-{case.existing}-{case.side}"
            task["profile"] = str((self.profiles / name).absolute())
        if not case.existing:
            return _run("benchmarks.side", self._kept.enter_context(_database(case)), task)
        with _database(case) as database:
            return _run("benchmarks.side", database, task)

    def _deliver(self, case: Case, batch: str, drafts: Sequence[mails.Draft]) -> tuple[str, int]:
        login = case.login(batch)
        for draft in drafts:
            self.dovecot.deliver(login, mails.written(draft, self.moment))
        if drafts:
            # one mailbox fetches them all: the same number of a message may mean one only
            self.dovecot.renumber(login, uidvalidity=1000 + next(self._numbers))
        return login, len(drafts)


def _database(case: Case) -> AbstractContextManager[str]:
    """A fresh database; the host's has never seen our add-on."""
    prefix = f"bench_{case.side}"
    if not case.existing:
        make = databases.copied if case.side == "ours" else databases.copied_host
        return make(prefix)
    return databases.copied_filled(
        case.side, _contents(), lambda name: _fill(name, case.side), prefix
    )


def _contents() -> str:
    folder = Path(__file__).parent
    scripts = sorted((folder / "existing").iterdir())
    sources = [folder / "filling.py", folder / "people.py", *scripts]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def _fill(database: str, side: str) -> None:
    _run("benchmarks.filling", database, {"side": side})


def _run(module: str, database: str, task: dict) -> dict:
    """Run one of our modules with Odoo in it; what it prints last is its answer."""
    config = odoo_server.configuration(
        database, db_name=database, http_port=places.free_port(), max_cron_threads=0
    )
    task |= {"database": database, "config": str(config)}
    try:
        result = subprocess.run(
            [sys.executable, "-m", module],
            cwd=places.CHECKOUT,
            input=json.dumps(task),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    finally:
        os.unlink(config)
    return json.loads((result.stdout.splitlines() or ["{}"])[-1])
