"""The page for those who come from other systems names things as they stand on the screen."""

import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

PAGE = Path(__file__).parents[2] / "docs" / "from_other_systems.md"
ROW = re.compile(r"^\|(?! TrackStudio|---).*\|(?P<here>[^|]*)\|$", re.MULTILINE)
NAMED = re.compile(r"(?<![\w*])\*(?P<name>[^*]+)\*(?!\w)")
OF_ODOO = {"Email Marketing"}


@tagged("post_install", "-at_install")
class TestFromOtherSystems(TransactionCase):
    def test_what_it_names_is_on_the_screen(self):
        page = PAGE.read_text()
        named = {
            match["name"] for row in ROW.finditer(page) for match in NAMED.finditer(row["here"])
        }
        self.assertGreater(len(named), 60)
        self.assertFalse(sorted(named - self._on_screen() - OF_ODOO))

    def _on_screen(self):
        """Labels of our fields and their values, menus, and what stands in our views."""
        found = set(self.env["ir.ui.menu"].search([]).mapped("name"))
        for name in self.env:
            if name.startswith("mail.import."):
                for field in self.env[name].fields_get().values():
                    found.add(field["string"])
                    found.update(label for _key, label in field.get("selection", ()))
        views = self.env["ir.ui.view"].search([("model", "=like", "mail.import.%")])
        for view in views:
            found.update(re.findall(r'string="([^"]+)"', view.arch_db))
        found.update(self.env["mail.import.target"].search([]).mapped("name"))
        return {text.replace("&amp;", "&") for text in found}
