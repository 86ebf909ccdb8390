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
        with self.page.expect_response("**/mail_import/upload/*"):
            dialog.locator("input[type=file]").set_input_files(
                [
                    {"name": "old.mbox", "mimeType": "application/mbox", "buffer": content},
                    {"name": "no.eml", "mimeType": "message/rfc822", "buffer": b"%PDF"},
                ]
            )
        expect(dialog.get_by_title("Remove")).to_have_count(2)
        self.import_them(dialog)
        expect(dialog.get_by_text("Every mail of these files has its outcome")).to_be_visible(
            timeout=90_000
        )
        expect(dialog).to_contain_text("30 stored, 0 known already, 1 left out")
        expect(dialog).to_contain_text("“no.eml” is no mail.")
        dialog.get_by_role("button", name="Close").last.click()
        self.download()

    def import_them(self, dialog):
        expect(dialog.locator(".o_mail_import_putting_in")).to_have_count(0)
        dialog.get_by_role("button", name="Import", exact=True).click()

    def drop(self, selector, *files):
        """Files of the computer, dragged over an element and let go there: (name, text) each."""
        transfer = self.page.evaluate_handle(
            """files => {
                const transfer = new DataTransfer();
                for (const [name, text] of files) {
                    transfer.items.add(new File([text], name));
                }
                return transfer;
            }""",
            [list(file) for file in files],
        )
        self.page.dispatch_event(selector, "dragenter", {"dataTransfer": transfer})
        self.page.dispatch_event(".o-Dropzone", "drop", {"dataTransfer": transfer})

    def test_files_are_dropped_on_the_inbox_and_on_the_dialog(self):
        mails = [build_mail(subject=f"Dropped {n}", text=f"{n}").decode() for n in range(3)]
        self.open("action-mail_task_import.action_mail_import_inbox")
        expect(self.page.locator(".o_list_view")).to_be_visible()
        self.drop(".o_list_view", ("one.eml", mails[0]), ("two.eml", mails[1]))
        dialog = self.page.locator(".modal")
        expect(dialog.get_by_title("Remove")).to_have_count(2)
        self.drop(".modal .o_mail_import_put_in", ("three.eml", mails[2]))
        expect(dialog.get_by_title("Remove")).to_have_count(3)
        dialog.locator(".o_mail_import_file", has_text="two.eml").get_by_title("Remove").click()
        expect(dialog.get_by_title("Remove")).to_have_count(2)
        self.import_them(dialog)
        expect(dialog).to_contain_text("2 stored, 0 known already", timeout=90_000)
        dialog.get_by_role("button", name="Close").last.click()
        expect(self.page.locator(".o_data_row", has_text="Dropped")).to_have_count(2)

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
