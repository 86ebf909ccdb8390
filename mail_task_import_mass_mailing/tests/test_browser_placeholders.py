"""A marketer chooses placeholders in a mailing's subject and text."""

import json
import re

from playwright.sync_api import expect

from odoo.addons.mail_task_import.tests.browser_common import SETTING_UP
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
        page.locator('.o_mailing_template_preview_wrapper [data-name="basic"]').click()
        # the editor is in a frame, the picker is not
        editor = page.frame_locator("iframe").first.locator(".note-editable p").last
        expect(editor).to_be_visible()
        self.open_by_slash(editor)
        self.whose("Recipient")
        self.choose("Person.name")
        with page.expect_response("**/web_save"):
            page.locator(".o_form_button_save").click()
        expect(page.locator(".o_form_status_indicator_buttons.invisible")).to_be_attached()
        subject, preview, body = self.told()
        self.assertEqual(subject, "News for {Person.firstName|you}")
        self.assertEqual(preview, "{User.name}")
        self.assertIn("{Person.name}", body)
