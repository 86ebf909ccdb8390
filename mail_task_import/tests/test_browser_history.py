"""The e-mails of an account, in a browser: its contacts' and its leads', read in their lines."""

from playwright.sync_api import expect

from .browser_common import SECONDS, SETTING_UP, BrowserCase

MAILS = """
from odoo.addons.mail_task_import.tests.common import build_mail
account = env["res.partner"].create({{"name": "Big Account", "is_company": True}})
env["res.partner"].search([("email", "=", "ann@customer.example")]).parent_id = account
env["res.partner"].create(
    {{"name": "Bob Buyer", "email": "bob@customer.example", "parent_id": account.id}})
mailbox.default_target_id = False
env["mail.import.importer"].import_mails(mailbox, [
    build_mail("Chairs", text="Ann wants chairs.", minutes_ago=30),
    build_mail("Tables", sender="Bob Buyer <bob@customer.example>", text="Bob wants tables.",
        minutes_ago=20),
    build_mail("Lamps", sender="Carl <carl@other.example>", text="Not of this account.")])
carl = env["res.partner"].create({{"name": "Carl Other"}})
lamps = env["mail.import.email"].search([("subject", "=", "Lamps")])
env["mail.import.link"].create({{"email_id": lamps.id, "res_model": "res.partner",
    "res_id": carl.id, "step": "user"}})
env.cr.commit()
"""


class TestBrowserHistory(BrowserCase):
    setting_up = SETTING_UP.replace("env.cr.commit()\n", "env.cr.commit()\n" + MAILS, 1)

    def rows(self, text):
        return self.page.locator(".o_data_row", has_text=text)

    def test_the_history_of_an_account(self):
        page = self.page
        self.open("contacts")
        page.locator(".o_searchview_input").fill("Big Account")
        page.keyboard.press("Enter")
        page.locator(".o_data_row", has_text="Big Account").first.locator(
            "[name=complete_name]"
        ).click()
        button = page.locator("button[name=action_mail_import_links]")
        expect(button).to_contain_text("2", timeout=SECONDS)
        button.click()
        expect(page.locator(".o_data_row td[name=subject]")).to_have_text(
            ["Tables", "Chairs"], timeout=SECONDS
        )
        expect(self.rows("Tables")).to_contain_text("Bob Buyer", timeout=SECONDS)
        self.rows("Chairs").locator("td[name=subject]").click()
        frame = page.frame_locator(".o_mail_import_preview iframe")
        expect(frame.locator("body")).to_contain_text("Ann wants chairs.", timeout=SECONDS)
        self._one_person()
        self._unlink_and_undo()

    def _one_person(self):
        page = self.page
        bob = page.locator(".o_mail_import_people button", has_text="Bob")
        bob.click()
        expect(self.rows("Chairs")).to_have_count(0, timeout=SECONDS)
        expect(self.rows("Tables")).to_be_visible(timeout=SECONDS)
        bob.click()
        expect(self.rows("Chairs")).to_be_visible(timeout=SECONDS)

    def _unlink_and_undo(self):
        page = self.page
        self.rows("Tables").locator(".o_mail_import_unfold").click()
        preview = page.locator(".o_mail_import_preview")
        expect(preview).to_contain_text("bob@customer.example", timeout=SECONDS)
        preview.locator("button", has_text="Unlink").click()
        expect(self.rows("Tables")).to_have_count(0, timeout=SECONDS)
        page.keyboard.press("z")
        expect(self.rows("Tables")).to_be_visible(timeout=SECONDS)
        expect(page.locator(".o_data_row td[name=subject]")).to_have_text(
            ["Tables", "Chairs"], timeout=SECONDS
        )
