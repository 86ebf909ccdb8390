"""A mailing as a marketer sends it, as its readers get it, and as programs read it before them."""

import re
import time
import urllib.error
import urllib.request
from html import unescape

from playwright.sync_api import expect

from odoo.addons.mail_task_import.tests.browser_common import SECONDS, SETTING_UP, BrowserCase

READERS = 500
MAILING = """
# in a fresh database everything is due at once
sending = env.ref("mass_mailing.ir_cron_mass_mailing_queue") + env.ref(
    "mail.ir_cron_mail_scheduler_action")
(env["ir.cron"].search([]) - sending).active = False
sending.nextcall = "2100-01-01 00:00:00"
tag = env["res.partner.category"].create({{"name": "Readers"}})
for code in ("de_DE", "ru_RU"):
    env["res.lang"]._activate_lang(code)
env["res.partner"].create([{{
    "name": f"Reader {{number:03}}", "email": f"reader{{number:03}}@news.example",
    "lang": ("en_US", "de_DE", "ru_RU")[number % 3], "city": "" if number in (7, 8) else "Riga",
    "category_id": [(4, tag.id)],
}} for number in range({readers})])
contacts = env["ir.model"]._get_id("res.partner")
env.ref("base.user_admin").group_ids += env.ref("mass_mailing.group_mass_mailing_user")
server = env["ir.mail_server"].create({{
    "name": "Company", "smtp_host": "127.0.0.1", "smtp_port": {smtp}, "smtp_encryption": "none"}})
env["mail.template"].create({{
    "name": "Spring", "model_id": contacts,
    "subject": "{{Person.lastName}}, news of {{currentYear}}",
    "body_html": '<p>Dear {{Person.name}} in {{Person.addressCity}}, it is {{today}}.</p>'
                 '<p><a href="https://127.0.0.1:1/shop?for={{Person.name}}">Shop</a></p>'}})
for name, numbers in (("First", ""), ("Second", " 00")):
    env["mailing.mailing"].create({{
        "subject": name, "mailing_model_id": contacts, "mail_server_id": server.id,
        "user_id": env.ref("base.user_admin").id, "body_arch": f"<p>{{name}}</p>",
        "body_html": f"<p>{{name}}</p>",
        "mailing_domain": [("category_id", "=", tag.id), ("name", "like", f"Reader{{numbers}}")]}})
env.cr.commit()
"""
IN_WORDS = (
    (r"\d\d/\d\d/\d{4}", "Unsubscribe"),
    (r"\d\d\.\d\d\.\d{4}", None),
    (r"\d\d\.\d\d\.\d{4}", "Отписаться"),
)
"""By the number of the reader, which gives the language: a day, and the way out."""


class TestBrowserMarketer(BrowserCase):
    setting_up = SETTING_UP.replace(
        "env.cr.commit()\n", MAILING.replace("{readers}", str(READERS)), 1
    )

    def setUp(self):
        super().setUp()
        expect.set_options(timeout=SECONDS)
        self.addCleanup(expect.set_options, timeout=5000)

    def test_readers_opt_out_and_scanners_do_not(self):
        self._send_by_template()
        self._run_queue()
        mails = {mail.recipients[0]: mail for mail in self._arrived(READERS)}
        self.assertEqual(len(mails), READERS)
        for number in range(READERS):
            self._check_mail(number, mails[f"reader{number:03}@news.example"])
        victim = mails["reader004@news.example"]
        self._scan(victim)
        self.assertEqual(self._ask("mail.blacklist", "search_count", []), 0)
        self._opt_out(victim)
        domain = [("email", "=", "reader004@news.example")]
        (contact,) = self._ask("res.partner", "search", domain)
        self._see_blacklisted(contact)
        self.sink.clear()
        self._press_send("Second")
        got = {mail.recipients[0] for mail in self._arrived(9)}
        wanted = {f"reader{n:03}@news.example" for n in range(10)} - {"reader004@news.example"}
        self.assertEqual(got, wanted)
        left_out = [("trace_status", "=", "cancel"), ("failure_type", "=", "mail_bl")]
        traces = self._ask("mailing.trace", "search_read", left_out, ["email"])
        self.assertEqual([trace["email"] for trace in traces], ["reader004@news.example"])

    def _arrived(self, number):
        """Looked for now and then: to look at each arrival would take longer than to send them."""
        for _look in range(120):
            if len(self.sink.messages()) >= number:
                break
            time.sleep(1)
        return self.sink.messages()

    def _ask(self, model, method, *args):
        """As the browser asks the server, for who is logged in."""
        question = {"params": {"model": model, "method": method, "args": args, "kwargs": {}}}
        address = f"{self.odoo.url}/web/dataset/call_kw"
        answer = self.page.request.post(address, data=question, timeout=10 * SECONDS).json()
        self.assertIn("result", answer, answer)
        return answer["result"]

    def _run_queue(self):
        """When the mailing is done its mails wait; *Run Manually*, instead of the hourly moment."""
        for _look in range(1200):
            if self._ask("mailing.mailing", "search_count", [("state", "=", "done")]):
                break
            time.sleep(0.1)
        (queue,) = self._ask("ir.cron", "search", [("cron_name", "ilike", "Email Queue")])
        self._ask("ir.cron", "method_direct_trigger", [queue])

    # -- the marketer ---------------------------------------------------------------------------

    def _open_mailing(self, name):
        self.open("action-mass_mailing.mailing_mailing_action_mail?view_type=list")
        self.page.locator(".o_switch_view.o_list").click()
        self.page.locator(".o_data_row", has_text=name).click()
        expect(self.page.locator("button[name=action_launch]")).to_be_visible()

    def _send_by_template(self):
        self._open_mailing("First")
        self.page.locator("div[name=mail_import_template_id] input").click()
        self.page.locator(".o-autocomplete--dropdown-item", has_text="Spring").click()
        subject = self.page.locator("div[name=subject] input, div[name=subject] textarea")
        expect(subject).to_have_value("{Person.lastName}, news of {currentYear}")
        body = self.page.frame_locator("div[name=body_arch] iframe")
        expect(body.get_by_text("Dear {Person.name} in")).to_be_visible()
        with self.saving():
            self.page.locator(".o_form_button_save").click()
        self._press_send()
        dialog = self.page.locator(".modal", has_text="Some Placeholders Are Empty")
        expect(dialog).to_contain_text("{Person.addressCity}")
        expect(dialog).to_contain_text("Reader 007, Reader 008")
        expect(dialog).to_contain_text(f"For 2 of {READERS} recipients")
        dialog.get_by_text("Send All the Same").click()
        expect(self.page.locator(".o_arrow_button_current")).not_to_have_text("Draft")

    def _press_send(self, name=None):
        if name:
            self._open_mailing(name)
        self.page.locator("button[name=action_launch]").click()
        self.page.locator(".modal .btn-primary", has_text="Send to all").click()

    # -- what is sent ---------------------------------------------------------------------------

    def _html(self, mail):
        return mail.message.get_body(("html",)).get_content()

    def _check_mail(self, number, mail):
        name, html = f"Reader {number:03}", self._html(mail)
        city = "" if number in (7, 8) else "Riga"
        day, words = IN_WORDS[number % 3]
        self.assertRegex(html, rf"Dear {name} in {city}, it is {day}\.")
        self.assertRegex(mail.message["Subject"], rf"^{number:03}, news of \d{{4}}$")
        self.assertIn(f'href="https://127.0.0.1:1/shop?for=Reader%20{number:03}"', html)
        (link,) = re.findall(r'<a href="([^"]+confirm_unsubscribe[^"]+)"[^>]*>([^<]+)', html)
        self.assertIn(f"email=reader{number:03}%40news.example", link[0])
        self.assertIn(words, (link[1], None))
        self.assertIn(f"reader{number:03}%40", mail.message["List-Unsubscribe"])
        self.assertEqual(mail.message["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")

    # -- who reads it ---------------------------------------------------------------------------

    def _way_out(self, mail):
        return unescape(re.search(r'"([^"]+confirm_unsubscribe[^"]+)"', self._html(mail))[1])

    def _scan(self, mail):
        """A program that looks for viruses behind every address of a mail, its headers included."""
        text = unescape(self._html(mail)) + mail.message["List-Unsubscribe"]
        addresses = {
            one for one in re.findall(r"https?://[^\s\"'<>]+", text) if self.odoo.url in one
        }
        self.assertTrue(any("confirm_unsubscribe" in one for one in addresses))
        self.assertTrue(any("unsubscribe_oneclick" in one for one in addresses))
        for address in addresses:
            for method in ("HEAD", "GET"):
                request = urllib.request.Request(address, method=method)
                try:
                    urllib.request.urlopen(request, timeout=60).close()
                except urllib.error.HTTPError as error:
                    self.assertIn(error.code, (400, 404, 405))
                    self.assertNotIn("confirm_unsubscribe", address)

    def _opt_out(self, mail):
        visitor = self.page.context.browser.new_context().new_page()
        visitor.goto(self._way_out(mail))
        visitor.get_by_role("button", name="Unsubscribe").click()
        expect(visitor.locator("body")).to_contain_text("Successfully unsubscribed")
        visitor.close()

    def _see_blacklisted(self, contact):
        self.open(f"action-base.action_partner_form/{contact}")
        banned = self.page.locator("button[name=mail_action_blacklist_remove]")
        expect(banned.first).to_be_visible()
