"""Who opts out while a mailing waits in the host's queue gets none of it."""

from odoo.tests import tagged

from .mailing_common import MailingCase


@tagged("post_install", "-at_install")
class TestOptingOut(MailingCase):
    def opt_out(self):
        self.env["mail.import.opt.out"]._opt_out("all", "ann@news.example", 1_700_000_000)

    def traces(self, mailing):
        return {
            trace.email: (trace.trace_status, trace.failure_type)
            for trace in mailing.mailing_trace_ids
        }

    def test_who_opts_out_meanwhile_is_left_out(self):
        mailing = self.queue(self.mailing())
        self.opt_out()
        self.assertEqual(set(self.run_queue()), {"bob@news.example"})
        self.assertEqual(self.traces(mailing)["ann@news.example"], ("cancel", "mail_bl"))
        self.assertEqual(self.traces(mailing)["bob@news.example"], ("sent", False))

    def test_a_mailing_to_everybody_reaches_them(self):
        self.queue(self.mailing(use_exclusion_list=False))
        self.opt_out()
        self.assertEqual(len(self.run_queue()), 2)

    def test_mailings_that_leave_together_have_each_their_own_answer(self):
        self.queue(self.mailing(subject="To everybody", use_exclusion_list=False))
        self.queue(self.mailing(subject="Offers"))
        self.opt_out()
        self.run_queue()
        got = sorted((mail.recipients[0], self.subject(mail)) for mail in self.sink.messages())
        ann, bob = "ann@news.example", "bob@news.example"
        self.assertEqual(got, [(ann, "To everybody"), (bob, "Offers"), (bob, "To everybody")])

    def test_mail_programs_read_the_hosts_own_address(self):
        """The host's header is an address, too, and not encoded words."""
        self.assertEqual(len(self.sent(self.mailing())), 2)
        for mail in self.sink.messages():
            self.assertIn(b"\r\nList-Unsubscribe: <http", mail.raw)


@tagged("post_install", "-at_install")
class TestLeavingLists(MailingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.readers = cls.env["mailing.contact"].create(
            [
                {"name": "Ann", "email": "ann@news.example"},
                {"name": "Bob", "email": "bob@news.example"},
            ]
        )

    def leave(self, *lists):
        for one in lists:
            one._update_subscription_from_email("ann@news.example", opt_out=True)

    def test_who_leaves_the_list_meanwhile_is_left_out(self):
        for exclusions in (True, False):
            with self.subTest(use_exclusion_list=exclusions):
                self.sink.clear()
                readers = self.mailing_list(self.readers)
                mailing = self.queue(self.to_lists(readers, use_exclusion_list=exclusions))
                self.leave(readers)
                self.assertEqual(set(self.run_queue()), {"bob@news.example"})
                trace = mailing.mailing_trace_ids.filtered(lambda one: one.email[:3] == "ann")
                self.assertEqual(
                    (trace.trace_status, trace.failure_type), ("cancel", "mail_optout")
                )

    def test_who_is_still_on_another_of_its_lists_gets_it(self):
        one, other = self.mailing_list(self.readers), self.mailing_list(self.readers, "Others")
        self.queue(self.to_lists(one | other))
        self.leave(one)
        self.assertEqual(set(self.run_queue()), {"ann@news.example", "bob@news.example"})

    def test_who_is_on_the_blacklist_meanwhile_is_left_out(self):
        mailing = self.queue(self.to_lists(self.mailing_list(self.readers)))
        self.env["mail.blacklist"]._add("ann@news.example")
        self.assertEqual(set(self.run_queue()), {"bob@news.example"})
        trace = mailing.mailing_trace_ids.filtered(lambda one: one.email[:3] == "ann")
        self.assertEqual((trace.trace_status, trace.failure_type), ("cancel", "mail_bl"))


@tagged("post_install", "-at_install")
class TestListsOnThePage(MailingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ann = cls.env["mailing.contact"].create({"name": "Ann", "email": "ann@news.example"})
        lists = cls.env["mailing.list"]
        people = {"contact_ids": [(6, 0, ann.ids)]}
        cls.public = lists.create({"name": "Monthly", "is_public": True, **people})
        cls.hidden = lists.create({"name": "Inner circle", "is_public": False, **people})
        cls.other = lists.create({"name": "Weekly", "is_public": True})
        cls.page = cls.env["mail.import.opt.out"]
        cls.env.invalidate_all()

    def choices(self, address="ann@news.example"):
        return {one.name: one.is_out for one in self.page._choices(address)}

    def key(self, name):
        return next(c.key for c in self.page._choices("ann@news.example") if c.name == name)

    def is_off(self, mailing_list):
        self.env.invalidate_all()
        return mailing_list.subscription_ids.mapped("opt_out") == [True]

    def test_public_lists_are_offered_and_no_others(self):
        self.assertEqual(self.choices(), {"Monthly": False, "All mailings": False})
        self.assertEqual(self.choices("bob@news.example"), {"": False})

    def test_a_list_is_left_and_joined_again(self):
        key = self.key("Monthly")
        self.page._opt_out(key, "ann@news.example", 1_700_000_000)
        self.assertTrue(self.is_off(self.public))
        self.assertEqual(self.choices(), {"Monthly": True, "All mailings": False})
        self.assertFalse(self.page._opted_out(["ann@news.example"]))
        self.page._undo(key, "ann@news.example")
        self.assertFalse(self.is_off(self.public))
        self.assertIn("Monthly", self.public.contact_ids.message_ids[0].body)

    def test_nobody_leaves_or_joins_what_is_not_offered(self):
        for mailing_list in (self.hidden, self.other):
            self.page._opt_out(f"list-{mailing_list.id}", "ann@news.example", 1_700_000_000)
            self.page._undo(f"list-{mailing_list.id}", "ann@news.example")
        self.page._opt_out(f"list-{self.public.id}", "bob@news.example", 1_700_000_000)
        self.assertFalse(self.is_off(self.hidden))
        self.assertFalse(self.is_off(self.public))
        self.assertFalse(self.other.subscription_ids)

    def test_who_is_out_of_everything_has_nothing_else_to_choose(self):
        self.page._opt_out("all", "ann@news.example", 1_700_000_000)
        self.assertEqual(self.choices(), {"": True})
