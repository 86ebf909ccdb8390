"""*Convert…* as others try it: a stranger, a colleague, a portal user, who may make nothing."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.mail_task_import.models.mail_thread_converting import CONVERSION

from .test_converting import ConvertCase


@tagged("post_install", "-at_install")
class TestConvertingAccess(ConvertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls._employee("portal", "portal@outside.example", "base.group_portal")
        cls.seller = cls._employee(
            "seller", "s@company.example", "base.group_user,sales_team.group_sale_salesman"
        )

    def setUp(self):
        super().setUp()
        self.entry = self.signed(subject="Zanzibar", text="walnut " + "desk " * 5)
        self.others = self.colleague, self.boss, self.seller, self.administrator, self.portal

    def test_no_dialog_is_opened_on_mail_of_others(self):
        emails = self.entry.sudo().email_id
        for user in self.others:
            with self.subTest(user=user.login):
                conversions = self.env["mail.import.conversion"].with_user(user)
                with self.assertRaises(AccessError):
                    self.entry.with_user(user).action_convert()
                with self.assertRaises(AccessError):
                    conversions._open(emails.with_user(user))
                with self.assertRaises(AccessError):
                    conversions.create({"email_ids": [(6, 0, emails.ids)], "kind": "contact"})

    def test_dialog_is_its_own_users(self):
        conversion = self.dialog(self.entry)
        for user in self.others:
            with self.subTest(user=user.login):
                theirs = conversion.with_user(user)
                for act in (
                    lambda one=theirs: one.read(["made_before", "contact_id"]),
                    lambda one=theirs: one.write({"publish": True}),
                    lambda one=theirs: one.action_continue(),
                    lambda one=theirs: one.action_make(),
                    lambda one=theirs: one.action_link_to_contact(),
                    lambda one=theirs: one.action_open_made(),
                ):
                    with self.assertRaises(AccessError):
                        act()

    def test_number_of_a_dialog_opens_nothing_to_others(self):
        conversion = self.dialog(self.entry)
        for user in (self.seller, self.boss, self.administrator):
            with self.subTest(user=user.login):
                leads = self.env["crm.lead"].with_user(user)
                leads = leads.with_context(**{CONVERSION: conversion.id})
                with self.assertRaises(AccessError):
                    leads.default_get(["name", "description"])
                with self.assertRaises(AccessError):
                    leads.web_save({"name": "Mine"}, {})
        self.assertFalse(self.links(self.entry.sudo().email_id))

    def test_number_of_no_dialog_is_refused_in_words(self):
        leads = self.env["crm.lead"].with_user(self.agent).with_context(**{CONVERSION: 2**40})
        with self.assertRaises(UserError):
            leads.web_save({"name": "Mine"}, {})
        for odd in ("1", True, [1], 1.5, None):
            leads = leads.with_context(**{CONVERSION: odd})
            self.assertNotIn("description", leads.default_get(["description"]))

    def test_a_lost_mailbox_ends_what_was_begun(self):
        conversion = self.dialog(self.entry)
        self.support.member_ids = False
        leads = self.env["crm.lead"].with_user(self.agent)
        with self.assertRaises(AccessError):
            leads.with_context(**{CONVERSION: conversion.id}).web_save({"name": "Mine"}, {})

    def test_who_may_make_no_leads_is_offered_none(self):
        self.support.member_ids |= self.boss
        theirs = self.entry.with_user(self.boss)
        kinds = dict(self.env["mail.import.conversion"].with_user(self.boss)._kinds())
        self.assertNotIn("LEAD", kinds)
        group = self.env.ref("base.group_partner_manager")
        self.boss.group_ids |= group
        conversion = self.dialog(theirs, "contact")
        conversion.write({"kind": "LEAD"})
        for act in (conversion.action_continue, conversion.action_make):
            with self.assertRaises(UserError):
                act()

    def test_no_project_is_named_that_its_user_does_not_read(self):
        secret = self.env["project.project"].create(
            {"name": "Secret", "privacy_visibility": "followers"}
        )
        conversion = self.dialog(self.entry, "TASK")
        with self.assertRaises(AccessError):
            conversion.project_id = secret
            conversion.flush_recordset()

    def test_project_of_the_mailbox_that_its_user_does_not_read_is_left_out(self):
        secret = self.env["project.project"].create(
            {"name": "Secret", "privacy_visibility": "followers"}
        )
        self.support.default_project_id = secret
        number = self.entry.action_convert()["res_id"]
        conversion = self.entry.env["mail.import.conversion"].browse(number)
        self.assertFalse(conversion.project_id)

    def test_name_of_a_record_that_one_does_not_read_is_not_told(self):
        self.converted(self.entry)
        self.support.member_ids |= self.boss
        self.boss.group_ids |= self.env.ref("base.group_partner_manager")
        told = self.dialog(self.entry.with_user(self.boss), "contact").made_before
        self.assertIn("Agent made LEAD-", told)
        self.assertNotIn("Zanzibar", told)

    def test_default_values_of_a_caller_are_not_those_of_the_links(self):
        entry = self.entry.with_context(default_suggested=True, default_step="rule")
        lead = self.converted(entry)
        link = self.link_of(self.entry)
        self.assertEqual((link.step, link.suggested, link.res_id), ("user", False, lead.id))


@tagged("post_install", "-at_install")
class TestConvertingClosedMail(ConvertCase):
    def setUp(self):
        super().setUp()
        box = self._mailbox("personal", "agent@company.example", owner_id=self.agent.id)
        self.entry = self.signed(box, to="agent@company.example", subject="Private matters")
        self.assertEqual(self.entry.sudo().email_id.visibility, "owner")
        self.reader = self._employee(
            "reader", "r@company.example", "sales_team.group_sale_salesman_all_leads"
        )

    def test_nothing_of_it_is_shown_unless_its_owner_says_so(self):
        lead = self.converted(self.entry)
        self.assertFalse(self.link_of(self.entry).message_id)
        self.assertFalse(lead.description)
        link = self.link_of(self.entry)
        self.assertFalse(link.with_user(self.reader).has_access("read"))
        self.assertFalse(self.entry.email_id.with_user(self.reader).has_access("read"))

    def test_its_owner_may_show_it(self):
        lead = self.converted(self.entry, publish=True)
        self.assertIn("forty desks", lead.description)
        self.assertIn("forty desks", lead.with_user(self.reader).message_ids[:1].body)
