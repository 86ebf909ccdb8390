"""Reading, as somebody does it in a browser: a conversation, the people in it, where it stands."""

from playwright.sync_api import expect

from odoo.tests import tagged

from .browser_common import LOGIN, BrowserCase
from .common import build_mail


@tagged("post_install", "-at_install")
class TestReadingInTheBrowser(BrowserCase):
    def deliver_thread(self):
        """A question, an answer to it in the customer's own house, and a reminder."""
        for mail in (
            build_mail(message_id="<q@customer.example>", minutes_ago=50),
            build_mail(
                "Re: Question about an order",
                sender="Carl New <carl@prospect.example>",
                text="I would like to know that, too.",
                message_id="<c@prospect.example>",
                in_reply_to="<q@customer.example>",
                minutes_ago=40,
                Cc="Ann Customer <ann@customer.example>",
                attachments=[("plan.txt", b"A plan", "text/plain")],
            ),
            build_mail(
                "Re: Question about an order",
                text="Please answer us.",
                in_reply_to="<c@prospect.example>",
                minutes_ago=3,
            ),
        ):
            self.dovecot.deliver(LOGIN, mail)
        self.fetch_now()
        self.wait_for_mail("Please answer us.")
        self.shoot("inbox")

    def chips(self, header):
        return self.page.locator(f"[data-header={header}] .o_mail_import_chip")

    def test_conversation_unfolds_and_people_become_contacts(self):
        self.deliver_thread()
        page = self.page
        page.locator(".o_data_row", has_text="I would like to know").first.click()
        later = page.locator(".o_mail_import_newer .o_mail_import_line")
        earlier = page.locator(".o_mail_import_older .o_mail_import_line")
        expect(later).to_have_count(1)
        expect(earlier).to_have_count(1)
        expect(page.locator(".o_form_view .o_mail_import_status").first).to_contain_text("Received")
        earlier.get_by_role("button").first.click()
        frame = earlier.frame_locator("iframe")
        expect(frame.locator("body")).to_contain_text("where is my order")
        self.shoot("thread")
        page.set_viewport_size({"width": 390, "height": 844})
        self.shoot("thread_phone")
        page.set_viewport_size({"width": 1400, "height": 900})
        self.walk_people()

    def walk_people(self):
        page = self.page
        expect(self.chips("cc").first).to_have_attribute("title", "Contact: ann@customer.example")
        sender = self.chips("from").first
        expect(sender).to_have_text("Carl New")
        sender.click()
        card = page.locator(".o_mail_import_card")
        expect(card).to_contain_text("Unknown")
        expect(card.get_by_role("link", name="Write")).to_have_attribute(
            "href", "mailto:carl@prospect.example"
        )
        self.shoot("card")
        card.get_by_role("button", name="Create Contact").click()
        dialog = page.locator(".modal")
        expect(dialog.locator("[name=email] input").first).to_have_value("carl@prospect.example")
        dialog.get_by_role("button", name="Save").first.click()
        expect(self.chips("from").first).to_have_attribute(
            "title", "Contact: carl@prospect.example"
        )

    def test_the_record_and_its_chatter_lead_to_the_conversation(self):
        self.deliver_thread()
        page = self.page
        page.locator(".o_data_row", has_text="Please answer us.").first.click()
        page.get_by_role("tab", name="Linked Records").click()
        page.click("[name=link_ids] button[name=action_open_record] >> nth=0")
        message = page.locator(".o-mail-Chatter .o-mail-Message", has_text="Please answer us.")
        message.first.hover()
        message.first.get_by_title("Open E-mail").click()
        expect(page.locator(".o_mail_import_older .o_mail_import_line")).to_have_count(2)
        page.go_back()
        page.locator("button[name=action_mail_import_links]").click()
        rows = page.locator(".o_data_row")
        expect(rows).to_have_count(3)
        self.shoot("history")
        rows.last.click()
        expect(page.locator(".o_mail_import_newer .o_mail_import_line")).to_have_count(2)
        self.shoot("link_page")
