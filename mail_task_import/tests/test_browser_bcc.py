"""Blind copies and failed e-mails in a browser: what recipients, colleagues and writers see."""

from playwright.sync_api import expect

from .browser_common import SETTING_UP, BrowserCase

COLLEAGUE = """
bob = env["res.users"].create({{
    "name": "Bob Colleague", "login": "bob", "password": "bob", "email": "bob@company.example",
    "group_ids": [(4, env.ref("base.group_user").id)]}})
mailbox.member_ids += bob
env.cr.commit()
"""


class TestBrowserBcc(BrowserCase):
    setting_up = SETTING_UP.replace("env.cr.commit()\n", COLLEAGUE, 1)

    def write(self, subject, **addresses):
        self.open("action-mail_task_import.action_mail_import_inbox")
        self.page.click("button[name=action_compose]")
        for name, address in addresses.items():
            if name != "to":
                self.page.get_by_role("button", name=name.title(), exact=True).click()
            self.page.locator(f".o_mail_import_draft [name={name}] input").fill(address)
        self.page.locator("[name=subject] input").fill(subject)
        self.page.locator(".odoo-editor-editable").fill("As agreed.")
        self.page.click("button[name=action_send]")
        expect(self.page.locator(".o_notification").first).to_be_visible()

    def as_bob(self):
        page = self.page.context.browser.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(30_000)
        page.goto(f"{self.odoo.url}/web/login")
        page.fill("input[name=login]", "bob")
        page.fill("input[name=password]", "bob")
        page.click("button[type=submit]")
        page.wait_for_selector(".o_main_navbar")
        return page

    def sent_email(self, page, subject):
        """The form of a sent e-mail."""
        page.goto(f"{self.odoo.url}/odoo/action-mail_task_import.action_mail_import_all")
        page.locator(".o_data_row, .o_kanban_record", has_text=subject).first.click()
        expect(page.locator(".o_form_view")).to_contain_text("ann@customer.example")

    def test_a_blind_copy_reaches_whom_it_is_for_and_colleagues_do_not_see_it(self):
        self.write(
            "Offer", to="ann@customer.example", cc="cid@customer.example", bcc="law@hidden.example"
        )
        (sent,) = self.sink.wait_for(1, seconds=60)
        self.assertEqual(
            sorted(sent.recipients),
            ["ann@customer.example", "cid@customer.example", "law@hidden.example"],
        )
        self.assertIsNone(sent.message["Bcc"])
        self.assertNotIn(b"hidden.example", sent.raw)
        bob = self.as_bob()
        heard = []
        bob.on("response", lambda response: heard.append(response))
        self.sent_email(bob, "Offer")
        expect(bob.locator("body")).not_to_contain_text("hidden.example")
        for response in heard:
            if "web_read" in response.url or "web_search_read" in response.url:
                self.assertNotIn("hidden.example", response.text())

    def test_a_failed_email_is_kept_and_sent_once_on_request(self):
        self.sink.refuse_content("550 5.7.1 not today")
        self.write("Bill", to="ann@customer.example")
        self.open("action-mail_task_import.action_mail_import_failed")
        row = self.page.locator(".o_data_row", has_text="Bill")
        for _look in range(15):
            self.open("action-mail_task_import.action_mail_import_failed")
            try:
                expect(row.first).to_be_visible(timeout=2000)
                break
            except AssertionError:
                continue
        row.first.click()
        expect(self.page.locator(".o_form_view")).to_contain_text("not today")
        self.assertFalse(self.sink.messages())
        self.sink.clear()
        self.page.get_by_role("button", name="Retry").click()
        self.assertEqual(len(self.sink.wait_for(1, seconds=60)), 1)
        self.assertEqual(len(self.sink.wait_for(2, seconds=3)), 1)
