"""An e-mail is written in a browser, from a contact's address to real SMTP."""

import os

from playwright.sync_api import expect

from .browser_common import SETTING_UP, BrowserCase

MORE = """
env["res.partner"].create([
    {{"name": "Bob Builder", "email": "bob@customer.example"}},
    {{"name": "Bobby Tables", "email": "bobby@school.example"}}])
mailbox.signature_ids.body = "<p>{{Person.name|you}} were written to</p>"
env.cr.commit()
"""


class ComposingWalk(BrowserCase):
    setting_up = SETTING_UP.replace("env.cr.commit()\n", MORE, 1)

    def write_to_ann(self):
        """From the address in the contact's form."""
        self.open("action-base.action_partner_form")
        self.page.locator(".o_data_row", has_text="Ann Customer").get_by_text(
            "Ann Customer"
        ).click()
        self.page.locator(".o_field_widget[name=email]").first.hover()
        self.page.locator(".o_field_widget[name=email] a").first.click()
        expect(self.person("Ann Customer")).to_be_visible()

    def person(self, name, field="to"):
        return self.page.locator(f".o_field_widget[name={field}] .o_mail_import_person").filter(
            has_text=name
        )

    def input_of(self, field="to"):
        return self.page.locator(f".o_field_widget[name={field}] .o_mail_import_people input")

    @property
    def subject(self):
        return self.page.locator(".o_field_widget[name=subject] input")

    @property
    def editor(self):
        return self.page.locator(".odoo-editor-editable")

    def send(self):
        self.page.locator("button[name=action_send]").click()

    def picture(self, name):
        if folder := os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.screenshot(path=f"{folder}/{name}.png")
            self.page.set_viewport_size({"width": 390, "height": 844})
            self.page.wait_for_timeout(500)
            self.page.screenshot(path=f"{folder}/{name}-phone.png")
            self.page.set_viewport_size({"width": 1400, "height": 900})
            self.page.wait_for_timeout(500)


class TestBrowserComposing(ComposingWalk):
    def test_an_email_to_several_people(self):
        self.write_to_ann()
        self._leaves_without_a_word()
        self.write_to_ann()
        self._add_people()
        self._is_asked_before_it_leaves()
        (sent,) = self.sink.wait_for(1, seconds=60)
        self.assertEqual(
            set(sent.recipients),
            {"ann@customer.example", "bob@customer.example", "carl@x.example", "dora@y.example"},
        )
        self.assertIn("Carl <carl@x.example>", sent.message["To"])
        self.assertEqual(sent.message["Cc"], "dora@y.example")
        self.assertEqual(sent.message["Subject"], "Chairs")
        html = sent.message.get_body(("html",)).get_content()
        self.assertIn("Ann Customer were written to", html)
        self.assertEqual(len(self.sink.messages()), 1)

    def _leaves_without_a_word(self):
        """What nobody wrote in is not left in Drafts."""
        with self.page.expect_response("**/drop_unwritten"):
            self.page.locator(".breadcrumb").get_by_text("Ann Customer").click()
        expect(self.page.locator(".o_field_widget[name=email]").first).to_be_visible()

    def _add_people(self):
        to = self.input_of()
        to.press_sequentially("bob b")
        offers = self.page.locator(".o_mail_import_offers")
        expect(offers).to_contain_text("bob@customer.example")
        self.picture("offers")
        to.press("Enter")
        expect(self.person("Bob Builder")).to_be_visible()
        self._paste(to, "Carl <carl@x.example>; ann@customer.example\nnobody")
        expect(self.person("Carl")).to_be_visible()
        expect(self.person("Ann Customer")).to_have_count(1)
        expect(self.page.locator(".o_mail_import_no_address")).to_have_count(1)
        self.page.get_by_role("button", name="Cc", exact=True).click()
        self.input_of("cc").fill("dora@y.example,")
        self.input_of("cc").press("Tab")
        expect(self.person("dora", "cc")).to_be_visible()

    def _is_asked_before_it_leaves(self):
        self.editor.locator("p").first.click()
        self.page.keyboard.type("The list is attached.")
        self.picture("written")
        self.page.keyboard.press("Control+Enter")
        dialog = self.page.locator(".modal")
        expect(dialog).to_contain_text("no subject")
        dialog.get_by_role("button", name="Back to the Text").click()
        expect(dialog).to_have_count(0)
        self.subject.fill("Chairs")
        self.send()
        expect(dialog).to_contain_text("speaks of a file")
        self.picture("asked")
        dialog.get_by_role("button", name="Send without a File").click()
        expect(dialog).to_contain_text("nobody")
        dialog.get_by_role("button", name="Close").last.click()
        self.page.get_by_role("button", name="Remove nobody").click()
        expect(self.person("nobody")).to_have_count(0)
        self.page.locator("button[name=action_send]").dblclick()
        dialog.get_by_role("button", name="Send without a File").click()

    def _paste(self, field, text):
        field.evaluate(
            """(element, text) => {
                const clipboardData = new DataTransfer();
                clipboardData.setData("text/plain", text);
                element.dispatchEvent(new ClipboardEvent("paste", {
                    clipboardData, bubbles: true, cancelable: true,
                }));
            }""",
            text,
        )
