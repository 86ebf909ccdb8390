"""Where the demo's parts are, for its own processes and for those who want to look at them."""

import base64
import json
import os
from pathlib import Path

from . import places, processes
from .dovecot import Dovecot

DATABASE = "demo"
CUSTOMER = "customer"  # the mailbox of everybody who has none


def folder() -> Path:
    path = places.state() / "demo"
    path.mkdir(exist_ok=True)
    return path


def dovecot() -> Dovecot:
    """The demo's mail server, running or not."""
    return Dovecot(
        folder() / "dovecot",
        imap_port=places.port("IMAP_PORT"),
        imaps_port=places.port("IMAPS_PORT"),
        pop_port=places.port("POP_PORT"),
    )


def odoo() -> processes.Background:
    return processes.Background("odoo", places.logs())


def watcher() -> processes.Background:
    return processes.Background("watcher", places.logs())


def sink() -> processes.Background:
    return processes.Background("sink", places.logs())


def ports() -> dict[str, int]:
    """Those that the demo is asked to answer on. The database server is not the demo's alone."""
    return {name: places.port(name) for name in places.PORTS if name != "PG_PORT"}


def keep_ports() -> dict[str, int]:
    """Let the ports that nobody names be those that the demo had; returns these."""
    had = json.loads(_ports_file().read_text()) if _ports_file().exists() else {}
    for name, number in had.items():
        os.environ[name] = os.environ.get(name) or str(number)
    return had


def note_ports() -> None:
    _ports_file().write_text(json.dumps(ports()))


def _ports_file() -> Path:
    return folder() / "ports.json"


def password_key() -> str:
    """What the demo's passwords are encrypted under; made once, and gone with the demo."""
    file = folder() / "password_key"
    if not file.exists():
        file.touch(mode=0o600)
        # as Fernet wants it; this Python need not have the library
        file.write_text(base64.urlsafe_b64encode(os.urandom(32)).decode())
    return file.read_text()


def allowances() -> dict[str, str]:
    """System parameters by which personal mailboxes may use the servers of this machine."""
    return {
        "mail_task_import.own_hosts": "True",
        "mail_task_import.allowed_hosts": f"{places.HOST}, localhost",
        "mail_task_import.allowed_ports": "1024-65535",
    }


def parameters() -> dict[str, str]:
    """System parameters from which the add-on's demo data takes its servers."""
    return {
        "mail_task_import.demo_imap_host": places.HOST,
        "mail_task_import.demo_imap_port": str(places.port("IMAP_PORT")),
        "mail_task_import.demo_smtp_host": places.HOST,
        "mail_task_import.demo_smtp_port": str(places.port("SMTP_PORT")),
        "web.base.url": f"http://localhost:{places.port('ODOO_PORT')}",
    }
