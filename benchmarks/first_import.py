"""The first import of a large mailbox: ``python -m benchmarks.first_import --mails 50000``.

A real Dovecot, a real Odoo with its own scheduler. Midway a new mail arrives, and somebody stops
the history and goes on. Told at the end: how long it took, how much memory the server needed over
what it has idle, how long the new mail took to be there, and whether anything is missing or double.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from environment import databases, odoo_server, places, postgres, setting_up, virtualenv
from environment.dovecot import Dovecot

ADDRESS = "support@company.example"
NOW = datetime.now(timezone.utc).replace(microsecond=0)
SETTING_UP = """
mailbox = env["mail.import.mailbox"].create({{
    "name": "Support", "kind": "group", "address": "{address}", "interval": 1,
    "member_ids": [env.ref("base.user_admin").id], "host": "127.0.0.1", "port": {port},
    "security": "none", "password": "secret", "fetch_since": "{since}"}})
env.cr.commit()
"""

AUDITING = """
import time
mailbox = env["mail.import.mailbox"].search([("address", "=", "{address}")])
env.cr.execute("DELETE FROM mail_import_location WHERE uid % 10 = 0")
for found in ("a tenth lost", "whole"):
    mailbox.action_audit()
    env.cr.commit()
    began = time.monotonic()
    error = mailbox._fetch()
    mailbox.invalidate_recordset()
    audit = mailbox.audit_id
    print(f"audit, {{found}}: {{time.monotonic() - began:.1f}} s, {{audit.state}}, of "
          f"{{audit.on_server}} messages {{audit.missing}} missing, {{audit.fetched}} fetched")
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=50_000)
    count = parser.parse_args().mails
    setting_up.set_up()
    postgres.ensure()
    os.environ.update({**postgres.connection(), "PYTHONPATH": str(places.CHECKOUT)})
    with Dovecot() as dovecot, databases.copied("first") as database:
        dovecot.add_user(ADDRESS, "secret")
        dovecot.fill(ADDRESS, (_mail(number, count) for number in range(count)))
        since = (NOW - timedelta(days=400)).date()
        _shell(database, SETTING_UP.format(address=ADDRESS, port=dovecot.imap_port, since=since))
        with _odoo(database) as process:
            result = _measure(dovecot, database, process, count)
        _shell(database, AUDITING.format(address=ADDRESS))
        return result


def _mail(number: int, count: int) -> tuple[bytes, datetime]:
    """From some thousand people, over a year; every third answers the one before."""
    date = NOW - timedelta(days=2, minutes=(count - number) * 500_000 // count)
    who = f"customer{number % 5000}@c{number % 5000}.example"
    answer = f"In-Reply-To: <m{number - 1}@c.example>\r\n" if number % 3 == 2 else ""
    text = f"Where is order {number}? We wait for it since Monday.\r\n" * 12
    raw = (
        f"From: Customer {number % 5000} <{who}>\r\nTo: {ADDRESS}\r\n"
        f"Subject: Order {number}\r\nMessage-ID: <m{number}@c.example>\r\n{answer}"
        f"Date: {date:%a, %d %b %Y %H:%M:%S +0000}\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}"
    )
    return raw.encode(), date


def _measure(dovecot, database, process, count) -> int:
    idle = _memory(process.pid)
    began = time.monotonic()
    _ask(database, "UPDATE mail_import_mailbox SET state = 'active', act_since = now()")
    _ask(database, "UPDATE fetchmail_server SET state = 'done', active = true")
    _ask(
        database,
        "UPDATE ir_cron SET active = true, nextcall = now() WHERE id = "
        "(SELECT res_id FROM ir_model_data WHERE name = 'ir_cron_mail_gateway_action')",
    )
    watch = _Watch(database, process.pid)
    watch.until(count // 2)
    arrival = time.monotonic()
    dovecot.deliver(ADDRESS, _mail(count, count)[0].replace(b"Order", b"Newcomer"))
    watch.until_true("SELECT EXISTS (SELECT FROM mail_import_email WHERE subject LIKE 'Newcomer%')")
    newcomer = time.monotonic() - arrival
    _ask(database, "UPDATE mail_import_mailbox SET history_stopped = true")
    time.sleep(20)
    stopped = watch.locations()
    time.sleep(20)
    rested = watch.locations() - stopped
    _ask(database, "UPDATE mail_import_mailbox SET history_stopped = NULL, next_fetch = NULL")
    watch.until(count + 1)
    seconds = time.monotonic() - began - 40
    numbers = [
        int(_ask(database, f"SELECT count(*) FROM mail_import_{what}"))
        for what in ("location", "email", "entry", "location WHERE outcome != 'stored'")
    ]
    print(
        f"{count} mails in {seconds:.0f} s, {1000 * seconds / count:.1f} ms each; memory "
        f"{idle} MB idle, {watch.peak} MB at most, {watch.peak - idle} MB more; a new mail came in "
        f"after {newcomer:.0f} s; {rested} mails while it was stopped; locations, e-mails, "
        f"entries, not stored: {numbers}"
    )
    whole = numbers == [count + 1, count + 1, count + 1, 0]
    return 0 if whole and not rested and newcomer < 60 and watch.peak - idle < 400 else 1


class _Watch:
    """Looks at the database and the server's memory every second."""

    def __init__(self, database, pid):
        self._database, self._pid, self.peak = database, pid, 0
        self._told = time.monotonic()

    def locations(self) -> int:
        return int(_ask(self._database, "SELECT count(*) FROM mail_import_location"))

    def until(self, count) -> None:
        self.until_true(f"SELECT count(*) >= {count} FROM mail_import_location")

    def until_true(self, question) -> None:
        while _ask(self._database, question) != "t":
            self.peak = max(self.peak, _memory(self._pid))
            if time.monotonic() > self._told + 30:
                self._told = time.monotonic()
                print(f"{self.locations()} mails, {self.peak} MB", flush=True)
            time.sleep(1)


def _memory(pid) -> int:
    """Resident, of the server and what it has started, in MB."""
    total, pids = 0, [pid]
    for parent in pids:
        with open(f"/proc/{parent}/status") as status:
            total += next((int(line.split()[1]) for line in status if "VmRSS" in line), 0)
        pids += map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())
    return total // 1024


def _ask(database, statement) -> str:
    return postgres.query(statement, database).strip()


def _command(verb, database, *words):
    config = odoo_server.configuration(database, db_name=database, http_port=places.free_port())
    return [
        str(virtualenv.python()),
        "-m",
        "odoo",
        verb,
        "-c",
        str(config),
        "-d",
        database,
        *words,
    ], config


def _shell(database, script) -> None:
    command, config = _command("shell", database, "--no-http", "--log-level=error")
    subprocess.run(command, input=script, text=True, check=True, cwd=places.CHECKOUT)
    os.unlink(config)


@contextmanager
def _odoo(database):
    """An Odoo with one scheduler, warm: its registry is loaded, a page was shown."""
    port = places.free_port()
    command, config = _command(
        "server", database, f"--http-port={port}", "--max-cron-threads=1", "--log-level=warn"
    )
    with tempfile.NamedTemporaryFile("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=places.CHECKOUT)
        try:
            _wait_for(port)
            time.sleep(5)
            yield process
        finally:
            process.terminate()
            process.wait(30)
            os.unlink(config)
            print(Path(log.name).read_text()[-3000:], file=sys.stderr)


def _wait_for(port) -> None:
    for _try in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=30).close()
            return
        except OSError:
            time.sleep(0.3)
    raise TimeoutError("Odoo does not answer")


if __name__ == "__main__":
    sys.exit(main())
