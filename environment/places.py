"""Where everything lives, and on which port it answers. Creates nothing but the folders asked for.

The *cache* holds what was downloaded and can be shared by all checkouts of a user; the *state*
holds clusters, databases and logs, one for each checkout, so that two checkouts never meet.
"""

import hashlib
import os
import socket
from pathlib import Path

from .trouble import Trouble

NAME = "mail_task_import"
HOST = "127.0.0.1"
CHECKOUT = Path(__file__).resolve().parent.parent

# Uncommon on purpose: a developer's own Odoo, mail server or web server is usually running already.
PORTS = {
    "ODOO_PORT": 8969,
    "IMAP_PORT": 8943,
    "IMAPS_PORT": 8993,
    "POP_PORT": 8910,
    "SMTP_PORT": 8925,
    "SINK_HTTP_PORT": 8980,
    "PG_PORT": 8932,
}


def cache() -> Path:
    """Downloads, the unpacked Odoo and the virtual environment."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return _made(Path(base) / NAME)


def state() -> Path:
    """Cluster, filestore, mail, logs and pid files of this checkout."""
    if os.geteuid() == 0:
        base = Path("/var/lib")
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    key = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]
    return _made(base / NAME / key)


def logs() -> Path:
    return _made(state() / "log")


def port(name: str) -> int:
    """The port of that name: the environment's (``ODOO_PORT=…``), or the default."""
    value = os.environ.get(name) or PORTS[name]
    try:
        return int(value)
    except ValueError:
        raise Trouble(f"{name} should be a port number, not {value!r}.") from None


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def answers(number: int) -> bool:
    """Whether something listens on that loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, number)) == 0


def check_port_is_free(name: str) -> int:
    """The port of that name; says which variable to set when somebody else has it."""
    number = port(name)
    if answers(number):
        raise Trouble(f"Port {number} is taken. Choose another one: make run {name}=…")
    return number


def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path
