"""What one makes of mail: a lead with what its signature says, tasks of several, and links."""

import os
import re

from playwright.sync_api import expect

from .browser_common import LOGIN, SETTING_UP, BrowserCase
from .common import build_mail

PLACES = """
env["project.project"].create({{"name": "Orders", "privacy_visibility": "employees"}})
env["crm.lead"].create([{{"name": "Walnut fair", "type": "opportunity"}},
                       {{"name": "Walnut shop", "type": "lead"}}])
env.ref("project.group_project_manager").user_ids += env.ref("base.user_admin")
mailbox.write({{"default_target_id": False, "interval": 1000, "next_fetch": "2099-01-01"}})
env.cr.commit()
"""
SIGNED = """Dear all,

we need forty desks.

Best regards,
Ann Buyer
Head of Purchasing
Walnut Works Ltd
Tel. +44 20 7946 0958
"""


class TestBrowserConverting(BrowserCase):
    setting_up = SETTING_UP.replace("env.cr.commit()\n", PLACES)

    def setUp(self):
        super().setUp()
        ann = "Ann Buyer <ann@walnut.example>"
        mails = [build_mail(subject="Forty desks", sender=ann, text=SIGNED)]
        for n in (6, 7, 8):
            buyer = f"Buyer {n} <b{n}@unknown.example>"
            mails.append(build_mail(subject=f"Order {n}", sender=buyer, minutes_ago=n))
        for mail in mails:
            self.dovecot.deliver(LOGIN, mail)
        self.fetch_now()

    @property
    def dialog(self):
        return self.page.locator(".modal-content").last

    def field(self, name, within=None):
        return (within or self.page).locator(f".o_field_widget[name={name}]").last

    def press(self, name):
        self.dialog.get_by_role("button", name=name, exact=True).click()

    def shot(self, name):
        if place := os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.screenshot(path=f"{place}/{name}.png")

    def choose_of_selection(self, *subjects):
        self.wait_for_mail("Forty desks")
        for subject in subjects:
            row = self.page.locator(".o_data_row", has_text=subject)
            row.locator(".o_list_record_selector input").check()
        expect(self.page.locator(".o_selection_box")).to_contain_text(str(len(subjects)))
        self.page.get_by_role("button", name="Actions").click()

    def test_a_lead_is_made_with_what_the_signature_says(self):
        self.wait_for_mail("Forty desks").locator("[name=subject]").click()
        self.page.get_by_role("button", name="Convert…").click()
        expect(self.dialog).to_contain_text("Whoever reads the record reads the e-mail")
        self.dialog.get_by_label("Lead", exact=True).check()
        self.shot("convert-dialog")
        self.press("Continue")
        expect(self.page.locator(".modal-content")).to_have_count(0)
        expect(self.field("partner_name").locator("input")).to_have_value("Walnut Works Ltd")
        expect(self.field("phone").locator("input")).to_have_value("+44 20 7946 0958")
        self.shot("convert-form")
        # left without saving, nothing is there
        self.page.locator(".o_form_button_cancel").click()
        self.open("action-mail_task_import.action_mail_import_inbox")
        self.wait_for_mail("Forty desks").locator("[name=subject]").click()
        self.page.get_by_role("button", name="Convert…").click()
        expect(self.dialog).not_to_contain_text("made LEAD")
        self.dialog.get_by_label("Lead", exact=True).check()
        self.press("Continue")
        expect(self.field("contact_name").locator("input")).to_have_value("Ann Buyer")
        with self.saving():
            self.page.click(".o_form_button_save")
        expect(self.page.locator(".o-mail-Message", has_text="forty desks").first).to_be_visible()
        self.shot("convert-saved")
        self.page.go_back()
        self.open("action-mail_task_import.action_mail_import_inbox")
        self.wait_for_mail("Forty desks").locator("[name=subject]").click()
        self.page.get_by_role("button", name="Convert…").click()
        expect(self.dialog).to_contain_text(re.compile(r"made LEAD-\d+ “Forty desks” of it"))

    def test_several_become_tasks_and_are_linked_to_two_records(self):
        self.choose_of_selection("Order 6", "Order 7", "Order 8")
        self.page.get_by_role("menuitem", name="Convert…").click()
        self.dialog.get_by_label("Task", exact=True).check()
        self.field("project_id", self.dialog).locator("input").fill("Orders")
        self.page.locator(".o-autocomplete--dropdown-item", has_text="Orders").first.click()
        self.shot("convert-many")
        self.press("Make Them")
        expect(self.dialog).to_contain_text("Task: 3 made")
        self.shot("convert-result")
        self.press("Open Them")
        expect(self.page.locator(".o_data_row", has_text="Order")).to_have_count(3)
        self.choose_of_selection("Forty desks")
        self.page.get_by_role("menuitem", name="Link to…").click()
        search = self.dialog.get_by_label("Search for records")
        for name in ("Walnut fair", "Walnut shop"):
            search.fill(name)
            found = self.dialog.get_by_role("button", name=name)
            expect(found.first).to_be_visible()
            self.dialog.locator(".o_mail_import_found_record", has_text=name).click()
        search.fill("walnut")
        expect(self.dialog.locator(".o_mail_import_found_record")).to_have_count(2)
        self.shot("link-search")
        self.page.set_viewport_size({"width": 390, "height": 844})
        self.shot("link-search-phone")
        self.page.set_viewport_size({"width": 1400, "height": 900})
        self.press("Link")
        expect(self.page.locator(".modal-content")).to_have_count(0)
        row = self.page.locator(".o_data_row", has_text="Forty desks")
        expect(row).to_contain_text("Walnut fair")
        expect(row).to_contain_text("Walnut shop")
        row.locator("[name=subject]").click()
        self.page.get_by_role("button", name="Link to…").click()
        linked = self.dialog.locator(".o_mail_import_linked li", has_text="Walnut shop")
        linked.get_by_role("button", name="Unlink").click()
        expect(linked).to_have_count(0)
        self.shot("link-linked")
