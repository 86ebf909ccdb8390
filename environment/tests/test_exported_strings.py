"""The templates of translations hold what Odoo exports today: no string of ours is left out."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import polib

from environment import addons, places

SECONDS = 300


def _exported(module: str, folder: Path) -> set[tuple[str | None, str]]:
    target = folder / f"{module}.pot"
    command = [
        os.environ["MAIL_IMPORT_PYTHON"], "-m", "odoo", "i18n", "export",
        "-c", os.environ["MAIL_IMPORT_CONFIG"], "-o", target, module,
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return _strings(target)


def _strings(path: Path) -> set[tuple[str | None, str]]:
    return {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path))}


class TestExportedStrings(unittest.TestCase):
    def test_the_templates_are_up_to_date(self):
        with tempfile.TemporaryDirectory() as folder:
            for module in addons.ours():
                committed = places.CHECKOUT / module / "i18n" / f"{module}.pot"
                with self.subTest(module):
                    exported, known = _exported(module, Path(folder)), _strings(committed)
                    new, gone = sorted(exported - known), sorted(known - exported)
                    self.assertEqual((new, gone), ([], []), "Run: make translations")
