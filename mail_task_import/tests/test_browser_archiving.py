"""An e-mail archived by hand in a browser: dropped on a record, and typed in."""

from playwright.sync_api import expect

from odoo.tests import tagged

from .browser_common import SETTING_UP, BrowserCase
from .common import build_mail

SCRIPT = SETTING_UP.replace(
    "env.cr.commit()",
    'env["crm.lead"].create({{"name": "Desks", "type": "opportunity", '
    '"user_id": env.ref("base.user_admin").id}})\nenv.cr.commit()',
)


@tagged("post_install", "-at_install")
class TestArchivingInTheBrowser(BrowserCase):
    setting_up = SCRIPT

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

    def test_a_file_is_dropped_on_a_deal_and_another_mail_is_typed_in(self):
        page = self.page
        self.open("crm")
        page.locator(".o_kanban_record", has_text="Desks").first.click()
        page.locator("button[name=action_mail_import_links]").click()
        expect(page.locator(".o_list_view")).to_be_visible()
        self.drop(
            ".o_list_view",
            ("one.eml", build_mail("Dropped here", text="By hand").decode()),
            ("letter.msg", "nothing"),
        )
        expect(page.locator(".o_notification", has_text="Archived: Dropped here")).to_be_visible()
        expect(page.locator(".o_notification", has_text="Outlook")).to_be_visible()
        expect(page.locator(".o_data_row", has_text="Dropped here")).to_be_visible()
        self.type_in()
        page.locator(".o_data_row", has_text="A call").click()
        expect(page.locator(".alert", has_text="Archived by hand by")).to_be_visible()
        self.shoot("archived")
        expect(page.locator("[data-header=from] .o_mail_import_chip")).to_contain_text("Ann")

    def type_in(self):
        page = self.page
        page.locator("button[name=action_archive_email]").first.click()
        dialog = page.locator(".modal")
        dialog.get_by_label("From").fill("Ann <ann@customer.example>")
        dialog.get_by_label("To", exact=True).fill("support@company.example")
        dialog.get_by_label("Subject").fill("A call")
        dialog.locator("[name=text] textarea").fill("She wants two desks.")
        self.shoot("archive")
        dialog.get_by_role("button", name="Archive", exact=True).click()
        expect(page.locator(".o_data_row", has_text="A call")).to_be_visible()
