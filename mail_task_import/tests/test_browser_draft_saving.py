"""Drafts save themselves; late answers of the server overwrite nothing; a crash loses nothing."""

from playwright.sync_api import expect

from .test_browser_composing import ComposingWalk

SAVED = "[data-state=saved]"


class TestBrowserDraftSaving(ComposingWalk):
    @property
    def status(self):
        return self.page.locator(".o_mail_import_saved")

    def test_late_answers_overwrite_nothing_and_a_crash_loses_nothing(self):
        self.write_to_ann()
        self._types_while_the_server_thinks()
        self._saves_itself()
        self._is_told_of_another_window()
        self._finds_it_after_a_crash()

    def _types_while_the_server_thinks(self):
        """The answer to the first change comes when the second, and more, has been typed."""
        expect(self.editor).to_contain_text("Ann Customer were written to")
        held = []
        self.page.route(
            "**/mail.import.email/onchange",
            lambda route: route.continue_() if held else held.append(route),
        )
        self.page.get_by_role("button", name="Remove ann@customer.example").click()
        self.input_of().fill("bob@customer.example")
        self.input_of().press("Enter")
        self.subject.fill("Late ")
        self.editor.locator("p").first.click()
        self.page.keyboard.type("Typed meanwhile.")
        expect(self.editor).to_contain_text("Ann Customer were written to")
        held[0].continue_()
        expect(self.editor).to_contain_text("Bob Builder were written to")
        expect(self.editor).to_contain_text("Typed meanwhile.")
        expect(self.person("bob@customer.example")).to_have_count(1)
        expect(self.person("Ann")).to_have_count(0)
        self.assertEqual(self.subject.input_value(), "Late ")
        self.page.keyboard.type(" And on.")

    def _saves_itself(self):
        expect(self.page.locator(f".o_mail_import_saved{SAVED}")).to_contain_text("Saved")
        expect(self.editor).to_contain_text("Typed meanwhile. And on.")
        self.picture("saved")

    def _is_told_of_another_window(self):
        other = self._window()
        other.goto(self.page.url)
        text = other.locator(".odoo-editor-editable")
        expect(text).to_contain_text("Typed meanwhile. And on.")
        text.locator("p").first.click()
        other.keyboard.type("From the other window. ")
        expect(other.locator(f".o_mail_import_saved{SAVED}")).to_contain_text("Saved")
        self.editor.locator("p").first.click()
        self.page.keyboard.press("End")
        self.page.keyboard.type(" From this one.")
        dialog = self.page.locator(".modal")
        expect(dialog).to_contain_text("From the other window.")
        expect(dialog).to_contain_text("From this one.")
        self.picture("versions")
        dialog.locator(".o_mail_import_keep_mine").click()
        expect(self.page.locator(f".o_mail_import_saved{SAVED}")).to_contain_text("Saved")
        other.close()

    def _finds_it_after_a_crash(self):
        """The server is gone, then the browser; both come back."""
        self.page.route("**/web/dataset/**", lambda route: route.abort())
        self.editor.locator("p").first.click()
        self.page.keyboard.press("End")
        self.page.keyboard.type(" In the last second.")
        expect(self.page.locator(".o_mail_import_saved[data-state=offline]")).to_be_visible()
        address = self.page.url
        crashed, self.page = self.page, self._window()
        crashed.close(run_before_unload=False)
        self.page.goto(address)
        expect(self.editor).to_contain_text("From this one.")
        dialog = self.page.locator(".modal")
        expect(dialog).to_contain_text("In the last second.")
        dialog.locator(".o_mail_import_keep_mine").click()
        expect(self.editor).to_contain_text("In the last second.")
        expect(self.page.locator(f".o_mail_import_saved{SAVED}")).to_contain_text("Saved")
        self.open("action-mail_task_import.action_mail_import_inbox")
        self.page.locator(".o_search_panel", has_text="Drafts").get_by_text("Drafts").click()
        row = self.page.locator(".o_data_row", has_text="Late")
        expect(row).to_have_count(1)
        row.click()
        expect(self.editor).to_contain_text("From this one. In the last second.")

    def _window(self):
        """Another one of the same browser, with its cookies and what it has stored."""
        context = self.page.context.browser.new_context(
            storage_state=self.page.context.storage_state(),
            viewport={"width": 1400, "height": 900},
        )
        context.set_default_timeout(30_000)
        return context.new_page()
