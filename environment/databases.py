"""Odoo databases that are ready to be copied.

Installing takes from seconds to a minute, copying takes less than a second. Two templates are
kept in the cluster: the host with all add-ons that ours meet, and the same with ours; the demo
has a third, the host's own tests a fourth, and the benchmark has both filled with mail. Each
carries in its name what it was made from; when that changes, it is made anew.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import addons, odoo_server, places, postgres, virtualenv
from .locks import locked
from .trouble import Trouble, say

UNFINISHED = "template_unfinished"


@contextmanager
def copied(prefix: str = "copy") -> Iterator[str]:
    """The name of a fresh database with the host and our add-ons, dropped afterwards."""
    with _copied(_ours, prefix) as name:
        yield name


@contextmanager
def copied_host(prefix: str = "copy") -> Iterator[str]:
    """The same with the host's add-ons only."""
    with _copied(_host, prefix) as name:
        yield name


@contextmanager
def copied_host_with(modules: Sequence[str], prefix: str = "copy") -> Iterator[str]:
    """The same with more of the host's add-ons: those that hold nothing but tests."""

    def template() -> str:
        host = _host()
        name = f"template_more_{_key(host, *modules)}"
        return _template(name, lambda: _install_unfinished(modules, base=host))

    with _copied(template, prefix) as name:
        yield name


@contextmanager
def copied_filled(side: str, contents: str, fill: Callable[[str], None], prefix: str = "copy"):
    """A fresh database with more in it.

    :param side: "ours" or "host": what it is built upon
    :param contents: changes when ``fill`` fills in something else
    :param fill: takes the name of a database, and leaves no connection to it
    """

    def template() -> str:
        base = {"ours": _ours, "host": _host}[side]()
        name = f"template_filled{side}_{_key(base, contents)}"
        return _template(name, lambda: _fill_unfinished(base, fill))

    with _copied(template, prefix) as name:
        yield name


def _fill_unfinished(base: str, fill: Callable[[str], None]) -> None:
    say(f"Filling a copy of {base}.")
    _begin(base)
    fill(UNFINISHED)


@contextmanager
def _copied(template: Callable[[], str], prefix: str) -> Iterator[str]:
    name = f"{prefix}_{os.getpid()}_{os.urandom(3).hex()}"
    with locked(_lock()):
        copy(template(), name)
    try:
        yield name
    finally:
        drop(name)


def drop_of(pid: int) -> None:
    """Drop what a process has copied and, being killed, could not drop itself."""
    for name in postgres.databases():
        if re.search(rf"_{pid}_[0-9a-f]{{6}}(_|$)", name):
            drop(name)


def copy_host_with_demo(name: str) -> None:
    """Make a database with the host's add-ons and their demo data."""
    with locked(_lock()):
        copy(_host(with_demo=True), name)


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


def install(database: str, modules: Sequence[str], with_demo: bool = False) -> None:
    """Install add-ons, show what Odoo has to say on ours, and check that they are there."""
    log = odoo_server.install(database, modules, with_demo)
    for line in log.splitlines():
        if any(name in line for name in addons.OURS):
            print(line)
    statement = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    missing = set(modules) - set(postgres.query(statement, database).split())
    if missing:
        raise Trouble(f"Odoo did not install {', '.join(sorted(missing))}:\n{log[-3000:]}")


def _ours() -> str:
    """The template with our add-ons. Without any (a checkout just begun) it is the host's."""
    host = _host()
    if not addons.ours():
        return host
    name = f"template_ours_{_key(host, addons.digest())}"
    return _template(name, lambda: _install_unfinished(addons.ours(), base=host))


def _host(with_demo: bool = False) -> str:
    kind = "demo" if with_demo else "host"
    name = f"template_{kind}_{_key(virtualenv.path().name, *addons.HOST)}"
    return _template(name, lambda: _install_unfinished(addons.HOST, with_demo=with_demo))


def _template(name: str, make_unfinished: Callable[[], None]) -> str:
    """Make the template unless it is there; older ones of its kind go."""
    existing = postgres.databases()
    if name in existing:
        return name
    kind = name.rpartition("_")[0]
    for outdated in [database for database in existing if database.startswith(f"{kind}_")]:
        drop(outdated)
    make_unfinished()
    postgres.rename(UNFINISHED, name)
    if _filestore(UNFINISHED).is_dir():
        _filestore(UNFINISHED).rename(_filestore(name))
    return name


def _install_unfinished(
    modules: Sequence[str], base: str | None = None, with_demo: bool = False
) -> None:
    say(f"Installing {', '.join(modules)} into a template database.")
    _begin(base)
    install(UNFINISHED, modules, with_demo)


def _begin(base: str | None) -> None:
    if base:
        copy(base, UNFINISHED)
    else:
        drop(UNFINISHED)
        postgres.create(UNFINISHED)


def _key(*words: str) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:12]


def _filestore(name: str) -> Path:
    return odoo_server.data_folder() / "filestore" / name


def _lock() -> Path:
    return places.state() / "databases.lock"
