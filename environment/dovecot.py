"""A private Dovecot: a real IMAP and POP3 server on loopback, with as many users as a test needs.

For the add-on's tests, the demo and the benchmark. Everything (configuration, users, mail, log)
lies in one folder; Dovecot runs as an ordinary user even when we are root. Written for Dovecot
2.3::

    with Dovecot() as dovecot:
        dovecot.add_user("info@example.com", "secret")
        uid = dovecot.deliver("info@example.com", raw, folder="Projects/North", seen=True)
        connection = dovecot.client("info@example.com")     # a logged-in IMAPClient
"""

import atexit
import base64
import contextlib
import imaplib
import os
import re
import shutil
import ssl
import tempfile
import threading
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from . import certificates, commands, imap_names, places, processes, service_user
from .trouble import Trouble

if TYPE_CHECKING:
    from imapclient import IMAPClient

TEMPLATE = Path(__file__).with_name("dovecot.conf")
POP_PROGRAM = Path("/usr/lib/dovecot/pop3-login")
START_TIMEOUT = 10  # seconds


class Dovecot:
    """One server. Ports that are not given are free ones, and kept when it is stopped and started.

    :ivar host: always 127.0.0.1
    :ivar imap_port: plain IMAP, and STARTTLS
    :ivar imaps_port: IMAP over TLS
    :ivar pop_port: plain POP3, and STLS
    :ivar pops_port: POP3 over TLS
    :ivar ca_file: PEM file of the authority that signed the server's certificate
    """

    host = places.HOST

    def __init__(
        self,
        folder: Path | None = None,
        imap_port: int | None = None,
        imaps_port: int | None = None,
        pop_port: int | None = None,
        pops_port: int | None = None,
        extra: str = "",
    ):
        """
        :param folder: where it lives, for a server that outlives this process; without one it gets
            a temporary folder, which goes away when the process ends
        :param extra: more lines for ``dovecot.conf``, which override ours
        """
        self._is_temporary = folder is None
        self.folder = folder or Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.imap_port = imap_port or places.free_port()
        self.imaps_port = imaps_port or places.free_port()
        self.pop_port = pop_port or places.free_port()
        self.pops_port = pops_port or places.free_port()
        self.extra = extra
        self._connections: dict[str, imaplib.IMAP4] = {}
        self._delivering = threading.RLock()  # one connection, one conversation
        if self._is_temporary:
            atexit.register(self.remove)

    def __enter__(self) -> "Dovecot":
        return self.start()

    def __exit__(self, *exception) -> None:
        self.remove() if self._is_temporary else self.stop()

    @property
    def ca_file(self) -> Path:
        return self.folder / "tls" / "ca.pem"

    # ---- the server ------------------------------------------------------------------------------

    def start(self) -> "Dovecot":
        """Does nothing when it runs. Mail and users of earlier runs in the same folder are kept."""
        if not self.is_running():
            self._prepare()
            command = [commands.find("dovecot", "dovecot-imapd"), "-c", self._configuration]
            commands.run(command, "Starting Dovecot", **service_user.popen_options())
            self._wait_until_it_answers()
        return self

    def stop(self) -> None:
        """Stop the server and keep its mail, so that a test can see an outage end."""
        self._hang_up()
        pid = self._pid()
        if pid:
            processes.stop(pid)

    def remove(self) -> None:
        """Delete all of it. The server is killed: its orderly end takes a second."""
        self._hang_up()
        pid = self._pid()
        if pid:
            processes.kill_with_children(pid)
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_running(self) -> bool:
        return self._pid() is not None

    # ---- users and mail --------------------------------------------------------------------------

    def add_user(self, login: str, password: str) -> None:
        """Make a user, or change a password; works while the server runs."""
        others = [line for line in self._user_lines() if line.split(":")[0] != login]
        encoded = base64.b64encode(password.encode()).decode()  # it may hold colons
        self._write(self._users, "\n".join([*others, f"{login}:{{PLAIN.b64}}{encoded}", ""]))

    def deliver(
        self,
        login: str,
        raw: bytes,
        folder: str = "INBOX",
        seen: bool = False,
        date: datetime | None = None,
        flags: tuple[str, ...] = (),
    ) -> int:
        """Put a mail into a folder, which is made if it is missing; returns the mail's UID.

        :param date: the INTERNALDATE, with a time zone; now by default
        :param flags: more flags, such as ``\\Flagged``
        """
        with self._delivering:
            return self._deliver(login, raw, folder, seen, date, flags)

    def _deliver(self, login, raw, folder, seen, date, flags) -> int:
        connection = self._connection(login)
        name = imap_names.quoted(folder)
        words = " ".join([*flags, *(["\\Seen"] if seen else [])])
        when = imaplib.Time2Internaldate(date or time.time())
        kind, answer = connection.append(name, f"({words})", when, raw)
        if kind == "NO" and b"TRYCREATE" in answer[0]:
            connection.create(name)
            kind, answer = connection.append(name, f"({words})", when, raw)
        if kind != "OK":
            raise Trouble(f"Dovecot did not take the mail: {answer[0].decode()}")
        return int(re.search(rb"APPENDUID \d+ (\d+)", answer[0]).group(1))

    def fill(self, login: str, mails: Iterable[tuple[bytes, datetime]]) -> None:
        """Put many mails into an empty INBOX, as files: some thousand a second.

        :param mails: content and INTERNALDATE, which Dovecot takes from the file
        """
        maildir = self._mail / login / "Maildir"
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(parents=True, exist_ok=True)
        for number, (raw, date) in enumerate(mails):
            path = maildir / "cur" / f"{date.timestamp():.0f}.M{number}.filled,S={len(raw)}:2,"
            path.write_bytes(raw)
            os.utime(path, (date.timestamp(), date.timestamp()))
            service_user.give(path)
        for path in (self._mail / login, maildir, *maildir.iterdir()):
            service_user.give(path)

    def client(self, login: str) -> "IMAPClient":
        """A new logged-in connection; the caller logs out, or uses it in ``with``."""
        from imapclient import IMAPClient  # not in the standard library, which is all ``make`` has

        client = IMAPClient(self.host, port=self.imap_port, ssl=False)
        client.plain_login(login, self.password(login))
        return client

    def logins(self) -> list[str]:
        return [line.split(":")[0] for line in self._user_lines()]

    def password(self, login: str) -> str:
        for line in self._user_lines():
            name, _, encoded = line.partition(":{PLAIN.b64}")
            if name == login:
                return base64.b64decode(encoded).decode()
        raise Trouble(f"Dovecot has no user {login!r}; add_user() makes one.")

    def tls_context(self) -> ssl.SSLContext:
        """Checks certificates and trusts this server's authority only."""
        return ssl.create_default_context(cafile=str(self.ca_file))

    def purge(self, login: str) -> None:
        """Delete all mail and all folders of a user.

        New folders get a higher UIDVALIDITY: Dovecot's own record of the last one stays.
        """
        self._hang_up(login)
        with contextlib.suppress(Trouble):  # "nobody is logged in" is an error to doveadm
            self._doveadm("kick", login)
        for path in (self._mail / login / "Maildir").glob("*"):
            if path.is_dir():
                shutil.rmtree(path)
            elif not path.name.startswith("dovecot-uidvalidity"):
                path.unlink()

    def renumber(self, login: str, folder: str = "INBOX", uidvalidity: int | None = None) -> None:
        """Give a folder another UIDVALIDITY, as a server does after a restored backup."""
        self._hang_up(login)
        value = str(uidvalidity or int(time.time()) + 1)
        self._doveadm("mailbox", "update", "-u", login, "--uid-validity", value, folder)

    # ---- files -----------------------------------------------------------------------------------

    @property
    def _configuration(self) -> Path:
        return self.folder / "dovecot.conf"

    @property
    def _users(self) -> Path:
        return self.folder / "users"

    @property
    def _mail(self) -> Path:
        return self.folder / "mail"

    def _prepare(self) -> None:
        for path in (self.folder, self._mail, self.folder / "run"):
            path.mkdir(parents=True, exist_ok=True)
            service_user.give(path)
        for path in certificates.ensure(self.folder / "tls"):
            service_user.give(path)
        self._users.touch()
        service_user.give(self._users)
        self._write(self._configuration, self._settings())

    def _settings(self) -> str:
        user = service_user.account()
        return TEMPLATE.read_text().format(
            folder=self.folder,
            host=self.host,
            imap_port=self.imap_port,
            imaps_port=self.imaps_port,
            pop_port=self.pop_port,
            pops_port=self.pops_port,
            protocols="imap pop3" if POP_PROGRAM.exists() else "imap",
            user=user.pw_name,
            uid=user.pw_uid,
            gid=user.pw_gid,
            extra=self.extra,
        )

    def _write(self, path: Path, text: str) -> None:
        """Replace a file at once: Dovecot may be reading it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(text)
        service_user.give(new)
        new.replace(path)

    def _user_lines(self) -> list[str]:
        return self._users.read_text().split("\n")[:-1] if self._users.exists() else []

    # ---- the process and its connections ---------------------------------------------------------

    def _pid(self) -> int | None:
        """The master process, if the pid file speaks of a Dovecot with our configuration."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            pid = int((self.folder / "run" / "master.pid").read_text())
            if str(self._configuration) in processes.command_line(pid):
                return pid
        return None

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while not places.answers(self.imap_port):
            if time.monotonic() > deadline:
                raise Trouble(f"Dovecot does not answer. Its log: {self.folder / 'dovecot.log'}")
            time.sleep(0.01)

    def _doveadm(self, *words: str) -> None:
        command = [commands.find("doveadm", "dovecot-imapd"), "-c", self._configuration, *words]
        commands.run(command, "Dovecot's administration", **service_user.popen_options())

    def _connection(self, login: str) -> imaplib.IMAP4:
        """Kept open for the next delivery: logging in costs more than a mail."""
        connection = self._connections.get(login)
        if connection is None or not _is_alive(connection):
            connection = self._connections[login] = self._logged_in(login)
        return connection

    def _logged_in(self, login: str) -> imaplib.IMAP4:
        """Tries for a while: Dovecot looks for changes of its users once a second only."""
        secret = f"\0{login}\0{self.password(login)}".encode()
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            connection = imaplib.IMAP4(self.host, self.imap_port)
            try:
                connection.authenticate("PLAIN", lambda challenge: secret)
                return connection
            except imaplib.IMAP4.error:
                connection.shutdown()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def _hang_up(self, *logins: str) -> None:
        for login in logins or tuple(self._connections):
            connection = self._connections.pop(login, None)
            if connection:
                with contextlib.suppress(OSError, imaplib.IMAP4.error):
                    connection.logout()


def _is_alive(connection: imaplib.IMAP4) -> bool:
    try:
        return connection.noop()[0] == "OK"
    except (OSError, imaplib.IMAP4.error):
        return False
