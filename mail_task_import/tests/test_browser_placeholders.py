"""Whoever writes a template chooses placeholders, sees them filled in, and is told of mistakes."""

import json
import os
import re
from html import unescape
from urllib.parse import quote

from playwright.sync_api import expect

from .browser_common import SECONDS, SETTING_UP, BrowserCase
from .odoo_shell import run

ADMINISTRATOR = """
env.ref("base.user_admin").write({{"email": "admin@company.example", "odoobot_state": "disabled"}})
"""
TEMPLATE = """
ann = env["res.partner"].search([("email", "=", "ann@customer.example")], limit=1)
bob = env["res.partner"].create({{"name": "Bob Buyer", "email": "bob@customer.example"}})
env["crm.lead"].search([]).unlink()
env["crm.lead"].create([
    {{"name": "Ten chairs", "type": "opportunity", "partner_id": one.id,
      "user_id": env.ref("base.user_admin").id}} for one in (ann, bob)])
env["mail.template"].create({{
    "name": "Offer", "model_id": env["ir.model"]._get_id("crm.lead"), "subject": "Hello , welcome",
    "body_html": "<p>Dear</p>"}})
env.cr.commit()
"""
TOLD = """
import json
template = env["mail.template"].search([("name", "=", "Offer")])
print("told:", json.dumps([template.id, template.subject, str(template.body_html)]))
print("importer: done")
"""
SENT = """
import json
letters = env["mail.mail"].search([("subject", "like", "Hello")])
print("told:", json.dumps([[one.subject, str(one.body_html)] for one in letters]))
print("importer: done")
"""
LINKED = """
server = env["ir.mail_server"].create({
    "name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": SMTP, "smtp_encryption": "none"})
template = env["mail.template"].search([("name", "=", "Offer")])
ann, bob = env["crm.lead"].search([], order="partner_name, id")
for lead, shop in ((ann, "ann-shop.example"), (bob, "bob-shop.example")):
    lead.partner_id.parent_id = env["res.partner"].create(
        {"name": shop, "is_company": True, "website": f"https://{shop}"})
    template.send_mail(
        lead.id, force_send=True, email_values={"mail_server_id": server.id})
env.cr.commit()
print("importer: done")
"""
IN_RUSSIAN = """
env["res.lang"]._activate_lang("ru_RU")
env.ref("base.user_admin").lang = "ru_RU"
env.cr.commit()
"""
SIGNED = """
import json
print("told:", json.dumps([str(one.body) for one in env["mail.import.signature"].search([])]))
print("importer: done")
"""


class PickerCase(BrowserCase):
    """How one uses the picker."""

    @property
    def picker(self):
        return self.page.locator(".o_mail_import_picker")

    def open_by_button(self, field, place):
        """The button beside a line of text, the cursor ``place`` letters behind its beginning."""
        line = self.page.locator(f"div[name={field}] input")
        line.click()
        line.evaluate("(line, place) => line.setSelectionRange(place, place)", place)
        self.page.locator(f"div[name={field}] .o_mail_import_picker_button").click()
        expect(self.picker).to_be_visible()

    def open_by_slash(self, editor):
        editor.click()
        self.page.keyboard.press("ControlOrMeta+End")
        self.page.keyboard.type(" /placeholder")
        entry = self.page.locator(".o-we-command", has_text="Insert the recipient's name")
        entry.click()
        expect(self.picker).to_be_visible()

    def choose(self, *written, default=""):
        for one in written[:-1]:
            line = self.picker.locator("li", has_text=f"{{{one}}}")
            line.locator(".o_mail_import_picker_below").click()
        self.picker.get_by_text(f"{{{written[-1]}}}", exact=True).click()
        if default:
            self.picker.get_by_label("Where it is empty, write").fill(default)
        self.picker.get_by_role("button", name="Insert").click()
        expect(self.picker).to_have_count(0)

    def whose(self, label):
        self.picker.get_by_role("button", name=label).first.click()

    def link(self, word, address):
        """Types a word and makes it a link."""
        self.page.keyboard.type(f" {word}")
        for _letter in word:
            self.page.keyboard.press("Shift+ArrowLeft")
        self.page.locator(".o-we-toolbar button[name=link]").click()
        popover = self.page.locator(".o-we-linkpopover")
        popover.locator(".o_we_href_input_link").fill(address)
        popover.get_by_role("button", name="Apply").click()
        expect(popover.locator(".o_we_href_input_link")).to_have_count(0)
        self.page.keyboard.press("ControlOrMeta+End")

    def write_links(self, editor):
        editor.click()
        self.page.keyboard.press("ControlOrMeta+End")
        self.link("Out", "{optOutUrl}")
        self.link("Away", "https://{optOutUrl}")
        self.link("Home", "{Account.website}")
        self.link("Order", "https://x.example/?who={Person.name}")
        self.page.keyboard.type(" https://shop.example/?who={Person.name} bye")

    def linked(self, html):
        """``{words: address}`` of a mail."""
        return {
            words.strip(): unescape(address)
            for address, words in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>([^<]+)</a>', html)
        }


class TemplateCase(PickerCase):
    setting_up = SETTING_UP.replace("env.cr.commit()\n", ADMINISTRATOR + TEMPLATE, 1)

    def told(self, script=TOLD):
        """``[id, subject, body]`` of the template, or what else a script tells of the server."""
        told = re.search(r"told: (\[.*\])", run(self.database, script))[1]
        # what is typed before a word is a space that does not break
        return json.loads(told.replace("&nbsp;", " ").replace("\\u00a0", " "))

    def open_template(self):
        self.open(f"action-mail.action_email_template_tree_all/{self.told()[0]}")
        expect(self.page.locator(".note-editable")).to_be_visible()

    @property
    def editor(self):
        return self.page.locator(".note-editable")


class TestBrowserPlaceholders(TemplateCase):
    def test_placeholders_are_chosen_saved_and_seen_filled_in(self):
        self.open_template()
        self._write_by_choosing()
        self._look_at_the_preview()

    def _write_by_choosing(self):
        self.open_by_button("subject", 6)
        self.picker.get_by_label("Search").fill("first name")
        self.choose("Person.firstName", default="there")
        self.open_by_slash(self.editor)
        self.whose("Recipient")
        self.choose("Person.phoneNumber", default="{friend} & co")
        self.open_by_slash(self.editor)
        self.picker.get_by_role("button", name="Lead").first.click()
        self.choose("Lead.assignedUserName", "Lead.user_id.emailAddress")
        self.page.keyboard.type(" bye")
        with self.saving():
            self.page.keyboard.press("Alt+s")
        _id, subject, body = self.told()
        self.assertEqual(subject, "Hello {Person.firstName|there}, welcome")
        self.assertIn(
            "Dear {Person.phoneNumber|friend &amp; co} {Lead.user_id.emailAddress} bye", body
        )

    def _look_at_the_preview(self):
        self.page.get_by_role("button", name="Preview").click()
        preview = self.page.locator(".o_mail_template_preview_form_view")
        record = preview.locator("div[name=resource_ref] input")
        expect(record).to_have_value(re.compile("Ten chairs"), timeout=SECONDS)
        expect(preview.locator("div[name=subject]")).to_have_text(
            re.compile(r"Hello (Ann|Bob), welcome")
        )
        expect(preview.locator("div[name=body_html]")).to_contain_text("Dear friend & co admin@")
        expect(preview.locator(".alert-warning")).to_contain_text(
            "{Person.phoneNumber} is empty for this record: “friend & co” stands there."
        )

    def test_links_to_placeholders_lead_each_recipient_to_their_own(self):
        self.open_template()
        self.write_links(self.editor)
        with self.saving():
            self.page.keyboard.press("Alt+s")
        run(self.database, LINKED.replace("SMTP", str(self.sink.port)))
        outs = set()
        for mail, name in zip(self.sink.messages(), ("Ann Customer", "Bob Buyer"), strict=True):
            links = self.linked(mail.message.get_body(("html",)).get_content())
            self.assertIn("/mail_import/opt_out/", links["Out"])
            self.assertEqual(links["Away"], links["Out"])
            outs.add(links["Out"])
            self.assertEqual(links["Home"], f"https://{name[:3].lower()}-shop.example")
            asked = f"?who={quote(name)}"
            self.assertEqual(links["Order"], f"https://x.example/{asked}")
            self.assertIn(f"https://shop.example/{asked}", links.values())
        self.assertEqual(len(outs), 2)

    def select(self, word):
        """Types a word behind the text, and selects it."""
        self.editor.click()
        self.page.keyboard.press("ControlOrMeta+End")
        self.page.keyboard.type(f" {word}")
        for _letter in word:
            self.page.keyboard.press("Shift+ArrowLeft")

    def test_selected_words_become_the_link_to_opt_out(self):
        self.open_template()
        self.select("Leave")
        self.page.locator(".o-we-toolbar button[name=mailImportPlaceholder]").click()
        self.choose("optOutUrl")
        self.page.keyboard.press("ControlOrMeta+End")
        self.open_by_slash(self.editor)
        self.choose("optOutUrl")
        for _letter in "{optOutUrl}":
            self.page.keyboard.press("Shift+ArrowLeft")
        self.page.locator(".o-we-toolbar button[name=link]").click()
        popover = self.page.locator(".o-we-linkpopover")
        expect(popover.locator(".o_we_href_input_link")).to_have_value("{optOutUrl}")
        popover.locator(".o_we_label_link").fill("Away")
        if shots := os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.screenshot(path=f"{shots}/popover.png")
        popover.get_by_role("button", name="Apply").click()
        self.select("Town")
        self.page.locator(".o-we-toolbar button[name=mailImportPlaceholder]").click()
        self.whose("Recipient")
        self.choose("Person.addressCity")
        with self.saving():
            self.page.keyboard.press("Alt+s")
        body = self.told()[2]
        links = self.linked(body)
        self.assertEqual((links["Leave"], links["Away"]), ("{optOutUrl}", "{optOutUrl}"))
        self.assertIn("{Person.addressCity}", body)
        self.assertNotIn("Town", body)

    def test_a_finger_finds_the_button(self):
        """Where nothing hovers."""
        context = self.page.context.browser.new_context(
            storage_state=self.page.context.storage_state(),
            viewport={"width": 390, "height": 844},
            has_touch=True,
            is_mobile=True,
        )
        self.addCleanup(context.close)
        self.page = context.new_page()
        self.page.set_default_timeout(SECONDS)
        self.open_template()
        button = self.page.locator("div[name=subject] .o_mail_import_picker_button")
        expect(button).to_be_visible()
        if shots := os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.screenshot(path=f"{shots}/touch.png")
        button.tap()
        expect(self.picker).to_be_visible()

    def test_a_mistake_is_told_where_it_was_made(self):
        self.open_template()
        self.page.locator("div[name=subject] input").fill("Hello {Preson.name}")
        self.page.keyboard.press("Alt+s")
        dialog = self.page.locator(".modal")
        expect(dialog).to_contain_text("Did you mean {Person.name}?")
        dialog.get_by_role("button", name="Close").last.click()
        self.page.locator("div[name=subject] input").fill("Out by {optOutLink}")
        self.page.keyboard.press("Alt+s")
        expect(dialog).to_contain_text("{optOutLink} is a link")
        dialog.get_by_role("button", name="Close").last.click()
        self.assertEqual(self.told()[1], "Hello , welcome")
        self.page.locator("div[name=subject] input").fill("Hello {Person.name}")
        with self.saving():
            self.page.keyboard.press("Alt+s")
        self.assertEqual(self.told()[1], "Hello {Person.name}")

    def test_on_a_phone(self):
        self.page.set_viewport_size({"width": 390, "height": 844})
        self.open_template()
        for opened in ("button", "slash"):
            with self.subTest(opened):
                if opened == "button":
                    self.open_by_button("subject", 6)
                else:
                    self.open_by_slash(self.editor)
                box = self.picker.bounding_box()
                self.assertGreaterEqual(box["x"], 0)
                self.assertLessEqual(box["x"] + box["width"], 390)
                self.assertLessEqual(box["y"] + box["height"], 844)
                self.whose("Recipient")
                self.choose("Person.lastName")
        with self.saving():
            self.page.keyboard.press("Alt+s")
        _id, subject, body = self.told()
        self.assertEqual(subject, "Hello {Person.lastName}, welcome")
        self.assertIn("Dear {Person.lastName}", body)

    def test_a_signature_is_written_with_placeholders(self):
        self.open("action-mail_task_import.mail_import_signature_action")
        self.page.locator(".o_data_row", has_text="Company Support").click()
        editor = self.page.locator(".note-editable")
        expect(editor).to_contain_text("Your support team")
        self.open_by_slash(editor)
        self.whose("Sender")
        self.choose("User.phoneNumber", default="12345")
        with self.saving():
            self.page.keyboard.press("Alt+s")
        (told,) = self.told(SIGNED)
        self.assertIn("Your support team {User.phoneNumber|12345}", told)

    def test_one_letter_to_many_is_written_with_placeholders(self):
        self.open("action-crm.crm_lead_opportunities?view_type=list")
        self.page.locator("thead .o_list_record_selector input").check()
        self.page.get_by_role("button", name="Actions").click()
        self.page.get_by_role("menuitem", name="Send email").click()
        letter = self.page.locator(".modal")
        letter.locator("div[name=subject] input").fill("Hello ")
        self.open_by_button("subject", 6)
        self.whose("Recipient")
        self.choose("Person.firstName")
        editor = letter.locator(".note-editable")
        editor.click()
        self.page.keyboard.type("Dear {Preson.name}")
        letter.get_by_role("button", name="Send", exact=True).click()
        mistake = self.page.locator(".modal", has_text="Did you mean {Person.name}?")
        mistake.get_by_role("button", name="Close").last.click()
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type("Dear")
        self.open_by_slash(editor)
        self.whose("Recipient")
        self.choose("Person.name")
        self.page.keyboard.type(" of {Person.addressCity}")
        letter.get_by_role("button", name="Send", exact=True).click()
        expect(letter.locator(".alert-warning")).to_contain_text("{Person.addressCity}: ")
        expect(letter.locator(".alert-warning")).to_contain_text("Ten chairs")
        if shots := os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.screenshot(path=f"{shots}/empty.png")
        self.assertEqual(self.told(SENT), [])
        letter.get_by_role("button", name="Send", exact=True).click()
        expect(letter).to_have_count(0)
        ann, bob = sorted(self.told(SENT))
        self.assertEqual((ann[0], bob[0]), ("Hello Ann", "Hello Bob"))
        self.assertIn("Dear Ann Customer", ann[1])
        self.assertIn("Dear Bob Buyer", bob[1])


class TestBrowserPlaceholdersInRussian(TemplateCase):
    setting_up = SETTING_UP.replace("env.cr.commit()\n", ADMINISTRATOR + TEMPLATE + IN_RUSSIAN, 1)

    def test_what_is_chosen_is_found_by_russian_words(self):
        self.open_template()
        button = self.page.locator("div[name=subject] .o_mail_import_picker_button")
        expect(button).to_have_attribute("title", "Вставить подстановку")
        self.editor.click()
        for word in ("подстановка", "placeholder"):
            self.page.keyboard.press("ControlOrMeta+End")
            self.page.keyboard.type(f" /{word}")
            entry = self.page.locator(".o-we-command", has_text="Подстановка").first
            expect(entry).to_be_visible()
            self.page.keyboard.press("Enter")
            expect(self.picker).to_contain_text("Получатель")
            self.picker.locator(".o_mail_import_picker_search").fill("имя")
            self.picker.get_by_text("{Person.firstName}", exact=True).click()
            self.picker.get_by_role("button", name="Вставить").click()
            expect(self.picker).to_have_count(0)
        with self.saving():
            self.page.keyboard.press("Alt+s")
        russian = TOLD.replace(
            'env["mail.template"]', 'env["mail.template"].with_context(lang="ru_RU")'
        )
        self.assertEqual(self.told(russian)[2].count("{Person.firstName}"), 2)
