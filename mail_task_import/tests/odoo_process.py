"""An Odoo of its own process, with its own scheduler, on a real (committed) database."""

import os
import subprocess
import tempfile
import time
import urllib.request

from environment import places


class OdooProcess:
    """``with OdooProcess(database) as odoo: odoo.url``"""

    def __init__(self, database, cron_threads=1, port=None):
        self.port = port or places.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = tempfile.NamedTemporaryFile("w+", suffix=".log")  # noqa: SIM115
        command = [
            os.environ["MAIL_IMPORT_PYTHON"], "-m", "odoo", "server", "-c",
            os.environ["MAIL_IMPORT_CONFIG"], "-d", database, "--db-filter", f"^{database}$",
            f"--http-port={self.port}", f"--max-cron-threads={cron_threads}",
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True
        )

    def __enter__(self):
        for _try in range(300):
            if self._answers():
                return self
            time.sleep(0.2)
        self.log.seek(0)
        raise AssertionError(self.log.read()[-3000:])

    def __exit__(self, *_exc_info):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def _answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=30) as answer:
                return answer.status == 200
        except OSError:
            return False
