"""An administrator says in the form what replies do; an answer comes, and opens the task again."""

import os

from playwright.sync_api import expect

from .browser_common import BrowserCase
from .common import build_mail
from .odoo_shell import run

SETTING_UP = """
admin = env.ref("base.user_admin")
admin.write({{"password": "admin", "group_ids": [
    (4, env.ref("project.group_project_manager").id)]}})
env["mail.import.mailbox"].create({{
    "name": "Support", "kind": "group", "address": "support@company.example",
    "member_ids": [admin.id], "host": "127.0.0.1", "port": 143,
    "security": "none", "password": "secret", "act_since": "2000-01-01 00:00:00",
    "state": "active",
}})
project = env["project.project"].create({{"name": "Complaints Desk"}})
for number, (name, fold) in enumerate([("Fresh", False), ("Answered", False), ("Over", True)]):
    env["project.task.type"].create(
        {{"name": name, "sequence": number, "fold": fold, "project_ids": project.ids}})
env["res.partner"].create({{"name": "Ann Customer", "email": "ann@customer.example"}})
env.cr.commit()
print("importer: done")
"""
IMPORTING = """
mailbox = env["mail.import.mailbox"].search([("name", "=", "Support")])
importer = env["mail.import.importer"]
(question,) = importer.import_mails(mailbox, [{question!r}])
task = question.email.link_ids._get_record()
over = env["project.task.type"].search([("name", "=", "Over")])
task.write({{"state": "1_done", "stage_id": over.id}})
env.flush_all()
env.cr.precommit.run()
importer.import_mails(mailbox, [{answer!r}])
env.cr.commit()
print("importer: done")
"""


class TestBrowserRuleReplies(BrowserCase):
    setting_up = SETTING_UP

    def shoot(self, name):
        if folder := os.environ.get("MAIL_IMPORT_SCREENSHOTS"):
            self.page.screenshot(path=f"{folder}/replies-{name}.png", full_page=True)

    def choose(self, field, text):
        """One of the proposals of a field that names a record."""
        self.page.locator(f"[name={field}] input").first.fill(text)
        self.page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()

    def make_rule(self):
        page = self.page
        page.goto(f"{self.odoo.url}/odoo/action-mail_task_import.mail_import_rule_action/new")
        page.locator("[name=name] input, [name=name] textarea").first.fill("Complaints")
        page.locator("[name=keyword] input").fill("complaint")
        self.choose("target_id", "Task")
        self.choose("project_id", "Complaints Desk")
        page.get_by_role("tab", name="Replies").click()
        self.shoot("empty")
        self.choose("reply_task_stage_id", "Answered")
        page.get_by_label("Reopen it").check()
        page.locator("[name=number_pattern] input").fill("#{number}")
        page.locator("[name=number_pattern] input").press("Tab")
        self.shoot("filled")
        with self.saving():
            page.locator(".o_form_button_save").click()

    def test_what_the_form_says_is_what_an_answer_does(self):
        self.make_rule()
        question = build_mail(subject="A complaint", message_id="<q@customer.example>")
        answer = build_mail(
            subject="Re: A complaint",
            text="Still broken",
            in_reply_to="<q@customer.example>",
            minutes_ago=1,
        )
        run(self.database, IMPORTING.format(question=question, answer=answer))
        self.page.goto(f"{self.odoo.url}/odoo/action-mail_task_import.action_mail_import_inbox")
        self.page.locator(".o_data_row", has_text="Still broken").first.click()
        self.page.get_by_role("tab", name="Why Here").click()
        expect(self.page.get_by_text("the import rule “Complaints” reopened it")).to_be_visible()
        self.shoot("why")
        self.page.get_by_role("tab", name="Linked Records").click()
        self.page.click("[name=link_ids] button[name=action_open_record] >> nth=0")
        chatter = self.page.locator(".o-mail-Chatter")
        expect(chatter.get_by_text("Still broken").first).to_be_visible()
        expect(self.page.locator(".o_arrow_button_current")).to_contain_text("Answered")
        self.shoot("task")
