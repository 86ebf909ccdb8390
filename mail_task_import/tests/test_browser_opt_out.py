"""Opting out as a recipient does it: by the link, in a browser that was never here before."""

import re
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import expect

from .browser_common import SETTING_UP, BrowserCase
from .odoo_shell import run

SENDING = """
server = env["ir.mail_server"].create({{
    "name": "Company", "smtp_host": "127.0.0.1", "smtp_port": {smtp}, "smtp_encryption": "none"}})
ann = env["res.partner"].search([("email", "=", "ann@customer.example")], limit=1)
template = env["mail.template"].create({{
    "name": "News", "model_id": env["ir.model"]._get_id("res.partner"), "subject": "News",
    "body_html": "<p>Hello {{Person.name}}, {{optOutLink}}</p>", "use_default_to": False,
    "partner_to": "{{{{ object.id }}}}", "email_from": "news@company.example",
    "mail_server_id": server.id, "mail_import_marketing": True}})
template.send_mail(ann.id, force_send=True)
env.cr.commit()
"""
AGAIN = """
template = env["mail.template"].search([("name", "=", "News")])
ann = env["res.partner"].search([("email", "=", "ann@customer.example")], limit=1)
mail = env["mail.mail"].browse(template.send_mail(ann.id, force_send=True)).exists()
print("now:", mail.state if mail else "sent", ann.is_blacklisted)
env.cr.commit()
print("importer: done")
"""


class TestBrowserOptOut(BrowserCase):
    setting_up = SETTING_UP.replace("env.cr.commit()\n", SENDING, 1)

    def link(self, text):
        """A link of the mail, at this test's server."""
        url = re.search(r"https?://[^\s\"'<>]+(/mail_import/opt_out/[^\s\"'<>]+)", text)
        return self.odoo.url + url[1]

    def test_a_recipient_opts_out_takes_it_back_and_gets_no_more_mailings(self):
        (sent,) = self.sink.wait_for(1)
        link = self.link(sent.message.get_body(("html",)).get_content())
        visitor = self.page.context.browser.new_page()
        visitor.goto(link)
        expect(visitor.locator("main")).to_contain_text("ann@customer.example gets mailings")
        self.assertEqual(self._told(), "sent False")  # to look at it changes nothing
        visitor.get_by_role("button", name="Unsubscribe").click()
        expect(visitor.locator("main")).to_contain_text("gets no more mailings")
        visitor.get_by_role("button", name="Undo").click()
        expect(visitor.locator("main")).to_contain_text("Taken back")
        visitor.get_by_role("button", name="Unsubscribe").click()
        expect(visitor.locator("main")).to_contain_text("Done")
        self.sink.clear()
        self.assertEqual(self._told(), "cancel True")
        self.assertFalse(self.sink.messages())
        self.page.close()
        self.page = visitor  # what a picture is taken of

    def test_a_mail_program_that_asks_twice_at_once_is_answered(self):
        (sent,) = self.sink.wait_for(1)
        link = self.link(sent.message["List-Unsubscribe"])
        data = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()

        def press(_number):
            with urllib.request.urlopen(link, data=data, timeout=60) as answer:
                return answer.status

        with ThreadPoolExecutor(8) as threads:
            self.assertEqual(list(threads.map(press, range(8))), [200] * 8)
        self.assertEqual(self._told(), "cancel True")

    def _told(self):
        """What becomes of the same mail, sent again, and whether Ann is on the blacklist."""
        return re.search(r"now: (.+)", run(self.database, AGAIN))[1]
