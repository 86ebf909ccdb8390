"""A private Exim: a real mail server on loopback that takes mail by SMTP and pipes it on.

For the add-on's tests. Everything (configuration, aliases, queue, log) lies in one folder; Exim
runs as an ordinary user even when we are root, and nothing of the system's own Exim is used::

    with Exim("our.example") as exim:
        exim.set_aliases({"desk": '"|/path/of/a/program --option"'})
        exim.send(raw, "ann@customer.example", ["desk@our.example"])
        exim.queued()
"""

import contextlib
import os
import shutil
import smtplib
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from . import commands, places, processes, service_user
from .trouble import Trouble

TEMPLATE = Path(__file__).with_name("exim.conf")
START_TIMEOUT = 10  # seconds
QUEUE_RUN = "1s"
PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


class Exim:
    """
    :ivar host: always 127.0.0.1
    :ivar port: plain SMTP, which takes mail for the domain and for no other
    """

    host = places.HOST

    def __init__(self, domain: str):
        self.domain = domain
        self.folder = Path(tempfile.mkdtemp(prefix="exim-"))
        self.port = places.free_port()

    def __enter__(self) -> "Exim":
        return self.start()

    def __exit__(self, *exception) -> None:
        self.remove()

    def start(self) -> "Exim":
        """Waits for an answer. What fails is tried again every second."""
        service_user.give(self.folder)
        self.set_aliases({})
        self._write("exim.conf", self._settings())
        self._run("Starting Exim", "-bd", f"-q{QUEUE_RUN}")
        deadline = time.monotonic() + START_TIMEOUT
        while not places.answers(self.port):
            if time.monotonic() > deadline:
                raise Trouble(f"Exim does not answer:\n{self.log()}")
            time.sleep(0.01)
        return self

    def remove(self) -> None:
        with contextlib.suppress(FileNotFoundError, ValueError):
            pid = int((self.folder / "exim.pid").read_text())
            if str(self.folder) in processes.command_line(pid):
                processes.kill_with_children(pid)
        shutil.rmtree(self.folder, ignore_errors=True)

    def set_aliases(self, aliases: Mapping[str, str]) -> None:
        """:param aliases: where mail goes, by the local part of its address"""
        lines = [f"{name}: {destination}\n" for name, destination in aliases.items()]
        self._write("aliases", "".join(lines))

    def copy(self, program: Path) -> Path:
        """A program, where the user may run it that Exim runs as."""
        return self._write(program.name, program.read_text())

    def send(self, raw: bytes, sender: str, recipients: Iterable[str]) -> None:
        with smtplib.SMTP(self.host, self.port, timeout=START_TIMEOUT) as connection:
            connection.sendmail(sender, list(recipients), raw, ["BODY=8BITMIME"])

    def queued(self) -> int:
        """How many mails it still has."""
        return int(self._run("Asking Exim for its queue", "-bpc"))

    def wait_until_delivered(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while self.queued():
            if time.monotonic() > deadline:
                raise Trouble(f"Exim still has mail:\n{self.log()}")
            time.sleep(0.1)

    def log(self) -> str:
        """What became of each mail."""
        path = self.folder / "main.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _settings(self) -> str:
        user = service_user.account()
        return TEMPLATE.read_text().format(
            folder=self.folder,
            domain=self.domain,
            host=self.host,
            port=self.port,
            user=user.pw_uid,
            group=user.pw_gid,
        )

    def _run(self, purpose: str, *words: str) -> str:
        name = "exim4" if shutil.which("exim4", path=PATH) else "exim"
        program = commands.find(name, "exim4-daemon-light")
        command = [program, "-C", self.folder / "exim.conf", *words]
        return commands.run(command, purpose, **service_user.popen_options())

    def _write(self, name: str, text: str) -> Path:
        """At once: Exim may be reading it."""
        path, new = self.folder / name, self.folder / f"{name}.new"
        new.write_text(text)
        os.chmod(new, 0o755)
        service_user.give(new)
        return new.replace(path)
