"""To whom the records that mail makes are assigned: in turn, by what people have, never to who is
away.
"""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import MailImportCase, build_mail

SALES = "base.group_user,sales_team.group_sale_salesman"
PROJECT = "base.group_user,project.group_project_user"


@tagged("post_install", "-at_install")
class TestDistribution(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.env["res.users"].union(
            *(cls._employee(f"seller{n}", f"seller{n}@company.example", SALES) for n in range(3))
        )
        cls.first, cls.second, cls.third = cls.people
        cls.distribution = cls.env["mail.import.distribution"].create(
            {"name": "Sales in turn", "user_ids": [Command.set(cls.people.ids)]}
        )
        cls.support.write(
            {
                "default_target_id": cls.env.ref("mail_task_import.target_lead").id,
                "distribution_id": cls.distribution.id,
            }
        )

    def mails(self, number, **values):
        self.number = getattr(self, "number", 0)
        for _time in range(number):
            self.number += 1
            yield build_mail(
                subject=f"Order {self.number}",
                sender=f"Customer <c{self.number}@customer.example>",
                **values,
            )

    def records(self, number, **values):
        """The records of so many new mails, in one batch."""
        return [
            self.record(m.email) for m in self.receive(self.support, *self.mails(number, **values))
        ]

    def assignees(self, number, **values):
        return [record.user_id for record in self.records(number, **values)]

    def counts(self, users):
        return sorted(users.count(user) for user in self.people)

    # -- ways -----------------------------------------------------------------------------------

    def test_in_turn_differs_by_one_at_most(self):
        users = self.assignees(4) + self.assignees(1) + self.assignees(3)
        self.assertEqual(self.counts(users), [2, 3, 3])
        self.assertEqual(users[:3], list(self.people))

    def test_always_the_same_person(self):
        self.distribution.write({"way": "direct", "user_id": self.second.id})
        self.assertEqual(self.assignees(3), [self.second] * 3)

    def test_least_busy_counts_open_records(self):
        self.distribution.way = "least_busy"
        Lead = self.env["crm.lead"]
        Lead.create([{"name": "x", "type": "lead", "user_id": self.first.id} for _n in range(3)])
        Lead.create({"name": "x", "type": "lead", "user_id": self.second.id})
        # what is lost, won or no lead does not count
        Lead.create(
            [
                {"name": "x", "type": "lead", "user_id": self.third.id, "active": False},
                {"name": "x", "type": "opportunity", "user_id": self.third.id},
            ]
        )
        users = self.assignees(5)
        self.assertEqual([users.count(user) for user in self.people], [0, 2, 3])

    def test_of_equally_busy_people_who_has_waited_longest(self):
        self.distribution.way = "least_busy"
        records = self.records(3)
        records[0].unlink()
        records[1].unlink()
        records[2].unlink()
        self.assertEqual(self.assignees(1), [self.first])
        self.env["crm.lead"].search([("user_id", "=", self.first.id)]).unlink()
        self.assertEqual(self.assignees(1), [self.second])

    def test_the_members_of_a_sales_team(self):
        team = self.env["crm.team"].create(
            {"name": "North", "member_ids": [Command.set([self.first.id, self.second.id])]}
        )
        self.distribution.write({"people": "team", "team_id": team.id})
        self.assertEqual(self.assignees(2), [self.first, self.second])
        team.crm_team_member_ids[0].assignment_optout = True
        self.assertEqual(self.assignees(2), [self.second] * 2)

    def test_the_team_of_a_project_gets_its_tasks(self):
        self.people.write(
            {"group_ids": [Command.link(self.env.ref("project.group_project_user").id)]}
        )
        self.project.message_subscribe(self.people[:2].partner_id.ids + self.customer.ids)
        self.distribution.write({"people": "project", "project_id": self.project.id})
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_task").id,
                "default_project_id": self.project.id,
            }
        )
        tasks = self.records(4)
        self.assertEqual([task.user_ids for task in tasks], [self.first, self.second] * 2)

    # -- who is left out ------------------------------------------------------------------------

    def test_who_is_away_gets_nothing_and_catches_nothing_up(self):
        now = fields.Datetime.now()
        self.first.out_of_office_from = now - timedelta(days=1)
        self.assertNotIn(self.first, self.assignees(6))
        self.first.out_of_office_from = False
        self.assertEqual(self.counts(self.assignees(3)), [1, 1, 1])

    def test_who_comes_back_tomorrow_is_there(self):
        now = fields.Datetime.now()
        self.first.write(
            {
                "out_of_office_from": now - timedelta(days=9),
                "out_of_office_to": now - timedelta(days=2),
            }
        )
        self.second.out_of_office_from = now + timedelta(days=1)
        self.assertEqual(self.counts(self.assignees(3)), [1, 1, 1])

    def test_archived_and_portal_users_get_nothing(self):
        self.first.active = False
        self.second.write({"group_ids": [Command.set(self.env.ref("base.group_portal").ids)]})
        self.assertEqual(self.assignees(3), [self.third] * 3)

    def test_who_has_as_much_as_one_may_have_gets_no_more(self):
        self.distribution.capacity = 1
        self.assertEqual(self.counts(self.assignees(3)), [1, 1, 1])
        mail = self.receive(self.support, *self.mails(1))[0]
        self.assertFalse(self.record(mail.email).user_id)
        self.assertIn("as much as one may have", mail.entry.why_here)
        self.env["crm.lead"].search([("user_id", "=", self.second.id)]).unlink()
        self.assertEqual(self.assignees(1), [self.second])

    def test_who_may_not_change_leads_gets_none(self):
        self.distribution.user_ids = self.colleague | self.third
        self.assertEqual(self.assignees(2), [self.third] * 2)

    def test_who_does_not_see_the_project_gets_none_of_its_tasks(self):
        self.people.write(
            {"group_ids": [Command.link(self.env.ref("project.group_project_user").id)]}
        )
        self.project.privacy_visibility = "followers"
        self.project.message_subscribe(self.second.partner_id.ids)
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_task").id,
                "default_project_id": self.project.id,
            }
        )
        self.assertEqual([task.user_ids for task in self.records(2)], [self.second] * 2)

    def test_who_is_of_another_company_gets_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.first.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        self.assertNotIn(self.first, self.assignees(4))

    def test_nobody_is_left(self):
        self.people.out_of_office_from = fields.Datetime.now() - timedelta(days=1)
        mail = self.receive(self.support, *self.mails(1))[0]
        self.assertFalse(self.record(mail.email).user_id)
        for user in self.people:
            self.assertIn(user.name, mail.entry.why_here)
        self.assertIn("nobody", mail.entry.why_here)

    # -- which mail -----------------------------------------------------------------------------

    def test_the_journal_says_who_got_it(self):
        mail = self.receive(self.support, *self.mails(1))[0]
        self.assertIn("“Sales in turn” assigned it to Seller0.", mail.entry.why_here)

    def test_answers_and_history_assign_nothing(self):
        first = self.receive(self.support, build_mail(message_id="<a@x.example>"))[0]
        lead = self.record(first.email)
        lead.user_id = False
        answer = build_mail("Re: Question", message_id="<b@x.example>", in_reply_to="<a@x.example>")
        self.receive(self.support, answer)
        self.assertFalse(lead.user_id)
        self.receive(self.support, *self.mails(1), history=True)
        self.assertEqual(self.assignees(2), [self.second, self.third])

    def test_what_the_target_says_stands(self):
        target = self.env.ref("mail_task_import.target_lead")
        target.create_values = repr({"type": "lead", "user_id": self.third.id})
        self.assertEqual(self.assignees(2), [self.third] * 2)

    def test_the_assignee_is_told_and_follows(self):
        (lead,) = self.records(1)
        self.assertIn(self.first.partner_id, lead.message_partner_ids)
        told = self.env["mail.message"].search(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "=", lead.id),
                ("message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual(told.notified_partner_ids, self.first.partner_id)

    def test_old_mail_is_assigned_and_tells_nobody(self):
        self.support.act_since = fields.Datetime.now() - timedelta(days=30)
        (lead,) = self.records(1, minutes_ago=60 * 24 * 5)
        self.assertEqual(lead.user_id, self.first)
        self.assertIn(self.first.partner_id, lead.message_partner_ids)
        told = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.first.partner_id.id)]
        )
        self.assertFalse(told)

    def test_a_batch_that_fails_takes_no_second_turn(self):
        """It is retried in halves; who was chosen for a mail stays chosen for it."""
        Lead = self.registry["crm.lead"]
        create = Lead.create
        failed = []

        def fail_once(records, vals_list):
            made = create(records, vals_list)
            if len(made) > 2 and not failed:
                failed.append(True)
                raise ZeroDivisionError
            return made

        self.patch(Lead, "create", fail_once)
        with self.assertNoLogs("odoo.addons.mail_task_import", "ERROR"):
            users = self.assignees(6)
        self.assertTrue(failed)
        self.assertEqual(self.counts(users), [2, 2, 2])
        self.assertEqual(self.counts(self.assignees(3)), [1, 1, 1])

    def test_without_a_distribution_it_costs_no_query(self):
        self.support.distribution_id = False
        self.distribution.active = False
        self.receive(self.support, *self.mails(1))
        with self.assertQueryCount(0):
            self.env["mail.import.distribution"]._assign(None, [(None, None)])

    # -- the form -------------------------------------------------------------------------------

    def test_the_form_says_who_is_there(self):
        self.first.out_of_office_from = fields.Datetime.now() - timedelta(days=1)
        self.second.active = False
        there, away, left_out = self.distribution.here_text.split("\n")
        self.assertEqual(there, "Who gets the next: Seller2")
        self.assertTrue(away.endswith(": Seller0"), away)
        self.assertTrue(left_out.endswith(": Seller1"), left_out)

    def test_the_form_says_who_gets_the_next_and_why_others_do_not(self):
        self.assertEqual(self.assignees(1), [self.first])
        self.env.invalidate_all()
        self.assertEqual(
            self.distribution.here_text.split("\n"),
            ["Who gets the next: Seller1", "Later, as their turn comes: Seller0, Seller2"],
        )
        self.distribution.capacity = 1
        self.assertIn("Have as much as one may: Seller0", self.distribution.here_text)
        self.assertEqual(self.assignees(2), [self.second, self.third])
        self.env.invalidate_all()
        self.assertEqual(
            self.distribution.here_text.split("\n"),
            ["Who gets the next: nobody", "Have as much as one may: Seller0, Seller1, Seller2"],
        )
        self.assertEqual(self.assignees(1)[0].ids, [])

    def test_the_form_tells_kinds_of_records_apart(self):
        self.project.privacy_visibility = "followers"
        self.project.message_subscribe(self.agent.partner_id.ids)
        self.env["mail.import.rule"].create(
            {
                "name": "Tasks",
                "mailbox_ids": self.support.ids,
                "target_id": self.env.ref("mail_task_import.target_task").id,
                "project_id": self.project.id,
                "distribution_id": self.distribution.id,
                "owner_id": self.agent.id,
            }
        )
        self.assertIn("next of “Lead”: Seller0", self.distribution.here_text)
        self.assertIn("next of “Task”: nobody", self.distribution.here_text)
        self.assertIn("May not change such records", self.distribution.here_text)

    def test_the_form_of_an_unsaved_one_says_it_too(self):
        form = Form(self.env["mail.import.distribution"])
        self.assertFalse(form.here_text)
        form.user_ids = self.people
        self.assertIn("Who gets the next", form.here_text)

    def test_a_distribution_needs_people(self):
        for values in ({"user_ids": [Command.clear()]}, {"people": "team"}, {"way": "direct"}):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.distribution.write(values)
        with self.assertRaises(ValidationError):
            self.env.ref("mail_task_import.target_lead").assignee_field = "name"
        self.assertFalse(self.env.ref("mail_task_import.target_account").assignee_field)


@tagged("post_install", "-at_install")
class TestDistributionAccess(MailImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.distribution = cls.env["mail.import.distribution"].create(
            {"name": "Chosen", "user_ids": [Command.set(cls.agent.ids)]}
        )
        cls.leader = cls._employee("leader", "leader@company.example", SALES)
        cls.team = cls.env["crm.team"].create(
            {"name": "North", "user_id": cls.leader.id, "member_ids": [Command.set(cls.agent.ids)]}
        )
        cls.of_team = cls.env["mail.import.distribution"].create(
            {"name": "North", "people": "team", "team_id": cls.team.id}
        )
        cls.portal = new_test_user(cls.env, "outsider", groups="base.group_portal")

    def test_administrators_set_up_all(self):
        mine = self.distribution.with_user(self.administrator)
        mine.write({"capacity": 3})
        mine.copy({"name": "Another"}).unlink()

    def test_employees_read_and_change_nothing(self):
        for user in (self.colleague, self.agent):
            mine = self.distribution.with_user(user)
            self.assertEqual(mine.name, "Chosen")
            for act in (
                lambda mine=mine: mine.write({"capacity": 3}),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.create(
                    {"name": "x", "people": "users", "user_ids": [Command.set(self.boss.ids)]}
                ),
                lambda user=user: self.of_team.with_user(user).write({"capacity": 2}),
            ):
                with self.assertRaises(AccessError):
                    act()

    def test_who_leads_a_team_sets_up_that_of_its_people(self):
        mine = self.of_team.with_user(self.leader)
        mine.write({"capacity": 2, "way": "least_busy"})
        mine.write({"way": "direct", "user_id": self.agent.id})
        with self.assertRaises(ValidationError):
            mine.write({"user_id": self.boss.id})
        with self.assertRaises(AccessError):
            mine.write({"people": "users", "user_ids": [Command.set(self.boss.ids)]})

    def test_the_form_offers_no_more_than_one_may_set_up(self):
        form = Form(self.env["mail.import.distribution"].with_user(self.leader))
        self.assertEqual(form.people, "team")
        form.name, form.team_id = "Mine", self.team
        self.assertEqual(form.save()._everybody(), self.agent)
        arch = self.distribution.with_user(self.leader).get_view(view_type="form")["arch"]
        self.assertIn("whitelisted_values", arch)
        self.assertNotIn("whitelisted_values", self.distribution.get_view(view_type="form")["arch"])
        boss = Form(self.env["mail.import.distribution"].with_user(self.administrator))
        self.assertEqual(boss.people, "users")

    def test_outsiders_see_nothing(self):
        with self.assertRaises(AccessError):
            self.distribution.with_user(self.portal).read(["name"])
        public = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            self.distribution.with_user(public).read(["name"])

    def test_other_companies_see_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "stranger", groups="base.group_system", company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )  # fmt: skip
        mine = self.distribution.with_user(stranger)
        self.assertFalse(mine.search([]))
        with self.assertRaises(AccessError):
            mine.read(["name"])
        with self.assertRaises(ValidationError):
            self.support.write({"company_id": company.id, "distribution_id": self.distribution.id})

    def test_turns_are_nobodys(self):
        for user in (self.administrator, self.colleague, self.portal):
            with self.assertRaises(AccessError):
                self.env["mail.import.distribution.turn"].with_user(user).search([])
