"""Files in and out, as somebody does it in a browser."""

import mailbox
from tempfile import NamedTemporaryFile

from playwright.sync_api import expect

from odoo.tests import tagged

from ..receivers.mbox_writing import mbox_mail
from .browser_common import BrowserCase
from .common import build_mail


@tagged("post_install", "-at_install")
class TestFilesInTheBrowser(BrowserCase):
    def test_an_mbox_comes_in_and_goes_out_again(self):
        mails = [build_mail(subject=f"From a file {n}", text=f"{n}") for n in range(30)]
        content = b"".join(b"".join(mbox_mail("ann@customer.example", None, [m])) for m in mails)
        self.open("action-mail_task_import.action_mail_import_inbox")
        self.page.locator(".o_cp_action_menus .fa-cog").click()
        self.page.get_by_role("menuitem", name="Import Files").click()
        dialog = self.page.locator(".modal")
        with self.page.expect_response("**/upload_attachment*"):
            dialog.locator("input[type=file]").set_input_files(
                [
                    {"name": "old.mbox", "mimeType": "application/mbox", "buffer": content},
                    {"name": "no.eml", "mimeType": "message/rfc822", "buffer": b"%PDF"},
                ]
            )
        expect(dialog.get_by_text("old.mbox").first).to_be_visible()
        dialog.get_by_role("button", name="Import", exact=True).click()
        expect(dialog.get_by_text("Every mail of these files has its outcome")).to_be_visible(
            timeout=90_000
        )
        expect(dialog).to_contain_text("30 stored, 0 known already, 1 left out")
        expect(dialog).to_contain_text("“no.eml” is no mail.")
        dialog.get_by_role("button", name="Close").last.click()
        self.download()

    def download(self):
        self.open("action-mail_task_import.action_mail_import_inbox")
        rows = self.page.locator(".o_data_row", has_text="From a file")
        expect(rows.first).to_be_visible()
        self.page.locator("thead .o_list_record_selector input").check()
        self.page.locator(".o_cp_action_menus .fa-cog").click()
        with self.page.expect_download() as begun:
            self.page.get_by_role("menuitem", name="Download .mbox").click()
        with NamedTemporaryFile() as file:
            begun.value.save_as(file.name)
            self.assertEqual(len(mailbox.mbox(file.name)), 30)
