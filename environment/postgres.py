"""A PostgreSQL cluster of our own: its data and its socket lie in the checkout's state folder.

It listens on a Unix socket only, in a folder that nobody but its user (and root) can enter, so it
needs no password and no port of the network; ``PG_PORT`` is just a part of the socket's name.

Everything in it can be made anew by one command, and tests kill importers, never PostgreSQL: it is
told not to wait for the disk.
"""

import os
import shutil
from pathlib import Path

from . import commands, places, service_user, system_packages
from .locks import locked
from .trouble import Trouble, say

ROLE = "odoo"
SUPERUSER = "postgres"

CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0777
port = {port}
max_connections = 200
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
jit = off
log_min_duration_statement = -1
"""


def socket_folder() -> Path:
    """Where the socket is: what libpq takes as the host."""
    return _home() / "socket"


def connection() -> dict[str, str]:
    """libpq's environment variables for Odoo's role."""
    return {
        "PGHOST": str(socket_folder()),
        "PGPORT": str(places.port("PG_PORT")),
        "PGUSER": ROLE,
    }


def ensure() -> None:
    """Start the cluster, made on first use. Does nothing when it runs."""
    with locked(places.state() / "postgres.lock"):
        if not (_data() / "PG_VERSION").exists():
            _create()
        if not is_running():
            _start()
            _ensure_role()


def is_running() -> bool:
    """Whether this cluster's own server answers."""
    return _try("pg_isready", "--quiet") and (_data() / "postmaster.pid").exists()


def stop() -> None:
    if (_data() / "postmaster.pid").exists():
        _as_server("pg_ctl", "stop", "-D", _data(), "-m", "fast", "-w", doing="Stopping PostgreSQL")


def databases() -> set[str]:
    return set(query("SELECT datname FROM pg_database WHERE NOT datistemplate").split())


def query(statement: str, database: str = "postgres") -> str:
    """Rows one a line, columns separated by ``|``."""
    command = [_program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]
    return commands.run(command, "A database query", env=_client_environment())


def drop(database: str) -> None:
    """Drop it whoever is connected.

    By force only clients can be sent away, and one autovacuum worker in a large database makes it
    fail; without force PostgreSQL stops its own workers.
    """
    if not _try("dropdb", "--if-exists", "--force", database):
        _client("dropdb", "--if-exists", database)


def rename(database: str, name: str) -> None:
    query(f'ALTER DATABASE "{database}" RENAME TO "{name}"')


def create(database: str, template: str = "template0") -> None:
    """Make a database, as a copy of another one that nobody is connected to.

    ``FILE_COPY`` is several times as fast as the default for whole Odoo databases when nothing
    waits for the disk.
    """
    words = ["--template", template, "--strategy", "file_copy"]
    if template == "template0":
        words += ["--encoding", "UTF8", "--locale", "C.UTF-8"]
    _client("createdb", *words, database)


def _home() -> Path:
    return places.state() / "postgres"


def _data() -> Path:
    return _home() / "data"


def _create() -> None:
    say("Making the PostgreSQL cluster.")
    shutil.rmtree(_home(), ignore_errors=True)
    for folder in (_home(), socket_folder()):
        folder.mkdir(mode=0o700)
        service_user.give(folder)
    words = ["--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    _as_server(
        "initdb", "-D", _data(), "-U", SUPERUSER, *words, doing="Making the PostgreSQL cluster"
    )


def _start() -> None:
    settings = CONFIGURATION.format(socket=socket_folder(), port=places.port("PG_PORT"))
    (_data() / "mail_task_import.conf").write_text(settings)
    main = _data() / "postgresql.conf"
    include = "include 'mail_task_import.conf'\n"
    if include not in main.read_text():
        with main.open("a") as file:
            file.write(include)
    log = _home() / "postgres.log"
    _as_server(
        "pg_ctl", "start", "-D", _data(), "-l", log, "-w", "-t", "60", doing="Starting PostgreSQL"
    )


def _ensure_role() -> None:
    """Odoo refuses to connect as ``postgres``, and needs no more than to make databases."""
    statement = f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"
    as_superuser = {**_client_environment(), "PGUSER": SUPERUSER}
    command = [_program("psql"), "-XAtq", "-d", "postgres", "-c"]
    if not commands.run([*command, statement], "Asking for a role", env=as_superuser).strip():
        statement = f"CREATE ROLE {ROLE} LOGIN CREATEDB"
        commands.run([*command, statement], "Making a role", env=as_superuser)


def _program(name: str) -> Path:
    folder = system_packages.postgresql_bin()
    if not folder:
        raise Trouble("PostgreSQL's server programs are missing. Install the package 'postgresql'.")
    return folder / name


def _client_environment() -> dict[str, str]:
    return {**os.environ, **connection()}


def _client(program: str, *words: str) -> None:
    commands.run([_program(program), *words], f"PostgreSQL's {program}", env=_client_environment())


def _try(program: str, *words: str) -> bool:
    try:
        _client(program, *words)
    except Trouble:
        return False
    return True


def _as_server(program: str, *words: str | Path, doing: str) -> None:
    """Run one of the server's own programs as the server's user."""
    command = [_program(program), *words]
    options = {"cwd": _home(), "env": {**os.environ, "LC_ALL": "C.UTF-8"}}
    commands.run(command, doing, **options, **service_user.popen_options())
