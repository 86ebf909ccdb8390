"""Odoo's web client starts in a real browser, with its icons: what every tour stands on."""

from odoo.tests import HttpCase, tagged

LOAD_ICONS = """
document.fonts.load("1em FontAwesome").then(
    (fonts) => fonts.length ? console.log("test successful") : console.error("no icon font"),
    (error) => console.error(error),
);
"""


@tagged("post_install", "-at_install")
class TestBrowser(HttpCase):
    def test_the_web_client_starts(self):
        is_ready = "Boolean(document.querySelector('.o_main_navbar'))"
        self.browser_js("/odoo", LOAD_ICONS, ready=is_ready, login="admin")
