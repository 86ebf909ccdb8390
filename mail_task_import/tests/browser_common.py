"""The stage of walks in a browser: Odoo's own scheduler, a committed database, a real Dovecot."""

import contextlib
import os
import resource
import unittest

from playwright.sync_api import expect, sync_playwright

from environment.databases import copied
from environment.dovecot import Dovecot
from environment.smtp_sink import SmtpSink

from .odoo_process import OdooProcess
from .odoo_shell import run

LOGIN = "support@company.example"
SECONDS = 30_000  # milliseconds that the scheduler of a busy machine may take

SETTING_UP = """
mailbox = env["mail.import.mailbox"].create({{
    "name": "Support", "kind": "group", "address": "support@company.example",
    "member_ids": [env.ref("base.user_admin").id], "host": "127.0.0.1", "port": {imap},
    "security": "none", "password": "secret", "act_since": "2000-01-01 00:00:00",
    "smtp_host": "127.0.0.1", "smtp_port": {smtp}, "smtp_security": "none",
    "smtp_sign_in": False, "letters_outside": True, "state": "active", "interval": 1,
    "default_target_id": env.ref("mail_task_import.target_lead").id,
}})
env["mail.import.signature"].create(
    {{"mailbox_id": mailbox.id, "name": "Company Support", "body": "<p>Your support team</p>"}})
env.ref("base.user_admin").write({{"password": "admin", "group_ids": [
    (4, env.ref("crm.group_use_lead").id), (4, env.ref("sales_team.group_sale_manager").id)]}})
env["res.partner"].create({{"name": "Ann Customer", "email": "ann@customer.example"}})
env.cr.commit()
print("importer: done")
"""


class BrowserCase(unittest.TestCase):
    setting_up = SETTING_UP
    """A script; ``{imap}`` and ``{smtp}`` are the ports of the mail servers."""

    def setUp(self):
        super().setUp()
        self.dovecot = Dovecot()
        self.dovecot.start()
        self.addCleanup(self.dovecot.remove)
        self.dovecot.add_user(LOGIN, "secret")
        self.sink = self.enterContext(self._new_sink())
        self.database = self.enterContext(copied("browser"))
        script = self.setting_up.format(imap=self.dovecot.imap_port, smtp=self.sink.port)
        run(self.database, script)
        self.odoo = self.enterContext(OdooProcess(self.database))
        self.page = self._browser_page()

    def _new_sink(self):
        return SmtpSink()

    def _browser_page(self):
        # Odoo bounds the address space of its process; Chromium's sandboxes reserve far more
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_AS, (soft, hard))
        playwright = self.enterContext(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        self.addCleanup(browser.close)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(SECONDS)
        page.goto(f"{self.odoo.url}/web/login")
        page.fill("input[name=login]", "admin")
        page.fill("input[name=password]", "admin")
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")
        return page

    def tearDown(self):
        super().tearDown()
        if os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.screenshot(path=f"{os.environ['MAIL_IMPORT_SCREENSHOTS']}/{self.id()}.png")

    def shoot(self, name):
        """A picture on the way, where somebody wants to look at them."""
        if folder := os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.wait_for_timeout(800)
            self.page.screenshot(path=f"{folder}/{name}.png")

    @contextlib.contextmanager
    def saving(self):
        """What is done within saves the form; wait until the server has it and the form knows."""
        with self.page.expect_response("**/web_save"):
            yield
        expect(self.page.locator(".o_form_status_indicator_buttons.invisible")).to_be_attached()

    def open(self, path):
        self.page.goto(f"{self.odoo.url}/odoo/{path}")

    def fetch_now(self):
        """Press *Fetch Now*; the scheduler does the work."""
        self.open("action-mail_task_import.mail_import_mailbox_action")
        support = self.page.locator(".o_kanban_record", has_text="Support")
        with self.page.expect_response("**/call_button/**"):
            support.get_by_text("Fetch Now").click()

    def wait_for_mail(self, text):
        """Look into the inbox until the mail is there."""
        for _look in range(30):
            self.open("action-mail_task_import.action_mail_import_inbox")
            row = self.page.locator(".o_data_row", has_text=text).first
            try:
                expect(row).to_be_visible(timeout=2000)
                return row
            except AssertionError:
                continue
        raise self.failureException(f"“{text}” never came into the inbox")
