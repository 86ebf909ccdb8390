"""The verb ``lint``: all checks run, whatever the others say; ``ONLY=ruff`` runs one."""

import os
import subprocess
from collections.abc import Callable

from . import addons, house_rules, places, setting_up, virtualenv
from .trouble import Trouble


def lint() -> int:
    """Returns 0 if nothing was found."""
    setting_up.set_up()
    only = os.environ.get("ONLY")
    if only and only not in CHECKS:
        raise Trouble(f"There is no check {only!r}; choose one of {', '.join(CHECKS)}.")
    names = [only] if only else list(CHECKS)
    failed = [name for name in names if not CHECKS[name]()]
    print(f"Found something: {', '.join(failed)}" if failed else "Nothing found.")
    return 1 if failed else 0


def _tool(name: str, *words: str) -> bool:
    command = [str(virtualenv.path() / "bin" / name), *words]
    return subprocess.run(command, cwd=places.CHECKOUT, check=False).returncode == 0


def _ruff() -> bool:
    return _tool("ruff", "check", "--quiet", ".")


def _format() -> bool:
    """``ruff format`` puts right what this finds."""
    return _tool("ruff", "format", "--quiet", "--check", "--output-format", "concise", ".")


def _pylint() -> bool:
    return not addons.ours() or _tool("pylint", *addons.ours())


def _oca() -> bool:
    return not addons.ours() or _tool("oca-checks-odoo-module", *addons.ours())


def _po() -> bool:
    files = [
        str(path) for name in addons.ours() for path in (places.CHECKOUT / name).glob("i18n/*.po*")
    ]
    return not files or _tool("oca-checks-po", *files)


def _house() -> bool:
    violations = house_rules.check(places.CHECKOUT)
    for violation in violations:
        print(violation)
    return not violations


CHECKS: dict[str, Callable[[], bool]] = {
    "ruff": _ruff,
    "format": _format,
    "pylint": _pylint,
    "oca": _oca,
    "po": _po,
    "house": _house,
}
