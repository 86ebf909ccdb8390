"""For whom a placeholder is empty is asked before a mailing goes out."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .mailing_common import MailingCase

BODY = "<p>Dear {Person.name} of {Person.addressCity}, {Person.function|friend}</p>"


@tagged("post_install", "-at_install")
class TestEmpties(MailingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people[0].city = "Riga"
        cls.marketer = new_test_user(
            cls.env, "marketer", "base.group_user,mass_mailing.group_mass_mailing_user"
        )

    def dialog(self, action):
        self.assertEqual(action["res_model"], "mail.import.empties")
        return self.env["mail.import.empties"].browse(action["res_id"])

    def pressed(self, mailing):
        """*Send*, as the form presses it."""
        return mailing.with_context(mail_import_ask=True).action_launch()

    def test_the_placeholder_and_its_recipients_are_named(self):
        mailing = self.mailing(BODY)
        dialog = self.dialog(self.pressed(mailing))
        self.assertEqual((dialog.concerned, dialog.total), (1, 2))
        line = dialog.line_ids
        self.assertEqual((line.placeholder, line.count), ("{Person.addressCity}", 1))
        self.assertEqual(line.names, "Bob Brown")
        self.assertEqual(mailing.state, "draft")
        self.assertEqual(line.action_open()["domain"], [("id", "in", self.people[1].ids)])

    def test_nobody_is_asked_where_nothing_is_empty(self):
        for body in ("<p>{Person.name} {today}</p>", "<p>News</p>", "<p>{Person.city|here}</p>"):
            mailing = self.mailing(body)
            self.assertFalse(self.pressed(mailing))
            self.assertEqual(mailing.state, "in_queue")

    def test_nobody_is_asked_by_programs(self):
        mailing = self.mailing(BODY)
        mailing.action_launch()
        self.assertEqual(mailing.state, "in_queue")

    def test_sent_all_the_same_it_goes_to_all(self):
        mailing = self.mailing(BODY)
        self.dialog(self.pressed(mailing)).action_send()
        self.assertEqual(mailing.state, "in_queue")
        mails = self.sent(mailing)
        self.assertIn("Dear Bob Brown of , friend", self.html(mails["bob@news.example"]))
        self.assertEqual(len(mails), 2)

    def test_who_is_left_out_has_a_trace_that_says_why(self):
        mailing = self.mailing(BODY)
        self.dialog(self.pressed(mailing)).action_leave_out()
        self.assertEqual(mailing.state, "in_queue")
        self.assertEqual(set(self.sent(mailing)), {"ann@news.example"})
        traces = {trace.email: trace for trace in mailing.mailing_trace_ids}
        left = traces["bob@news.example"]
        self.assertEqual((left.trace_status, left.failure_type), ("cancel", "mail_import_empty"))
        self.assertEqual(traces["ann@news.example"].trace_status, "sent")
        self.assertFalse(mailing._get_remaining_recipients())

    def test_what_is_filled_in_before_a_planned_mailing_leaves_counts(self):
        when = fields.Datetime.now() + timedelta(days=1)
        mailing = self.mailing(BODY)
        planning = mailing.with_context(mail_import_ask=True).action_schedule()
        wizard = self.env[planning["res_model"]].with_context(**planning["context"])
        wizard = wizard.create({"schedule_date": when, "mass_mailing_id": mailing.id})
        dialog = self.dialog(wizard.action_schedule_date())
        self.assertEqual(mailing.state, "draft")
        dialog.action_leave_out()
        self.assertEqual((mailing.state, mailing.schedule_date), ("in_queue", dialog.schedule_date))
        self.people[1].city = "Oslo"
        self.assertEqual(len(self.sent(mailing)), 2)

    def test_a_mailing_with_a_day_is_asked_about_by_schedule(self):
        when = fields.Datetime.now() + timedelta(days=1)
        mailing = self.mailing(BODY, schedule_type="scheduled", schedule_date=when)
        action = mailing.with_context(mail_import_ask=True).action_schedule()
        self.dialog(action).action_send()
        self.assertEqual((mailing.state, mailing.schedule_date), ("in_queue", when))

    def test_who_opted_out_is_not_named(self):
        self.env["mail.blacklist"]._add("bob@news.example")
        mailing = self.mailing(BODY)
        self.assertFalse(self.pressed(mailing))

    def test_as_many_are_counted_as_are_sent(self):
        """Left out by the host: opted out, no address, a wrong one, one that another has."""
        self.env["mail.blacklist"]._add("cid@news.example")
        people = self.people + self.env["res.partner"].create(
            [
                {"name": "Cid", "email": "cid@news.example"},
                {"name": "Nobody"},
                {"name": "Wrong", "email": "wrong"},
                {"name": "Bob Brown", "email": "bob@news.example"},
                {"name": "Bob Twice", "email": "BOB@news.example"},
            ]
        )
        for body, total in (("<p>{Person.city}</p>", 2), ("<p>{Person.name} {Person.city}</p>", 3)):
            with self.subTest(body):
                mailing = self.mailing(body, people)
                dialog = self.dialog(self.pressed(mailing))
                self.assertEqual((dialog.concerned, dialog.total), (total - 1, total))
                self.assertEqual(dialog.line_ids.count, total - 1)
                dialog.action_send()
                self.queue(mailing)
                traces = mailing.mailing_trace_ids
                left = traces.filtered(lambda trace: trace.trace_status == "cancel")
                self.assertEqual(len(traces - left), total)

    def test_an_address_of_an_earlier_batch_is_not_counted_again(self):
        self.env["ir.config_parameter"].set_param("mail.batch_size", "2")
        people = self.people + self.env["res.partner"].create(
            [{"name": f"Bob {n}", "email": "bob@news.example"} for n in range(3)]
        )
        mailing = self.mailing("<p>{Person.name} {Person.city}</p>", people)
        dialog = self.dialog(self.pressed(mailing))
        dialog.action_send()
        self.queue(mailing)
        left = mailing.mailing_trace_ids.filtered(lambda one: one.trace_status == "cancel")
        self.assertEqual(dialog.total, len(people - people.browse(left.mapped("res_id"))))

    def test_many_recipients_are_asked_about_at_once(self):
        counts = []
        for number in (50, 900):
            people = self.env["res.partner"].create(
                [{"name": f"P {n}", "email": f"p{n}@{number}.example"} for n in range(number)]
            )
            mailing = self.mailing("<p>{Person.name} {Person.city}</p>", people)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(self.dialog(self.pressed(mailing)).total, number)
            counts.append(self.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 20)

    def test_eighty_are_named_in_all(self):
        people = self.env["res.partner"].create(
            [{"name": f"Person {n}", "email": f"n{n}@news.example"} for n in range(200)]
        )
        mailing = self.mailing("<p>{Person.city} {Person.street}</p>", people)
        dialog = self.dialog(self.pressed(mailing))
        named = "".join(dialog.line_ids.mapped("names"))
        self.assertEqual(named.count("Person "), 80)
        self.assertIn("160 more", named)
        self.assertEqual(dialog.line_ids.mapped("count"), [200, 200])

    def test_it_is_told_what_whoever_asks_may_read(self):
        """A lead of somebody else is empty in the letters of who may not read it."""
        lead = self.env["crm.lead"].create(
            {"name": "Deal", "email_from": "lea@news.example", "user_id": self.env.user.id}
        )
        self.marketer.group_ids += self.env.ref("sales_team.group_sale_salesman")
        mailing = self.mailing("<p>{Lead.name}</p>", lead, user_id=self.marketer.id)
        self.assertEqual(self.dialog(self.pressed(mailing)).line_ids.mapped("count"), [1])
        mailing = self.mailing("<p>{Lead.name}</p>", lead)
        self.assertFalse(self.pressed(mailing))

    def test_those_are_counted_whom_the_sender_may_not_see(self):
        """Nothing of them is told, so their letters have gaps."""
        self.marketer.group_ids += self.env.ref("sales_team.group_sale_salesman")
        own, others = self.env["crm.lead"].create(
            [
                {"name": "Own", "email_from": "own@news.example", "user_id": self.marketer.id},
                {"name": "Deal", "email_from": "lea@news.example", "user_id": self.env.user.id},
            ]
        )
        mailing = self.mailing("<p>{Lead.name}</p>", own + others).with_user(self.marketer)
        mailing.subject = "News"
        dialog = self.dialog(self.pressed(mailing)).with_user(self.marketer)
        self.assertEqual((dialog.concerned, dialog.total), (1, 2))
        self.assertEqual(dialog.line_ids.names, "1 whom you may not see")

    def test_strangers_do_not_see_or_press_the_dialog(self):
        dialog = self.dialog(self.pressed(self.mailing(BODY)))
        lines = dialog.line_ids
        portal = new_test_user(self.env, "portal", "base.group_portal")
        self.administrator.group_ids += self.env.ref("mass_mailing.group_mass_mailing_user")
        for user in (portal, self.colleague, self.marketer, self.administrator):
            self.env.invalidate_all()
            theirs, their_lines = dialog.with_user(user), lines.with_user(user)
            with self.assertRaises(AccessError):
                theirs.read(["concerned"])
            with self.assertRaises(AccessError):
                their_lines.read(["names"])
            with self.assertRaises(AccessError):
                their_lines.action_open()
            with self.assertRaises(AccessError):
                theirs.action_send()
