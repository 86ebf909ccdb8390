"""An Odoo that is loaded once and forks an importer for each order, to be killed at any moment.

The first half is for the tests; the second is the program: ``python zygote.py CONFIG WORDS…``, told
what to do by lines of JSON, answering by lines of JSON. It has no thread and no database connection
while it forks.
"""

import base64
import contextlib
import json
import logging
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

_logger = logging.getLogger(__name__)

PATIENCE = 120
"""Seconds after which an importer hangs, whatever the server does to it."""


class Zygote:
    """``zygote.run("fetch", …)`` waits for the result; ``zygote.begin`` gives a ``Run``."""

    def __init__(self, database, data_dir, environment):
        self.folder = Path(tempfile.mkdtemp(prefix="zygote-"))
        self.log = (self.folder / "log").open("wb")
        self._command = [
            os.environ["MAIL_IMPORT_PYTHON"], __file__, os.environ["MAIL_IMPORT_CONFIG"],
            "-d", database, "--data-dir", str(data_dir),
            "--db_host", environment["PGHOST"], "--db_port", environment["PGPORT"],
            "--log-handler", "odoo.addons.mail_task_import.models.mailbox_fetch:DEBUG",
        ]  # fmt: skip
        self._environment = {**os.environ, **environment}
        self._start()

    def _start(self):
        self.process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,
            env=self._environment,
        )
        self.answers = queue.Queue()
        self.ends = {}
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        if self.answers.get(timeout=PATIENCE) != {"ready": True}:
            raise AssertionError(self.tail())

    def _read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            if "ended" in said:
                self.ends.setdefault(said["ended"], queue.Queue()).put(said["status"])
            else:
                self.answers.put(said)
        self.answers.put(None)

    def begin(self, do, file_limit=None, **values):
        """Fork a child that carries out one order.

        :param file_limit: bytes above which a file cannot grow
        """
        result = self.folder / f"{time.monotonic_ns()}.json"
        order = {"do": do, "result": str(result), "values": values, "file_limit": file_limit}
        self._be_there()
        logged = self.logged_bytes()
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = self.answers.get(timeout=PATIENCE)
        if not answer:
            raise AssertionError(self.tail())
        return Run(self, answer["pid"], result, logged)

    def _be_there(self):
        """It carries out nothing itself: whoever ended it ended no importer of ours."""
        if (status := self.process.poll()) is not None:
            _logger.warning("The zygote ended with %s and begins anew.\n%s", status, self.tail())
            self.reader.join(PATIENCE)
            self._start()

    def run(self, do, **values):
        return self.begin(do, **values).finish()

    def logged_bytes(self):
        return (self.folder / "log").stat().st_size

    def tail(self, since=-4000):
        content = (self.folder / "log").read_bytes()[since:]
        return content.decode(errors="replace")

    def remove(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Run:
    """One forked importer."""

    def __init__(self, zygote, pid, result, logged):
        self.zygote, self.pid, self.result = zygote, pid, result
        self._logged = logged
        self.begun = time.monotonic()
        self._end = zygote.ends.setdefault(pid, queue.Queue())

    def kill(self):
        """True where the kill met it alive."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return self._wait() == -signal.SIGKILL

    def kill_after(self, phase, seconds):
        """Kill it so long after it has come to this phase. True where the kill met it alive."""
        while self.is_alive() and phase not in self.phases():
            time.sleep(0.001)
        time.sleep(seconds)
        return self.kill()

    def phases(self):
        """What its log has told of its way so far."""
        said = self.zygote.tail(self._logged)
        return re.findall(rf" {self.pid} DEBUG .*: mail import phase: (\w+)", said)

    def is_alive(self):
        return self._end.empty()

    def wait(self):
        """Its end, whatever it was."""
        self._wait()

    def finish(self, timeout=PATIENCE):
        """What the order returned; it has ended by itself within ``timeout`` seconds."""
        try:
            status = self._wait(timeout)
        except queue.Empty:
            os.kill(self.pid, signal.SIGKILL)
            raise AssertionError(f"It hung for {timeout} s.\n{self.zygote.tail()}") from None
        if status != 0:
            raise AssertionError(f"It ended with {status}.\n{self.zygote.tail()}")
        said = json.loads(self.result.read_text())
        self.result.unlink()
        return said

    def _wait(self, timeout=PATIENCE):
        status = self._end.get(timeout=timeout)
        self.zygote.ends.pop(self.pid, None)
        self.seconds = time.monotonic() - self.begun
        return status


# -- the program ---------------------------------------------------------------------------------


def main(config_file, *words):
    import odoo.sql_db
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-c", config_file, "--no-http", *words], setup_logging=True)
    database = config["db_name"][0]
    Registry(database)
    odoo.sql_db.close_all()
    answering = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    say = lambda **said: answering.write(json.dumps(said) + "\n")  # noqa: E731
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_args: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    say(ready=True)
    _serve(database, woken, say)


def _serve(database, woken, say):
    import select

    pending = b""
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _report_ends(say)
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                return
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                say(pid=_fork(database, json.loads(line)))


def _report_ends(say):
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            say(ended=pid, status=os.waitstatus_to_exitcode(status))


def _fork(database, order):
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(0)
        said = _carry_out(database, order)
        begun = Path(order["result"] + ".new")
        begun.write_text(json.dumps(said))
        begun.rename(order["result"])
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def _carry_out(database, order):
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry

    if order["file_limit"]:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_limit"], resource.RLIM_INFINITY))
    registry = Registry(database)
    if order["do"] in OWN_CURSORS:
        return OWN_CURSORS[order["do"]](registry, **order["values"])
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        return ORDERS[order["do"]](env, **order["values"])


def _create(env, model, values):
    """Several at once."""
    return env[model].create([_resolved(env, each) for each in values]).ids


def _resolved(env, values):
    return {
        name: env.ref(value[4:]).id if isinstance(value, str) and value[:4] == "ref:" else value
        for name, value in values.items()
    }


def _keep_fetching(registry, until):
    """A worker that lives on, whatever becomes of a run, until there is a file of this name."""
    from odoo import SUPERUSER_ID, api

    said = {"done": 0, "failed": 0}
    while not Path(until).exists():
        try:
            with registry.cursor() as cr:
                _fetch(api.Environment(cr, SUPERUSER_ID, {}))
            said["done"] += 1
        except Exception:
            said["failed"] += 1
            time.sleep(0.1)
    return said


def _hand_over(registry, raws):
    """As the mail server's pipe does, each mail by a call of its own.

    :param raws: in base64
    """
    from functools import partial

    from odoo import SUPERUSER_ID, api
    from odoo.service.model import retrying

    for raw in map(base64.b64decode, raws):
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            retrying(partial(env["mail.thread"].message_process, False, raw), env)


def _look_until_lost(registry):
    """One run of looks whose database goes away: what it leaves behind."""
    from odoo import SUPERUSER_ID, api

    from odoo.addons.mail_task_import.looks import Run  # pylint: disable=odoo-addons-relative-import

    cr = registry.cursor()
    env = api.Environment(cr, SUPERUSER_ID, {})
    run = Run(env, env["fetchmail.server"].search([])._due_mailboxes)
    try:
        run.carry_out()
        raised = ""
    except Exception as error:
        raised = str(error)
    threads = [each.name for each in threading.enumerate() if each.name.startswith("mail import")]
    return {"raised": raised, "open": len(run._looks), "threads": threads}


def _fetch(env, only=None, failing=None):
    """One run of the scheduler, at a moment when mailboxes are due.

    :param only: the addresses of these mailboxes, instead of all
    :param failing: a Message-ID; the mail that bears it cannot be imported
    """
    from odoo import fields

    from odoo.addons.mail.models.fetchmail import MAIL_SERVER_DOMAIN

    if failing:
        _break(env, failing)
    mailboxes = env["mail.import.mailbox"].search([("address", "in", only)] if only else [])
    for mailbox in mailboxes:
        mailbox._committed(mailbox.write, {"next_fetch": False})
    begun = fields.Datetime.now()
    servers = env["fetchmail.server"].search(MAIL_SERVER_DOMAIN)
    if only:
        servers &= mailboxes.server_id
    error = servers._fetch_mail()
    env.cr.commit()
    more = any(mailbox._has_more(begun) for mailbox in mailboxes)
    return {"error": error and str(error), "more": more}


def _break(env, message_id):
    """As another add-on may: it raises on one mail."""
    Email = env.registry["mail.import.email"]
    values = Email._values

    def broken(model, batch, mail):
        if mail.parsed.message_id == message_id:
            raise ValueError("An add-on cannot take this mail.")
        return values(model, batch, mail)

    Email._values = broken


def _retry(env):
    """The scheduler's turn at the quarantine, when what waits there is due."""
    env.cr.execute("UPDATE mail_import_quarantine SET next_attempt = now() - interval '1 hour'"
                   " WHERE next_attempt IS NOT NULL")  # fmt: skip
    env.cr.commit()
    env["mail.import.quarantine"]._retry_due()
    env.cr.commit()


def _write(env, addresses, values):
    mailboxes = env["mail.import.mailbox"].search([("address", "in", addresses)])
    mailboxes[:1]._committed(mailboxes.write, values)


def _connect_account(env, address, values):
    """As the host's page leaves it, after somebody has agreed."""
    mailbox = env["mail.import.mailbox"].search([("address", "=", address)])
    mailbox.server_id.write(values)


def _token(env, address, then_fail=False):
    """What the mailbox would sign in by, in a transaction that goes on, and may come to nothing."""
    mailbox = env["mail.import.mailbox"].search([("address", "=", address)])
    token = mailbox._account_token__("imap")
    if then_fail:
        env.cr.rollback()
    return token


def _copy_to_sent(env, addresses, raw, message_id):
    """As when a mail was sent from each of these mailboxes."""
    for mailbox in env["mail.import.mailbox"].search([("address", "in", addresses)]):
        env["mail.import.remote.change"]._plan_append(mailbox, "Sent", raw.encode(), message_id)


def _rehearse(env, address):
    """What a rehearsal tells; "busy" where the mailbox is being fetched."""
    from odoo.exceptions import UserError

    mailbox = env["mail.import.mailbox"].search([("address", "=", address)])
    try:
        rehearsal = mailbox._rehearse(env["mail.import.rule"])
    except UserError:
        return {"ending": "busy", "taken": 0, "total": 0}
    made = rehearsal.kind_ids.filtered(lambda one: one.kind == "made" and not one.again)
    return {
        "ending": rehearsal.ending,
        "taken": rehearsal.taken,
        "total": rehearsal.total,
        "made": sum(made.mapped("count")),
    }


def _configure(env, parameters):
    for key, value in parameters.items():
        env["ir.config_parameter"].set_param(key, value)


def _send(env, address, to):
    """A new e-mail, written and sent."""
    mailbox = env["mail.import.mailbox"].search([("address", "=", address)])
    values = {"written_as": "new", "to": to, "subject": "News"}
    env["mail.import.email"]._new_draft(mailbox, values).action_send()


def _fetch_by_host(env, address, port):
    """One run of an incoming mail server that is the host's own."""
    values = {
        "name": address,
        "server_type": "imap",
        "server": "127.0.0.1",
        "port": port,
        "user": address,
        "password": "secret",
        "state": "done",
    }
    server = env["fetchmail.server"].create(values)
    env.cr.commit()
    error = server._fetch_mail()
    server.set_draft()
    return error and str(error)


def _queue(env):
    env["mail.mail"].process_email_queue()


def _mailings(env):
    """What the scheduler has to do for mass mailings."""
    env["mailing.mailing"]._process_mass_mailing_queue()


def _retry_mailings(env, ids):
    env["mailing.mailing"].browse(ids).action_retry_failed()


def _end_interrupted(env):
    """The scheduler's turn, as if some time had gone by since all that was done."""
    from datetime import timedelta

    from odoo.addons.mail_task_import.models import (  # pylint: disable=odoo-addons-relative-import
        email_sending_ends,
    )

    email_sending_ends.UNTOUCHED = timedelta(minutes=-1)
    env["mail.import.email"]._end_interrupted()


OWN_CURSORS = {
    "hand_over": _hand_over,
    "keep_fetching": _keep_fetching,
    "look_until_lost": _look_until_lost,
}
ORDERS = {
    "configure": _configure,
    "connect_account": _connect_account,
    "copy_to_sent": _copy_to_sent,
    "create": _create,
    "end_interrupted": _end_interrupted,
    "fetch": _fetch,
    "fetch_by_host": _fetch_by_host,
    "mailings": _mailings,
    "queue": _queue,
    "rehearse": _rehearse,
    "retry": _retry,
    "retry_mailings": _retry_mailings,
    "send": _send,
    "token": _token,
    "write": _write,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
