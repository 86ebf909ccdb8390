"""An administrator makes an import rule and sees what comes of it; a user makes a filter."""

from playwright.sync_api import expect

from .browser_common import LOGIN, SETTING_UP, BrowserCase
from .common import build_mail

PEOPLE = """
project = env["project.project"].create({{"name": "Complaints", "privacy_visibility": "employees"}})
env["res.users"].with_context(no_reset_password=True).create({{
    "name": "Hanna Handler", "login": "hanna", "email": "hanna@company.example",
    "group_ids": [(4, env.ref("project.group_project_user").id)]}})
env.ref("project.group_project_manager").user_ids += env.ref("base.user_admin")
mailbox.write({{"default_target_id": False, "interval": 1000, "next_fetch": "2099-01-01"}})
env.cr.commit()
"""


class TestBrowserRules(BrowserCase):
    setting_up = SETTING_UP.replace("env.cr.commit()\n", PEOPLE)

    def field(self, name, within=None):
        return (within or self.page).locator(f".o_field_widget[name={name}]").last

    def choose(self, name, text, within=None):
        """A record in a field, by what one types."""
        field = self.field(name, within)
        field.locator("input").first.fill(text)
        self.page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()

    def save(self):
        with self.saving():
            self.page.click(".o_form_button_save")

    def choose_of_menu(self, name):
        """In the cog menu of a form."""
        self.page.click(".o_form_view .o_cp_action_menus .dropdown-toggle")
        self.page.get_by_role("menuitem", name=name).click()

    def make_rule(self):
        self.open("action-mail_task_import.mail_import_rule_action")
        self.page.click(".o_list_button_add")
        self.field("name").locator("input, textarea").first.fill("Complaints become tasks")
        self.choose("mailbox_ids", "Support")
        self.field("keyword").locator("input").fill("complaint")
        self.choose("target_id", "Task")
        self.choose("project_id", "Complaints")
        self.add_value("Assignees", "Hanna")
        self.save()
        self.switch()

    def switch(self):
        """On or off, which saves the form as well."""
        with self.saving():
            self.field("active").locator("input").click()

    def try_on_a_mail(self):
        """*Test* with a mail that is pasted."""
        self.page.get_by_role("button", name="Test", exact=True).click()
        dialog = self.page.locator(".modal-content").last
        pasted = build_mail(subject="Another complaint").decode()
        self.field("pasted", dialog).locator("textarea").fill(pasted)
        dialog.get_by_role("button", name="Test", exact=True).click()
        result = self.field("result", self.page.locator(".modal-content").last)
        expect(result).to_contain_text("Becomes a new record")
        expect(result).to_contain_text("Another complaint")
        expect(result).to_contain_text("Hanna Handler")
        self.page.locator(".modal-footer").get_by_role("button", name="Close").click()
        expect(self.page.locator(".modal-content")).to_have_count(0)

    def rehearse(self):
        """What the rule would make of the mail that waits; back at the rule after that."""
        self.page.get_by_role("button", name="Rehearse", exact=True).click()
        expect(self.page.locator(".o_breadcrumb .active")).to_contain_text("Rehearsal")
        body = self.page.locator(".o_form_view")
        expect(body).to_contain_text("1 become “Task”")
        expect(body).to_contain_text("A Complaint about chairs")
        self.page.locator(".o_breadcrumb").get_by_text("Complaints become tasks").click()

    def add_value(self, field, text):
        self.field("value_ids").get_by_text("Add a value").click()
        dialog = self.page.locator(".modal-content").last
        self.field("field_name", dialog).locator("select").select_option(label=field)
        self.choose("res_id", text, dialog)
        dialog.locator(".o_form_button_save").click()
        expect(dialog).to_be_hidden()

    def test_a_rule_is_made_tested_rehearsed_switched_on_and_makes_a_task(self):
        self.dovecot.deliver(LOGIN, build_mail(subject="A Complaint about chairs"))
        self.dovecot.deliver(LOGIN, build_mail(subject="Praise of tables"))
        self.make_rule()
        self.try_on_a_mail()
        self.rehearse()
        expect(self.page.locator(".ribbon")).to_contain_text("Switched off")
        self.switch()
        expect(self.page.locator(".ribbon")).to_be_hidden()
        self.fetch_now()
        self.wait_for_mail("Praise of tables")
        self.wait_for_mail("A Complaint about chairs").click()
        self.page.get_by_role("tab", name="Why Here").click()
        expect(self.page.locator("body")).to_contain_text("“Complaints become tasks” holds")
        self.page.get_by_role("tab", name="Linked Records").click()
        self.page.click("[name=link_ids] button[name=action_open_record] >> nth=0")
        expect(self.page.locator(".o_breadcrumb .active")).to_contain_text("Complaint about chairs")
        expect(self.field("user_ids")).to_contain_text("Hanna Handler")
        expect(self.field("project_id").locator("input")).to_have_value("Complaints")

    def test_a_filter_is_made_of_an_email(self):
        self.dovecot.deliver(LOGIN, build_mail(subject="Buy chairs", sender="x@shop.example"))
        self.fetch_now()
        self.wait_for_mail("Buy chairs").click()
        self.choose_of_menu("Make a Filter")
        expect(self.field("sender").locator("textarea")).to_have_value("x@shop.example")
        self.page.get_by_label("Archive it").click()
        self.save()
        self.dovecot.deliver(LOGIN, build_mail(subject="Buy tables", sender="x@shop.example"))
        self.dovecot.deliver(LOGIN, build_mail(subject="An order"))
        self.fetch_now()
        self.wait_for_mail("An order")
        expect(self.page.locator(".o_data_row", has_text="Buy tables")).to_have_count(0)
        self.page.locator(".o_search_panel_category_value", has_text="Archive").first.click()
        self.page.locator(".o_data_row", has_text="Buy tables").click()
        self.page.get_by_role("tab", name="Why Here").click()
        expect(self.page.locator("body")).to_contain_text("caught it: archived")
        self.choose_of_menu("Delete for Everyone")
        dialog = self.page.locator(".modal-content")
        expect(dialog).to_contain_text("It cannot be brought back")
        dialog.get_by_role("button", name="Delete for Everyone").click()
        expect(self.page.locator(".o_data_row", has_text="An order")).to_be_visible()
        self.page.locator(".o_search_panel_category_value", has_text="Archive").first.click()
        expect(self.page.locator(".o_view_nocontent")).to_be_visible()
