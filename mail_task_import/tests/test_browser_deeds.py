"""Many at once, in a browser: three are moved and come back; so do two hundred from the Trash."""

from playwright.sync_api import expect

from .browser_common import SECONDS, SETTING_UP, BrowserCase

MAILS = """
from odoo.addons.mail_task_import.tests.common import build_mail
env["mail.import.folder"].with_user(env.ref("base.user_admin")).create(
    {{"name": "Orders", "mailbox_id": mailbox.id}})
mailbox.default_target_id = False
env["mail.import.importer"].import_mails(mailbox, [
    build_mail("Number %03d" % n, sender="Nobody <n%d@unknown.example>" % n, minutes_ago=n + 1)
    for n in range(200)])
env.cr.commit()
"""


class TestBrowserDeeds(BrowserCase):
    setting_up = SETTING_UP.replace("env.cr.commit()\n", "env.cr.commit()\n" + MAILS, 1)

    def rows(self, text):
        return self.page.locator(".o_data_row", has_text=text)

    def shown(self):
        """The pager's "1-80 / 200"."""
        return self.page.locator(".o_pager_limit")

    def test_three_are_moved_and_come_back_two_hundred_are_deleted_and_come_back(self):
        page = self.page
        self.open("mail-inbox")
        expect(self.shown()).to_have_text("200", timeout=SECONDS)
        self._move_three()
        page.locator(".o_mail_import_deed button", has_text="Undo").click()
        expect(self.shown()).to_have_text("200", timeout=SECONDS)
        expect(self.rows("Number 001")).to_be_visible(timeout=SECONDS)
        self._trash_all()
        expect(
            page.locator(".o_notification", has_text="200 e-mails put in the Trash")
        ).to_be_visible(timeout=SECONDS)
        expect(self.rows("Number")).to_have_count(0, timeout=SECONDS)
        page.keyboard.press("z")
        expect(self.shown()).to_have_text("200", timeout=SECONDS)
        self._star_and_done()

    def _move_three(self):
        page = self.page
        for number in range(3):
            self.rows(f"Number 00{number}").locator(".o_list_record_selector input").click()
        page.locator(".o_control_panel").get_by_text("Move to…").click()
        folder = page.locator(".modal [name=folder_id] input")
        folder.fill("Orders")
        page.locator(".modal .dropdown-item", has_text="Orders").first.click()
        page.locator(".modal button[name=action_move]").click()
        expect(page.locator(".o_mail_import_deed")).to_contain_text(
            "3 e-mails moved", timeout=SECONDS
        )
        expect(self.shown()).to_have_text("197", timeout=SECONDS)

    def _trash_all(self):
        page = self.page
        page.locator("thead .o_list_record_selector input").click()
        page.locator(".o_select_domain").click()
        page.keyboard.press("Delete")

    def _star_and_done(self):
        row = self.rows("Number 000")
        row.locator(".o_mail_import_done").click()
        expect(row.locator(".o_mail_import_done[aria-pressed=true]")).to_be_visible(timeout=SECONDS)
        row.locator(".o_list_record_selector input").click()
        self.page.keyboard.press("s")
        expect(row.locator(".o_favorite .fa-star")).to_be_visible(timeout=SECONDS)
