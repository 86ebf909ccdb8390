"""The virtual environment that Odoo, the tests and the checks run in.

It lies in the cache, named after what goes into it: another requirement or another Odoo makes
another environment, and one that is complete is never touched again.
"""

import hashlib
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from . import commands, odoo_source, places
from .trouble import Trouble, say

HERE = Path(__file__).parent
REQUIREMENTS = tuple(
    HERE / name for name in ("requirements.txt", "constraints.txt", "requirements-addons.txt")
)
SUPPORTED = ((3, 11), (3, 13))  # so say the wheels of requirements.txt


def path() -> Path:
    return places.cache() / f"venv-{_key()}"


def python() -> Path:
    return path() / "bin" / "python"


def ensure() -> Path:
    """Make the environment unless it is complete; returns its Python.

    The caller holds the cache's lock.
    """
    if not _complete().exists():
        _check_version()
        say("Installing Odoo's Python packages.")
        shutil.rmtree(path(), ignore_errors=True)
        _make()
        _complete().touch()
    return python()


def _key() -> str:
    """Changes with the requirements, the Python and the place of Odoo."""
    digest = hashlib.sha256()
    for file in REQUIREMENTS:
        digest.update(file.read_bytes())
    digest.update(f"{sys.version_info[:2]} {odoo_source.path()}".encode())
    return digest.hexdigest()[:12]


def _complete() -> Path:
    """Exists when every step of the installation went through."""
    return path() / "complete"


def _check_version() -> None:
    lowest, highest = SUPPORTED
    if not lowest <= sys.version_info[:2] <= highest:
        raise Trouble(
            f"Python {_version(sys.version_info)} will not do: Odoo 19 and its wheels need "
            f"{_version(lowest)} to {_version(highest)}. Choose one: make … PYTHON=python3.11"
        )


def _version(numbers: Sequence[int | str]) -> str:
    return f"{numbers[0]}.{numbers[1]}"


def _make() -> None:
    commands.run([sys.executable, "-m", "venv", path()], "Making the virtual environment")
    _install("-r", REQUIREMENTS[0])
    _install("--no-deps", "-r", REQUIREMENTS[2])
    (site_packages,) = path().glob("lib/python*/site-packages")
    (site_packages / "odoo-source.pth").write_text(f"{odoo_source.path()}\n")


def _install(*words: str | Path) -> None:
    pip = [python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    commands.run([*pip, *words], "Installing Python packages")
