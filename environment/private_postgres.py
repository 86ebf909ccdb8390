"""A PostgreSQL cluster of one test, which may crash: the shared one serves everybody and may not.

It is told not to wait for the disk, but to write a commit down before it says so: what it answered
survives its crash, though not that of the machine.
"""

import os
import shutil
import tempfile
from pathlib import Path

from . import commands, postgres, service_user, system_packages

PORT = 5432
"""Part of the socket's name only."""
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0777
port = {port}
max_connections = 100
shared_buffers = 128MB
fsync = off
synchronous_commit = on
max_wal_size = 1GB
jit = off
"""


class PrivateCluster:
    """``cluster.connection`` holds libpq's variables."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._data = self.folder / "data"
        self.connection = {
            "PGHOST": str(self.folder),
            "PGPORT": str(PORT),
            "PGUSER": postgres.ROLE,
        }

    def start(self) -> "PrivateCluster":
        if not self._data.exists():
            self._create()
        log = self.folder / "postgres.log"
        self._server("pg_ctl", "start", "-D", self._data, "-l", log, "-w", "-t", "60")
        return self

    def stop(self, mode: str = "fast") -> None:
        """:param mode: "immediate" is a crash: the next start recovers from the log."""
        self._server("pg_ctl", "stop", "-D", self._data, "-m", mode, "-w")

    def remove(self) -> None:
        if (self._data / "postmaster.pid").exists():
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def take_over(self, database: str) -> None:
        """Copy a database of the shared cluster."""
        dump = self.folder / "dump"
        words = ["-Fd", "-j2", "-Z0", "-f", dump, "-d", database]
        shared = {**os.environ, **postgres.connection()}
        commands.run([self._program("pg_dump"), *words], "Copying a database", env=shared)
        own = {**os.environ, **self.connection}
        commands.run([self._program("createdb"), database], "Making a database", env=own)
        words = ["-j2", "--no-owner", "-d", database, dump]
        commands.run([self._program("pg_restore"), *words], "Copying a database", env=own)
        shutil.rmtree(dump)

    def _create(self) -> None:
        service_user.give(self.folder)
        words = ["-D", self._data, "-U", postgres.ROLE, "--auth", "trust", "--no-sync"]
        self._server("initdb", *words, "--encoding", "UTF8", "--locale", "C.UTF-8")
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION.format(socket=self.folder, port=PORT))

    @staticmethod
    def _program(name: str) -> Path:
        return system_packages.postgresql_bin() / name

    def _server(self, program: str, *words: str | Path) -> None:
        options = {"cwd": self.folder, "env": {**os.environ, "LC_ALL": "C.UTF-8"}}
        command = [self._program(program), *words]
        commands.run(command, f"PostgreSQL's {program}", **options, **service_user.popen_options())
