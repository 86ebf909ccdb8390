"""Odoo's web client starts in a real browser, with its icons: what every tour stands on."""

from odoo.tests import HttpCase, tagged

ICONS = "Array.from(document.fonts).some(font => font.family.includes('FontAwesome'))"


@tagged("post_install", "-at_install")
class TestBrowser(HttpCase):
    def test_the_web_client_starts(self):
        self.browser_js(
            "/odoo",
            f"if ({ICONS}) console.log('test successful'); else console.error('no icons');",
            ready="document.querySelector('.o_main_navbar')",
            login="admin",
        )
