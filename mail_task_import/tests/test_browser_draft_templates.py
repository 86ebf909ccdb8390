"""An agent answers by a template, in a browser; placeholders are filled in for whom it goes to."""

from playwright.sync_api import expect

from .browser_common import LOGIN, SETTING_UP, BrowserCase
from .common import build_mail

TEMPLATE = """
env["mail.template"].create({{
    "name": "Shipping", "model_id": env["ir.model"]._get_id("crm.lead"), "subject": "x",
    "body_html": "<p>Dear {{Person.firstName|customer}}, {{Lead.name}} is sent.</p>"}})
mailbox.signature_ids.body = "<p>{{User.name}} for {{Person.name|you}}, {{Task.name|as always}}</p>"
env["res.partner"].create({{"name": "Bob Builder", "email": "bob@customer.example"}})
env.cr.commit()
"""


class TestBrowserDraftTemplates(BrowserCase):
    setting_up = SETTING_UP.replace("env.cr.commit()\n", TEMPLATE, 1)

    def test_an_answer_by_a_template(self):
        self.dovecot.deliver(LOGIN, build_mail(message_id="<q@customer.example>"))
        self.fetch_now()
        self.wait_for_mail("Question about an order").click()
        self.page.click("button[name=action_reply]")
        editor = self.page.locator(".odoo-editor-editable")
        expect(editor).to_contain_text("for Ann Customer, as always")
        warning = self.page.locator(".o_mail_import_left_empty")
        expect(warning).to_contain_text("{Task.name|as always}")
        self.page.get_by_role("button", name="Remove ann@customer.example").click()
        self.page.locator("[name=to] input").fill("bob@customer.example")
        self.page.locator("[name=subject] input").click()
        expect(editor).to_contain_text("for Bob Builder, as always")
        self.page.click(".o_mail_import_templates")
        self.page.locator(".dropdown-item", has_text="Shipping").click()
        expect(editor).to_contain_text("Dear Bob, Question about an order is sent.")
        self.page.click("button[name=action_send]")
        notice = self.page.locator(".o_notification", has_text="{Task.name|as always}")
        expect(notice).to_be_visible()
        (sent,) = self.sink.wait_for(1, seconds=60)
        html = sent.message.get_body(("html",)).get_content()
        self.assertEqual(sent.recipients, ("bob@customer.example",))
        self.assertIn("Dear Bob, Question about an order is sent.", html)
        self.assertIn("for Bob Builder, as always", html)
        self.assertNotIn("data-mail-import", html)
