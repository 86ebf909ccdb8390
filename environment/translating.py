"""The verb ``translations``: Odoo exports strings, and each language gets what is new."""

import re
import subprocess
from pathlib import Path

from . import addons, commands, databases, odoo_server, places, postgres, setting_up, virtualenv

DATES = re.compile(r'^"(POT-Creation|PO-Revision)-Date: .*$', re.MULTILINE)


def update() -> int:
    """Returns 1 where a string has no translation; they are printed."""
    setting_up.set_up()
    postgres.ensure()
    templates = [places.CHECKOUT / name / "i18n" / f"{name}.pot" for name in addons.ours()]
    before = {path: path.read_text() for path in templates if path.exists()}
    _export()
    for path, text in before.items():
        _restore_unchanged(path, text)
    # by the interpreter that has polib
    merge = [virtualenv.python(), "-m", "environment.translations", *addons.ours()]
    return subprocess.run(merge, cwd=places.CHECKOUT, check=False).returncode


def _export() -> None:
    with databases.copied("translations") as database:
        config = odoo_server.configuration(database, db_name=database)
        command = [virtualenv.python(), "-m", "odoo", "i18n", "export", "-c", config]
        try:
            commands.run([*command, *addons.ours()], "Exporting", cwd=places.state())
        finally:
            config.unlink()


def _restore_unchanged(path: Path, text: str) -> None:
    """A new date alone is no change."""
    if DATES.sub("", path.read_text()) == DATES.sub("", text):
        path.write_text(text)
