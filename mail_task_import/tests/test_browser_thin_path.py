"""The thin path as an agent walks it: a browser, Odoo's own scheduler, a committed database."""

from playwright.sync_api import expect

from .browser_common import LOGIN, BrowserCase
from .common import build_mail


class TestBrowserThinPath(BrowserCase):
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
