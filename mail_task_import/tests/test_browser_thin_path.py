"""The thin path as an agent walks it: a browser, Odoo's own scheduler, a committed database."""

import os
import resource
import unittest

from playwright.sync_api import expect, sync_playwright

from environment.databases import copied
from environment.dovecot import Dovecot
from environment.smtp_sink import SmtpSink

from .common import build_mail
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


class TestBrowserThinPath(unittest.TestCase):
    def setUp(self):
        super().setUp()
        self.dovecot = Dovecot()
        self.dovecot.start()
        self.addCleanup(self.dovecot.remove)
        self.dovecot.add_user(LOGIN, "secret")
        self.sink = self.enterContext(SmtpSink())
        self.database = self.enterContext(copied("browser"))
        run(self.database, SETTING_UP.format(imap=self.dovecot.imap_port, smtp=self.sink.port))
        self.odoo = self.enterContext(OdooProcess(self.database))
        self.page = self._browser_page()

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

    def open(self, path):
        self.page.goto(f"{self.odoo.url}/odoo/{path}")

    def fetch_now(self):
        """Press *Fetch Now*; the scheduler does the work."""
        self.open("action-mail_task_import.mail_import_mailbox_action")
        self.page.locator(".o_kanban_record", has_text="Support").get_by_text("Fetch Now").click()

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

    def test_write_begins_a_draft(self):
        self.open("action-mail_task_import.action_mail_import_inbox")
        self.page.click("button[name=action_compose]")
        expect(self.page.locator("button[name=action_send]")).to_be_visible()
        expect(self.page.locator(".odoo-editor-editable")).to_contain_text("Your support team")

    def test_question_answer_and_reply_in_the_browser(self):
        self.dovecot.deliver(LOGIN, build_mail(message_id="<q@customer.example>"))
        self.fetch_now()
        self.wait_for_mail("Question about an order").click()
        frame = self.page.frame_locator("iframe[src*='/mail_import/'], .o_mail_import_frame iframe")
        expect(frame.locator("body")).to_contain_text("where is my order")
        self.page.click("button[name=action_reply]")
        editor = self.page.locator(".odoo-editor-editable")
        editor.click()
        self.page.keyboard.press("Control+Home")
        self.page.keyboard.type("It left yesterday.")
        self.page.click("button[name=action_send]")
        (sent,) = self.sink.wait_for(1, seconds=60)
        self.assertIn("Company Support", sent.message["From"])
        self.assertEqual(sent.message["In-Reply-To"], "<q@customer.example>")
        self.dovecot.deliver(
            LOGIN,
            build_mail(
                subject="Re: Question about an order",
                text="Thank you very much!",
                in_reply_to=str(sent.message["Message-ID"]),
                minutes_ago=0,
            ),
        )
        self.fetch_now()
        self.wait_for_mail("Thank you very much!").click()
        self.page.get_by_role("tab", name="Linked Records").click()
        self.page.click("[name=link_ids] button[name=action_open_record] >> nth=0")
        chatter = self.page.locator(".o-mail-Chatter")
        for text in ("where is my order", "It left yesterday.", "Thank you very much!"):
            expect(chatter.locator(".o-mail-Message", has_text=text).first).to_be_visible()
