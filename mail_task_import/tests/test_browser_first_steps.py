"""First steps in a browser: from an empty Odoo to mail coming in, by clicks alone."""

import os

from playwright.sync_api import expect

from environment.smtp_sink import SmtpSink

from .browser_common import LOGIN, SECONDS, BrowserCase
from .common import build_mail

MINE, SECRET = "ann@newcomer.example", "her own secret"

SETTING_UP = """
parameters = env["ir.config_parameter"]
for name, value in (("allowed_hosts", "127.0.0.0/8"), ("allowed_ports", "1024-65535")):
    parameters.set_param("mail_task_import." + name, value)
service = {{
    "imap_host": "127.0.0.1", "imap_port": {imap}, "imap_security": "none",
    "smtp_host": "127.0.0.1", "smtp_port": {smtp}, "smtp_security": "none",
}}
env["mail.import.provider"].create(
    {{**service, "name": "Newcomer Mail", "domains": "newcomer.example,company.example"}})
env["res.users"].create({{
    "name": "Ann Newcomer", "login": "ann", "password": "ann", "email": "ann@newcomer.example",
    "group_ids": [(4, env.ref("base.group_user").id)]}})
env.ref("base.user_admin").write({{"password": "admin", "email": "admin@company.example"}})
project = env["project.project"].create({{"name": "Complaints"}})
env.cr.commit()
print("importer: done")
"""


class FirstStepsCase(BrowserCase):
    setting_up = SETTING_UP

    def _new_sink(self):
        return SmtpSink(users={MINE: SECRET, LOGIN: "secret"})

    def setUp(self):
        super().setUp()
        self.dovecot.add_user(MINE, SECRET)

    def log_in(self, login):
        # a browser of their own: what the one before still asks for would bring its session along
        browser = self.page.context.browser
        self.page.close()
        self.page = browser.new_page(viewport={"width": 1400, "height": 900})
        self.page.set_default_timeout(3 * SECONDS)
        self.page.goto(f"{self.odoo.url}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".o_main_navbar")

    def open_app(self):
        """As from the menu of all apps."""
        self.open("action-mail_task_import.action_mail_import_open")

    def stage(self, name, state="Done", nth=0):
        stages = self.page.locator(f"[data-stage={name}] [title='{state}']")
        expect(stages.nth(nth)).to_be_visible()

    def picture(self, name):
        """For people to look at, where a folder is named."""
        if folder := os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.screenshot(path=f"{folder}/{name}.png")

    def choose(self, name, value):
        self.page.check(f"input[name={name}][value={value}]")


class TestBrowserFirstSteps(FirstStepsCase):
    def test_two_fields_a_wrong_password_then_the_right_one_and_mail_comes_in(self):
        self.dovecot.deliver(MINE, build_mail(subject="Welcome, Ann", to=MINE))
        self.log_in("ann")
        self.open_app()
        page = self.page
        page.get_by_label("E-mail address").fill(MINE)
        page.get_by_label("Password of the mailbox").fill("wrong")
        expect(page.get_by_text("Newcomer Mail")).to_be_visible()
        page.click("button[name=connect]")
        self.stage("connect")
        self.stage("login", "Failed")
        self.picture("first-steps-wrong-password")
        expect(page.locator(".o_mail_import_trial")).to_contain_text("The server said")
        expect(page.locator(".o_mail_import_advice")).to_contain_text("password")
        page.get_by_label("Password of the mailbox").fill(SECRET)
        page.click("button[name=connect]")
        expect(page.get_by_text("It works")).to_be_visible()
        # going away, and coming back
        self.open("action-mail_task_import.action_mail_import_inbox")
        self.open_app()
        self.choose("visibility", "owner")
        self.picture("first-steps-visibility")
        page.click("button[name=decide]")
        self.choose("history", "month")
        self.picture("first-steps-history")
        page.click("button[name=start]")
        row = page.locator(".o_data_row", has_text="Welcome, Ann")
        expect(row).to_be_visible(timeout=3 * SECONDS)
        self.open_app()
        expect(page.locator(".o_data_row", has_text="Welcome, Ann")).to_be_visible()

    def test_an_administrator_sets_up_a_group_mailbox_and_a_rule_by_clicks(self):
        self.dovecot.deliver(LOGIN, build_mail(subject="A complaint", minutes_ago=0))
        self.open_app()
        page = self.page
        page.get_by_role("button", name="A group mailbox").click()
        page.get_by_label("E-mail address").fill(LOGIN)
        page.get_by_label("Password of the mailbox").fill("secret")
        page.click("button[name=connect]")
        expect(page.get_by_text("It works")).to_be_visible()
        page.check("input[name=letters_outside]")
        self.picture("first-steps-group")
        page.click("button[name=decide]")
        self.choose("history", "month")
        page.click("button[name=start]")
        expect(page.get_by_text("is active.")).to_be_visible()
        page.click("button[name=make_rule]")
        dialog = page.locator(".modal")
        dialog.get_by_label("With the Words").fill("complaint")
        dialog.get_by_label("Project").fill("Compl")
        page.locator(".o-autocomplete--dropdown-item", has_text="Complaints").click()
        dialog.get_by_role("button", name="Make It and Try It").click()
        dialog = page.locator(".modal", has_text="Nothing is stored")
        dialog.locator("[name=pasted] textarea").fill(
            "From: Ann <ann@customer.example>\nTo: support@company.example\n"
            "Subject: One more complaint\n\nIt is broken."
        )
        dialog.get_by_role("button", name="Test", exact=True).click()
        expect(dialog.locator("[name=result]")).to_contain_text("Complaints")
        dialog.get_by_role("button", name="Close").first.click()
        row = self.wait_for_mail("A complaint")
        row.click()
        page.click("button[name=action_make_rule]")
        dialog = page.locator(".modal", has_text="It Becomes")
        expect(dialog.get_by_label("Address or Domain")).to_have_value("customer.example")
        expect(dialog.get_by_label("With the Words")).to_have_value("A complaint")
        dialog.get_by_label("Project").fill("Compl")
        page.locator(".o-autocomplete--dropdown-item", has_text="Complaints").click()
        self.picture("make-a-rule")
        dialog.get_by_role("button", name="Make It and Try It").click()
        result = page.locator(".modal [name=result]")
        expect(result).to_contain_text("A complaint becomes Task")
        self.picture("make-a-rule-tried")
        self.open("action-mail_task_import.mail_import_mailbox_action")
        expect(page.locator("[data-item=connected] [title=Done]")).to_be_visible()
        expect(page.locator("[data-item=rule] [title=Done]")).to_be_visible()
        expect(page.locator("[data-item=trusted] [title='To do']")).to_be_visible()
        self.picture("first-steps-list")
        page.get_by_label("Close for good").click()
        expect(page.locator("[data-item=rule]")).to_have_count(0)
