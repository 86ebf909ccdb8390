"""From delivery to the screen, with the watcher: ``make bench-watch``.

A Dovecot, an Odoo with its scheduler and ``odoo mailbox_watch`` run side by side, as they do in
production. Mails are delivered to mailboxes at random moments. The clock of each runs from the
moment at which it is given to Dovecot until PostgreSQL has said to Odoo's bus that there is a new
message (which is how browsers hear of it), and that message names the e-mail's entry, whose row can
be read. Mail that does not come within a minute voids the figure.
"""

import argparse
import json
import os
import random
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psycopg2

from benchmarks import mails
from benchmarks.measuring import PASSWORD
from benchmarks.people import stranger
from environment import databases, odoo_server, places
from environment.dovecot import Dovecot

MANY_CONNECTIONS = """
default_client_limit = 4000
mailbox_idle_check_interval = 1 secs
service imap {
  process_limit = 4000
}
service imap-login {
  service_count = 0
  client_limit = 2000
}
"""
QUICK = ["--mails", "60", "--seconds", "20"]
START_SECONDS = 120
LATEST_SECONDS = 60
NEW = """
    SELECT bus.id, email.message_id
      FROM bus_bus bus
      CROSS JOIN LATERAL jsonb_array_elements_text(
          bus.message::jsonb #> '{payload,entry_ids}') AS told(id)
      JOIN mail_import_entry entry ON entry.id = told.id::int
      JOIN mail_import_email email ON email.id = entry.email_id
     WHERE bus.id > %s AND bus.message::jsonb ->> 'type' = 'mail_import/new_mail'
     ORDER BY bus.id
"""
UNSEEN = """
    SELECT count(*) FROM mail_import_mailbox
     WHERE state = 'active' AND (last_success IS NULL OR next_fetch IS NULL)
"""


def main() -> int:
    options = _options()
    with ExitStack() as stack:
        dovecot = stack.enter_context(Dovecot(extra=MANY_CONNECTIONS))
        database = stack.enter_context(databases.copied("bench_watch"))
        config = odoo_server.configuration(
            database, db_name=database, http_port=places.free_port(), max_cron_threads=2
        )
        stack.callback(os.unlink, config)
        bench = Bench(dovecot, database, config, options)
        bench.set_up()
        stack.enter_context(bench.process("server"))
        watcher = stack.enter_context(bench.process("mailbox_watch"))
        bench.wait_until_watched(watcher)
        delivered, seen = bench.deliver_and_look()
        memory = _memory(watcher.pid)
    return _report(delivered, seen, memory, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=200)
    parser.add_argument("--mailboxes", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60, help="in which they are delivered")
    parser.add_argument("--tls", action="store_true", help="encrypted connections")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help=f"the same as {' '.join(QUICK)}")
    words = sys.argv[1:]
    return parser.parse_args([*QUICK, *words] if "--quick" in words else words)


class Bench:
    def __init__(self, dovecot: Dovecot, database: str, config: Path, options):
        self.dovecot, self.database, self.config = dovecot, database, config
        self.options = options
        self.logins = [f"box{number}@company.example" for number in range(options.mailboxes)]
        self.moment = datetime.now(timezone.utc).replace(microsecond=0)

    # -- the stage --------------------------------------------------------------------------------

    def set_up(self) -> None:
        """Mailboxes by the ORM, in a process of its own.

        Each has an old mail, which nobody fetches: who delivers is signed in from then on.
        """
        for login in self.logins:
            self.dovecot.add_user(login, PASSWORD)
        long_ago = self.moment - timedelta(days=2)
        for login in self.logins:
            self.dovecot.deliver(login, b"Subject: Old\r\n\r\nOld\r\n", date=long_ago)
        task = {
            "config": str(self.config),
            "database": self.database,
            "host": self.dovecot.host,
            "port": self.dovecot.imaps_port if self.options.tls else self.dovecot.imap_port,
            "security": "ssl" if self.options.tls else "none",
            "ca_file": str(self.dovecot.ca_file) if self.options.tls else False,
            "password": PASSWORD,
            "logins": self.logins,
        }
        subprocess.run(
            [sys.executable, "-m", "benchmarks.watching_mailboxes"],
            input=json.dumps(task),
            text=True,
            cwd=places.CHECKOUT,
            check=True,
        )

    @contextmanager
    def process(self, name: str) -> Iterator[subprocess.Popen]:
        """An Odoo that runs in the background, with the path of its log."""
        with tempfile.NamedTemporaryFile("w+", suffix=f".{name}.log") as log:
            process = subprocess.Popen(
                self._command(name),
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=places.CHECKOUT,
            )
            process.log = Path(log.name)
            try:
                yield process
            finally:
                process.terminate()
                process.wait(30)

    def _command(self, name: str) -> list[str | Path]:
        command = odoo_server.command(self.config, name)
        if name != "server":
            # add-ons' commands are looked for before the configuration is read
            command.insert(command.index(name), f"--addons-path={places.CHECKOUT}")
        return command

    def wait_until_watched(self, watcher: subprocess.Popen) -> None:
        """All lines are there, and the scheduler has looked into each mailbox once."""
        count = len(self.logins)
        words = f"Watching {count} of {count} folders"
        deadline = time.monotonic() + START_SECONDS
        while words not in watcher.log.read_text() or self._ask(UNSEEN) != [(0,)]:
            if time.monotonic() > deadline or watcher.poll() is not None:
                raise RuntimeError(watcher.log.read_text()[-3000:])
            time.sleep(0.2)

    def _ask(self, statement: str, *values) -> list[tuple]:
        with psycopg2.connect(dbname=self.database) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            rows = cursor.fetchall()
        connection.close()
        return rows

    # -- what is measured -------------------------------------------------------------------------

    def deliver_and_look(self) -> tuple[dict[str, float], dict[str, float]]:
        """When each mail was given to Dovecot, and when it was on the bus; by Message-ID."""
        chance = random.Random(self.options.seed)
        count = self.options.mails
        moments = sorted(chance.uniform(0, self.options.seconds) for _mail in range(count))
        drafts = [mails.question(number, stranger(number)) for number in range(count)]
        written = [(draft.message_id, mails.written(draft, self.moment)) for draft in drafts]
        ear = Ear(self.database)
        delivered = {}
        begun = time.monotonic()
        for moment, (message_id, raw) in zip(moments, written, strict=True):
            ear.listen(begun + moment)
            delivered[message_id] = time.monotonic()
            self.dovecot.deliver(chance.choice(self.logins), raw)
        while len(ear.heard) < count and time.monotonic() < begun + moments[-1] + LATEST_SECONDS:
            ear.listen(time.monotonic() + 1)
        return delivered, ear.heard


class Ear:
    """Listens to the bus as Odoo's own dispatcher does, and reads what it says."""

    def __init__(self, database: str):
        self.heard: dict[str, float] = {}
        self._bus = psycopg2.connect(dbname="postgres")
        self._rows = psycopg2.connect(dbname=database)
        for connection in (self._bus, self._rows):
            connection.set_session(autocommit=True)
        self._bus.cursor().execute("LISTEN imbus")
        self._last = 0

    def listen(self, until: float) -> None:
        """Until that moment."""
        while (left := until - time.monotonic()) > 0:
            if select.select([self._bus], [], [], left)[0]:
                self._bus.poll()
                if self._bus.notifies:
                    self._bus.notifies.clear()
                    self._read()

    def _read(self) -> None:
        with self._rows.cursor() as cursor:
            cursor.execute(NEW, [self._last])
            for number, message_id in cursor.fetchall():
                self._last = max(self._last, number)
                self.heard.setdefault(message_id, time.monotonic())


def _memory(pid: int) -> float:
    """MB that it holds at this moment."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _report(delivered: dict, seen: dict, memory: float, options) -> int:
    waits = sorted(seen[name] - moment for name, moment in delivered.items() if name in seen)
    missing = len(delivered) - len(waits)
    if missing or not waits:
        print(f"{missing} of {len(delivered)} mails did not come in time")
        print("visible_p95_s=void")
        return 1
    p95 = statistics.quantiles(waits, n=20)[-1]
    print(
        f"{len(waits)} mails in {options.mailboxes} mailboxes within {options.seconds:.0f} s: "
        f"median {statistics.median(waits):.2f} s, slowest {waits[-1]:.2f} s; "
        f"the watcher holds {memory:.0f} MB"
    )
    print(f"visible_p95_s={p95:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
