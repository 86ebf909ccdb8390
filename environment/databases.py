"""Odoo databases that are ready to be copied.

Installing takes from seconds to a minute, copying takes less than a second. Two templates are kept in the
cluster: the host with all add-ons that ours meet, and the same with ours. Each carries in its name what
it was made from; when that changes, it is made anew.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import addons, odoo_server, places, postgres, virtualenv
from .locks import locked
from .trouble import Trouble, say

HOST = "template_host_"
OURS = "template_ours_"
UNFINISHED = "template_unfinished"


@contextmanager
def copied(prefix: str = "copy") -> Iterator[str]:
    """The name of a fresh database with the host and our add-ons, dropped afterwards."""
    name = f"{prefix}_{os.getpid()}_{os.urandom(3).hex()}"
    with locked(places.state() / "databases.lock"):
        copy(_ours(), name)
    try:
        yield name
    finally:
        drop(name)


def copy(source: str, name: str) -> None:
    """Copy a database that nobody is connected to, with its filestore.

    The files are linked: Odoo names them after their content and never writes into one.
    """
    drop(name)
    postgres.create(name, template=source)
    if _filestore(source).is_dir():
        shutil.copytree(_filestore(source), _filestore(name), copy_function=os.link)


def drop(name: str) -> None:
    postgres.drop(name)
    shutil.rmtree(_filestore(name), ignore_errors=True)


def _ours() -> str:
    """The template with our add-ons. Without any (a checkout just begun) it is the host's."""
    host = _host()
    if not addons.ours():
        return host
    return _template(OURS, _key(host, addons.digest()), addons.ours(), host)


def _host() -> str:
    key = _key(virtualenv.path().name, *addons.HOST)
    return _template(HOST, key, addons.HOST, None)


def _template(prefix: str, key: str, modules: tuple[str, ...] | list[str], base: str | None) -> str:
    """Make the template unless it is there; older ones of its kind go."""
    name = prefix + key
    existing = postgres.databases()
    if name in existing:
        return name
    for outdated in [database for database in existing if database.startswith(prefix)]:
        drop(outdated)
    say(f"Installing {', '.join(modules)} into a template for tests.")
    if base:
        copy(base, UNFINISHED)
    else:
        drop(UNFINISHED)
        postgres.create(UNFINISHED)
    _install(modules)
    postgres.rename(UNFINISHED, name)
    if _filestore(UNFINISHED).is_dir():
        _filestore(UNFINISHED).rename(_filestore(name))
    return name


def _install(modules: tuple[str, ...] | list[str]) -> None:
    log = odoo_server.install(UNFINISHED, modules)
    for line in log.splitlines():
        if any(name in line for name in addons.OURS):
            print(line)
    statement = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    missing = set(modules) - set(postgres.query(statement, UNFINISHED).split())
    if missing:
        raise Trouble(f"Odoo did not install {', '.join(sorted(missing))}:\n{log[-3000:]}")


def _key(*words: str) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:12]


def _filestore(name: str) -> Path:
    return odoo_server.data_folder() / "filestore" / name
