"""Programs that come from the system: found, or installed with apt-get when we are root.

Whether apt-get succeeded is judged by the program being there afterwards: its exit code also speaks
of packages that somebody else left half configured.
"""

import ctypes.util
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from . import places
from .trouble import Trouble, say

POLICY = Path("/usr/sbin/policy-rc.d")

LIBRARIES = ("/usr/lib", "/usr/libexec", "/usr/local/libexec")

# Packages that make the system run a server of its own on the usual ports.
SERVICES = {"dovecot-imapd": "dovecot", "exim4-daemon-light": "exim4", "postgresql": "postgresql"}


class Need(NamedTuple):
    """Something the system should have, and the Debian packages that bring it."""

    what: str
    is_there: Callable[[], bool]
    packages: tuple[str, ...]


def ensure() -> None:
    """Install what is missing, or say what to install when we are not root."""
    missing = _missing()
    if not missing:
        return
    packages = [package for need in missing for package in need.packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Installing {', '.join(need.what for need in missing)}.")
        _install(packages)
        missing = _missing()
    if missing:
        raise Trouble(
            f"Missing on this machine: {', '.join(need.what for need in missing)}. "
            f"Install as root: apt-get install {' '.join(packages)}"
        )


def postgresql_bin() -> Path | None:
    """The folder of the newest PostgreSQL server's programs."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return max(folders, key=_major_version, default=None)


def _major_version(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _command(*names: str) -> Callable[[], bool]:
    path = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
    return lambda: any(shutil.which(name, path=path) for name in names)


def _pop_is_there() -> bool:
    return any(Path(folder, "dovecot/pop3-login").exists() for folder in LIBRARIES)


def _chinese_font() -> bool:
    """Tests and screenshots show mail in scripts that a bare server cannot draw."""
    listing = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
    return bool(listing.stdout.strip())


NEEDS = (
    Need("PostgreSQL", lambda: postgresql_bin() is not None, ("postgresql",)),
    Need("Dovecot", _command("dovecot"), ("dovecot-imapd", "dovecot-pop3d")),
    Need("Dovecot's POP3", _pop_is_there, ("dovecot-pop3d",)),
    Need("Exim", _command("exim4", "exim"), ("exim4-daemon-light",)),
    Need("Chromium", _command("chromium", "google-chrome"), ("chromium",)),
    Need("openssl", _command("openssl"), ("openssl",)),
    Need("npm", _command("npm"), ("npm",)),
    Need("fontconfig", _command("fc-list"), ("fontconfig", "fonts-dejavu-core")),
    Need(
        "a Chinese font", lambda: _command("fc-list")() and _chinese_font(), ("fonts-wqy-zenhei",)
    ),
    Need("libmagic", lambda: ctypes.util.find_library("magic") is not None, ("libmagic1",)),
)


def _missing() -> list[Need]:
    return [need for need in NEEDS if not need.is_there()]


def _install(packages: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _services_not_started(), (places.logs() / "apt.log").open("ab") as log:
        options = {"env": environment, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **options)
        command = ["apt-get", "install", "-qq", "--no-install-recommends", *packages]
        subprocess.run(command, check=False, **options)
    for package, service in SERVICES.items():
        if package in packages:
            _keep_from_starting_at_boot(service)


@contextmanager
def _services_not_started() -> Iterator[None]:
    """Debian starts a server when it is installed; we start ours by hand, on other ports."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def _keep_from_starting_at_boot(service: str) -> None:
    if shutil.which("systemctl"):
        # one by one: a unit that there is none of would stop the others
        for unit in (f"{service}.service", f"{service}.socket", f"{service}-base.timer"):
            subprocess.run(["systemctl", "disable", unit], capture_output=True, check=False)
    elif shutil.which("update-rc.d"):
        subprocess.run(["update-rc.d", service, "disable"], capture_output=True, check=False)
