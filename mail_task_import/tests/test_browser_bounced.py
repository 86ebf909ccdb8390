"""A contact whose address fails, in a browser: what stands there, and how somebody ends it."""

import re

from playwright.sync_api import expect

from odoo.tests import tagged

from .bounce_reports import build_report
from .browser_common import LOGIN, SETTING_UP, BrowserCase
from .odoo_shell import run

SENDING = """
admin = env.ref("base.user_admin")
entries = env["mail.import.entry"].with_user(admin)
draft = entries.env["mail.import.email"].browse(entries.action_compose()["res_id"])
draft.write({"mailbox_id": env["mail.import.mailbox"].search([]).id, "subject": "Chairs",
             "to": "ann@customer.example", "body": "<p>Hello</p>"})
draft.action_send()
env.cr.commit()
print("importer: done")
"""
TOLD = """
ann = env["res.partner"].search([("email", "=", "ann@customer.example")], limit=1)
print("ann:", ann.id, ann.message_bounce, ann.mail_import_left_out)
print("importer: done")
"""


@tagged("post_install", "-at_install")
class TestBrowserBounced(BrowserCase):
    setting_up = SETTING_UP

    def test_a_contact_whose_mail_came_back_works_again(self):
        run(self.database, SENDING)
        (sent,) = self.sink.wait_for(1)
        head = sent.raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0].decode()
        self.dovecot.deliver(LOGIN, build_report(head))
        self.fetch_now()
        self.wait_for_mail("Undelivered Mail")
        number, count, left_out = self.told()
        self.assertEqual((count, left_out), ("1", "True"))
        self.open(f"res.partner/{number}")
        banner = self.page.locator(".o_mail_import_bounced")
        expect(banner).to_contain_text("An e-mail to ann@customer.example came back on")
        expect(banner).to_contain_text("no such mailbox")
        expect(banner).to_contain_text("Mailings do not go there any more.")
        with self.page.expect_response("**/action_mail_import_works_again"):
            banner.get_by_role("button", name="Works Again").click()
        expect(banner).to_have_count(0)
        self.assertEqual(self.told()[1:], ("0", "False"))

    def told(self):
        """Number of the contact, how often the host counts, whether mailings leave it out."""
        return re.search(r"ann: (\d+) (\d+) (\w+)", run(self.database, TOLD)).groups()
