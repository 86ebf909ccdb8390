"""An invitation in a browser: accepted, changed, cancelled; another declined with a comment."""

import os
from datetime import timedelta

from playwright.sync_api import expect

from .browser_common import LOGIN, SETTING_UP, BrowserCase
from .calendar_samples import DAY, invitation
from .common import build_mail

STAND_UP = """
env.ref("base.user_admin").tz = "Europe/Berlin"
mailbox.trusted_authserv_ids = "mx.company.example"
env["calendar.event"].with_user(env.ref("base.user_admin")).create({{
    "name": "Stand-up", "start": "{start}", "stop": "{stop}"}})
env.cr.commit()
"""
PASSED = "mx.company.example; dmarc=pass header.from=customer.example"


SETTING = SETTING_UP.replace(
    "env.cr.commit()\n",
    STAND_UP.replace("{start}", f"{DAY:%Y-%m-%d %H:%M:%S}").replace(
        "{stop}", f"{DAY + timedelta(hours=1):%Y-%m-%d %H:%M:%S}"
    ),
    1,
)


class TestBrowserInvitations(BrowserCase):
    setting_up = SETTING

    def deliver(self, number, subject, **values):
        values.setdefault("attendees", (LOGIN, "bob@customer.example", "carl@customer.example"))
        values.setdefault(
            "more", ("LOCATION:Room 4\\, second floor", "DESCRIPTION:Bring the plan.")
        )
        raw = build_mail(
            subject,
            message_id=f"<walk-{number}@customer.example>",
            text="You are invited.",
            attachments=[("invite.ics", invitation(**values), "text/calendar")],
            Authentication_Results=PASSED,
        )
        self.dovecot.deliver(LOGIN, raw)
        self.fetch_now()
        self.wait_for_mail(subject).click()
        card = self.page.locator(".o_mail_import_invitation")
        expect(card).to_be_visible()
        return card

    def picture(self, name):
        if folder := os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.screenshot(path=f"{folder}/invitation_{name}.png")

    def test_accept_then_an_update_then_the_end_of_it(self):
        card = self.deliver(1, "Invitation: Plan for spring")
        expect(card).to_contain_text("Plan for spring")
        expect(card.locator(".o_mail_import_conflicts")).to_contain_text("Stand-up")
        self.picture("new")
        card.get_by_role("button", name="Accept").click()
        expect(card.locator(".o_mail_import_answered")).to_contain_text("Accepted by")
        (sent,) = self.sink.wait_for(1, seconds=60)
        self.assertEqual(sent.recipients, ("ann@customer.example",))
        self.assertIn(b'method="REPLY"', sent.raw)
        card = self.deliver(2, "Updated: Plan for spring", sequence=1, summary="Plan for summer")
        expect(card).to_contain_text("Invitation, changed")
        card.get_by_role("button", name="Accept").click()
        expect(card.locator(".o_mail_import_answered")).to_contain_text("Accepted by")
        card = self.deliver(3, "Cancelled: Plan", sequence=2, method="CANCEL")
        expect(card).to_contain_text("The event is still in your calendar.")
        self.picture("cancelled")
        card.get_by_role("button", name="Remove From My Calendar").click()
        expect(card).to_contain_text("The event is not in your calendar.")

    def test_declined_with_a_comment_on_a_phone(self):
        card = self.deliver(4, "Invitation: Fair", summary="Fair")
        self.page.set_viewport_size({"width": 390, "height": 844})
        self.page.reload()
        expect(card).to_contain_text("Fair")
        card.scroll_into_view_if_needed()
        self.picture("phone")
        card.get_by_label("Comment for the organizer").fill("We are away")
        card.get_by_role("button", name="Decline").scroll_into_view_if_needed()
        self.picture("phone_answer")
        card.get_by_role("button", name="Decline").click()
        expect(card.locator(".o_mail_import_answered")).to_contain_text("Declined by")
        (sent,) = self.sink.wait_for(1, seconds=60)
        self.assertEqual(sent.message["Subject"], "Declined: Fair")
        self.assertIn("We are away", sent.message.get_body(("plain",)).get_content())
        self.page.set_viewport_size({"width": 1400, "height": 900})
        self.page.reload()
        expect(card).to_be_visible()
        self.page.locator(".o_cp_action_menus .fa-cog").click()
        self.page.get_by_role("menuitem", name="Make an Event").click()
        expect(self.page.locator("[name=name] input, [name=name] textarea").first).to_have_value(
            "Fair"
        )
        self.picture("event")
