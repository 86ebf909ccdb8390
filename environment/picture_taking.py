"""Goes through the demo's screens: ``python -m environment.picture_taking URL FOLDER``.

By the interpreter that has playwright; what is shown, and in which languages and widths, is listed.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from .commands import find
from .demo_newcomer import ADDRESS, LOGIN, PASSWORD

SIZES = {"desktop": (1400, 900), "phone": (390, 844)}
LANGUAGES = {"en": "en_US", "ru": "ru_RU"}
PATIENCE = 60_000  # milliseconds
SETTLING = 2000  # milliseconds; pictures and counters that come after the page
MODULE = "action-mail_task_import"


class Screen(NamedTuple):
    """Where it is, what has to be seen, what is done then, whose it is, and at which size alone."""

    name: str
    path: str
    shows: str
    act: Callable[[Page], None] | None = None
    login: str = "admin"
    size: str = ""


def _first_row(page: Page) -> None:
    page.locator(".o_data_row .o_data_cell[name=subject]").first.click()
    page.wait_for_selector(".o_form_view iframe")


def _first_card(page: Page) -> None:
    page.locator(".o_kanban_record:not(.o_kanban_ghost)").first.click()
    page.wait_for_selector(".o_form_view .o_notebook")


def _make_rule(page: Page) -> None:
    _first_row(page)
    page.locator("button[name=action_make_rule]").first.click()
    page.wait_for_selector(".modal [name=target_id]")


def _address(page: Page) -> None:
    page.fill("#mail_import_address", ADDRESS)
    page.locator("#mail_import_address").blur()
    page.wait_for_selector(".o_mail_import_first_steps .form-text .fa-check")


MAILBOXES = f"{MODULE}.mail_import_mailbox_action"
SCREENS = (
    Screen("inbox", "mail-inbox", ".o_data_row"),
    Screen("email", "mail-inbox", ".o_data_row", _first_row),
    Screen("mailboxes", MAILBOXES, ".o_kanban_record"),
    Screen("mailbox", MAILBOXES, ".o_kanban_record", _first_card),
    Screen("rules", f"{MODULE}.mail_import_rule_action", ".o_list_view, .o_nocontent_help"),
    Screen("filters", f"{MODULE}.mail_import_filter_action", ".o_list_view, .o_nocontent_help"),
    Screen("signatures", f"{MODULE}.mail_import_signature_action", ".o_list_view"),
    Screen("first_steps_group", "mail-start-group", ".o_mail_import_card"),
    Screen("first_steps", "mail-start", "#mail_import_address", _address, LOGIN),
    Screen("make_a_rule", "mail-inbox", ".o_data_row", _make_rule, size="desktop"),
)
PASSWORDS = {"admin": "admin", LOGIN: PASSWORD}


def main(url: str, folder: Path) -> int:
    failed = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for size in SIZES:
            for login in PASSWORDS:
                for language in LANGUAGES:
                    failed += _session(browser, url, folder, size, login, language)
        browser.close()
    for name in failed:
        print(f"No picture of {name}", file=sys.stderr)
    return 1 if failed else 0


def _session(
    browser: Browser, url: str, folder: Path, size: str, login: str, language: str
) -> list[str]:
    """:returns: the names of what could not be shown"""
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE)
    _log_in(page, url, login)
    _speak(page, LANGUAGES[language])
    failed = []
    for screen in SCREENS:
        if screen.login == login and screen.size in ("", size):
            name = f"{screen.name}-{size}-{language}"
            try:
                _take(page, url, screen, folder / f"{name}.png")
            except Exception as error:
                failed.append(f"{name}: {str(error).splitlines()[0]}")
    _speak(page, LANGUAGES["en"])
    page.close()
    return failed


def _log_in(page: Page, url: str, login: str) -> None:
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORDS[login])
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar")


def _speak(page: Page, language: str) -> None:
    """The user's own preference, as it is changed in the menu."""
    page.evaluate(
        """async (lang) => {
            const { user } = odoo.loader.modules.get("@web/core/user");
            const { rpc } = odoo.loader.modules.get("@web/core/network/rpc");
            await rpc("/web/dataset/call_kw/res.users/write", {
                model: "res.users", method: "write", args: [[user.userId], { lang }], kwargs: {},
            });
        }""",
        language,
    )


def _take(page: Page, url: str, screen: Screen, target: Path) -> None:
    page.goto(f"{url}/odoo/{screen.path}")
    page.locator(screen.shows).first.wait_for()
    if screen.act:
        screen.act(page)
    page.wait_for_timeout(SETTLING)
    page.screenshot(path=target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
