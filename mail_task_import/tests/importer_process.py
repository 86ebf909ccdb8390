"""An importer of its own process, on a real database, that a test may kill at any moment."""

import os
import random
import signal
import subprocess
import threading
import time

PHASES = ("fetch", "import", "flush", "commit", "committed", "settle")

SETTING_UP = """
mailbox = env["mail.import.mailbox"].create({{
    "name": "Support", "kind": "group", "address": "support@company.example",
    "member_ids": [env.ref("base.user_admin").id], "host": "127.0.0.1", "port": {port},
    "security": "none", "password": "secret", "act_since": "2000-01-01 00:00:00",
    "after_import": "seen", "state": "active",
    "default_target_id": env.ref("mail_task_import.target_lead").id,
}})
env.cr.commit()
"""
FETCHING = """
import time
from odoo import SUPERUSER_ID
mailbox = env["mail.import.mailbox"].with_user(SUPERUSER_ID).search(
    [("address", "=", "support@company.example")])
for _run in range(200):
    mailbox._committed(mailbox.write, {"next_fetch": False})
    mailbox._fetch_if_due()
    env.cr.commit()
    left = env["mail.import.remote.change"].search_count([("mailbox_id", "=", mailbox.id)])
    if mailbox.last_success and not left and not mailbox.failures:
        break
    time.sleep(0.05)
print("importer: done", flush=True)
"""


class ImporterProcess:
    """One ``odoo shell`` that imports the mailbox; ``phases`` is what its log has told so far."""

    def __init__(self, database, script):
        command = [
            os.environ["MAIL_IMPORT_PYTHON"],
            "-m",
            "odoo",
            "shell",
            "-c",
            os.environ["MAIL_IMPORT_CONFIG"],
            "-d",
            database,
            "--no-http",
            "--log-handler",
            "odoo.addons.mail_task_import.models.mailbox_fetch:DEBUG",
        ]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.process.stdin.write(script)
        self.process.stdin.close()
        self.phases, self.log = [], []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.log.append(line.rstrip())
            if "mail import phase: " in line:
                self.phases.append(line.split("mail import phase: ")[1].split()[0])

    def kill_in(self, phase):
        """Kill it within a phase. Returns False where it ended before."""
        while self.process.poll() is None:
            if phase in self.phases:
                time.sleep(random.uniform(0, 0.02))
                os.kill(self.process.pid, signal.SIGKILL)
                self.process.wait()
                return True
            time.sleep(0.001)
        return False

    def finish(self, timeout=300):
        """Wait for its end; its log where it did not get there."""
        self.process.wait(timeout)
        self.reader.join(10)
        if not any("importer: done" in line for line in self.log):
            raise AssertionError("\n".join(self.log[-40:]))
        return self


def run(database, script):
    return ImporterProcess(database, script).finish()
