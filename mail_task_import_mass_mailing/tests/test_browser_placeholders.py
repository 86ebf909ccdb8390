"""A marketer chooses placeholders in a mailing's subject and text."""

import json
import os
import re

from playwright.sync_api import expect

from odoo.addons.mail_task_import.tests.browser_common import SECONDS, SETTING_UP
from odoo.addons.mail_task_import.tests.odoo_shell import run
from odoo.addons.mail_task_import.tests.test_browser_placeholders import ADMINISTRATOR, PickerCase

MARKETER = """
env.ref("base.user_admin").group_ids += env.ref("mass_mailing.group_mass_mailing_user")
env.cr.commit()
"""
TOLD = """
import json
(mailing,) = env["mailing.mailing"].search([])
print("told:", json.dumps([mailing.subject, mailing.preview, str(mailing.body_html)]))
print("importer: done")
"""
MADE = """
server = env["ir.mail_server"].create({
    "name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": SMTP, "smtp_encryption": "none"})
people = env["res.partner"]
for name in ("Eve", "Max"):
    shop = people.create({"name": f"{name} Shop", "is_company": True,
        "website": f"https://{name.lower()}-shop.example"})
    people += people.create({"name": f"{name} Able", "parent_id": shop.id,
        "email": f"{name.lower()}@news.example"})
env["mailing.mailing"].create({
    "subject": "Links", "user_id": env.ref("base.user_admin").id,
    "mailing_model_id": env["ir.model"]._get_id("res.partner"),
    "mailing_domain": [("id", "in", people.ids)], "mail_server_id": server.id})
env.cr.commit()
print("importer: done")
"""
GAPS = """
env["mailing.mailing"].search([]).body_html = "<p>Dear {Person.name} of {Person.addressCity}</p>"
env.cr.commit()
print("importer: done")
"""
SENT = """
env["mailing.mailing"].search([]).action_send_mail()
env["mail.mail"].process_email_queue()
env.cr.commit()
print("importer: done")
"""


class TestBrowserMailingPlaceholders(PickerCase):
    setting_up = SETTING_UP.replace("env.cr.commit()\n", ADMINISTRATOR + MARKETER, 1)

    def told(self):
        told = re.search(r"told: (\[.+\])", run(self.database, TOLD))[1]
        return json.loads(told.replace("&nbsp;", " ").replace("\\u00a0", " "))

    def test_a_mailing_is_written_with_placeholders(self):
        page = self.page
        self.open("action-mass_mailing.mailing_mailing_action_mail/new")
        page.locator("div[name=subject] input").fill("News for ")
        self.open_by_button("subject", 9)
        self.whose("Recipient")
        self.choose("Person.firstName", default="you")
        page.get_by_role("tab", name="Settings").click()
        self.open_by_button("preview", 0)
        self.whose("Sender")
        self.choose("User.name")
        page.get_by_role("tab", name="Mail Body").click()
        self.open_by_slash(self.letter())
        self.whose("Recipient")
        self.choose("Person.name")
        with self.saving():
            page.locator(".o_form_button_save").click()
        subject, preview, body = self.told()
        self.assertEqual(subject, "News for {Person.firstName|you}")
        self.assertEqual(preview, "{User.name}")
        self.assertIn("{Person.name}", body)

    def test_recipients_with_gaps_can_be_read_on_a_phone(self):
        run(self.database, MADE.replace("SMTP", str(self.sink.port)) + GAPS)
        self.page.set_viewport_size({"width": 390, "height": 844})
        self.open("action-mass_mailing.mailing_mailing_action_mail")
        self.page.locator(".o_kanban_record", has_text="Links").first.click()
        self.page.locator(".o_statusbar_buttons .dropdown-toggle").click()
        self.page.locator("button[name=action_launch]:visible").click()
        self.page.locator(".modal-footer .btn-primary").click()
        dialog = self.page.locator(".modal", has_text="a placeholder has no value")
        names = dialog.locator("div[name=line_ids] .o_kanban_record .text-break").last
        expect(names).to_contain_text("Max Able", timeout=SECONDS)
        if shots := os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.screenshot(path=f"{shots}/gaps.png")
        box = names.bounding_box()
        self.assertLessEqual(box["x"] + box["width"], 390)
        hidden = "one => one.scrollWidth > one.clientWidth + 1"
        self.assertFalse(names.evaluate(hidden))

    def letter(self):
        """The text of a new mailing; its editor is in a frame, the picker is not."""
        self.page.locator('.o_mailing_template_preview_wrapper [data-name="basic"]').click()
        editor = self.page.frame_locator("iframe").first.locator(".note-editable p").last
        expect(editor).to_be_visible()
        return editor

    def test_links_to_placeholders_lead_each_recipient_to_their_own(self):
        run(self.database, MADE.replace("SMTP", str(self.sink.port)))
        self.open("action-mass_mailing.mailing_mailing_action_mail?view_type=list")
        self.page.locator(".o_switch_view.o_list").click()
        self.page.locator(".o_data_row", has_text="Links").click()
        self.write_links(self.letter())
        with self.saving():
            self.page.locator(".o_form_button_save").click()
        run(self.database, SENT)
        mails = {mail.recipients[0]: mail for mail in self.sink.messages()}
        for name in ("eve", "max"):
            mail = mails[f"{name}@news.example"]
            links = self.linked(mail.message.get_body(("html",)).get_content())
            self.assertIn("/confirm_unsubscribe?", links["Out"])
            self.assertIn(f"email={name}%40news.example", links["Out"])
            self.assertEqual(links["Away"], links["Out"])
            self.assertEqual(links["Home"], f"https://{name}-shop.example")
            asked = f"?who={name.title()}%20Able"
            self.assertEqual(links["Order"], f"https://x.example/{asked}")
            self.assertIn(f"https://shop.example/{asked}", links.values())
