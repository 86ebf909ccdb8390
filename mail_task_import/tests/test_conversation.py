"""The page of an e-mail: its conversation, for whoever opens it, and nobody else's mail in it."""

from odoo.tests import tagged

from .common import build_mail
from .test_access_common import SECRET, AccessCase


@tagged("post_install", "-at_install")
class TestConversation(AccessCase):
    def setUp(self):
        super().setUp()
        self.question = self.asked(message_id="<q@x.example>", minutes_ago=50)
        self.again = self.asked(
            "Re: Question about an order",
            text="And now?",
            message_id="<a@x.example>",
            in_reply_to="<q@x.example>",
            minutes_ago=40,
        )
        self.third = self.asked(
            "Re: Question about an order",
            text="Thanks",
            message_id="<t@x.example>",
            in_reply_to="<a@x.example>",
            references=("<q@x.example>",),
            minutes_ago=30,
        )

    def page(self, record, user):
        """What the page of this mail shows to a user."""
        return self.as_user(record, user).page_thread()

    def shown(self, record, user):
        """E-mail ids from the newest to the oldest, the opened one as None."""
        thread = self.page(record, user)
        newer, older = ([line["email_id"] for line in thread[side]] for side in ("newer", "older"))
        return [*newer, None, *older]

    def test_reader_of_the_mailbox_sees_the_whole_thread_newest_first(self):
        self.assertEqual(
            self.shown(self.again.entry_ids, self.agent),
            [self.third.id, None, self.question.id],
        )
        (line,) = self.page(self.again.entry_ids, self.agent)["older"]
        self.assertEqual(line["model"], "mail.import.entry")
        self.assertEqual(line["sender"], "Ann Customer")
        self.assertEqual(line["status"], "received")

    def test_reader_of_the_record_sees_it_through_the_record(self):
        links = self.links(self.again)
        self.assertEqual(self.shown(links, self.reader), [self.third.id, None, self.question.id])
        (line,) = self.page(links, self.reader)["newer"]
        self.assertEqual(
            (line["model"], line["id"]), ("mail.import.link", self.links(self.third).id)
        )

    def test_others_are_refused(self):
        for user in self.outsiders:
            for page in (self.again.entry_ids, self.links(self.again), self.again):
                mine = self.as_user(page, user)
                for ask in (mine.page_thread, mine.page_letter, mine.page_open):
                    with self.subTest(user=user.login, page=page._name, ask=ask.__name__):
                        self.assertRefused(ask)
                self.assertRefused(lambda m=mine: m.page_add_address("ann@customer.example"))

    def test_closed_mail_in_between_is_not_there(self):
        secret = self.confided(
            "Re: Question about an order",
            message_id="<s@x.example>",
            in_reply_to="<a@x.example>",
            text=SECRET,
            minutes_ago=35,
        )
        last = self.asked("Re: Question", text="Last", in_reply_to="<s@x.example>", minutes_ago=5)
        for user, page in (
            (self.agent, last.entry_ids),
            (self.reader, self.links(last)),
        ):
            thread = self.page(page, user)
            self.assertNotIn(secret.id, self.shown(page, user))
            self.assertNotIn(SECRET, str(thread["newer"]))
            self.assertEqual(
                self.shown(page, user), [None, self.third.id, self.again.id, self.question.id]
            )
            self.assertFalse(thread["more_newer"] or thread["more_older"])
        # its owner reads it, and of the rest nothing
        self.assertEqual(self.shown(secret.entry_ids, self.boss), [None])

    def test_a_proposal_opens_nothing(self):
        links = self.links(self.question)
        links.suggested = True
        self.assertNotIn(self.question.id, self.shown(self.links(self.third), self.reader))

    def test_answers_to_a_mail_that_never_came_belong_together(self):
        first = self.asked("Re: Old", in_reply_to="<gone@x.example>", text="1", minutes_ago=9)
        second = self.asked("Re: Old", in_reply_to="<gone@x.example>", text="2", minutes_ago=8)
        self.assertEqual(self.shown(first.entry_ids, self.agent), [second.id, None])

    def test_from_a_record_its_own_links_come_first(self):
        ours = self.links(self.third)
        for number in range(2):
            other = self.env["project.task"].create(
                {"name": f"Other {number}", "project_id": self.project.id}
            )
            link = ours.copy({"res_id": other.id, "message_id": False})
            self.assertEqual(link._get_record(), other)
        (line,) = self.page(self.links(self.again), self.reader)["newer"]
        self.assertEqual(line["id"], ours.id)

    def test_a_message_of_a_chatter_leads_to_its_email(self):
        message = self.links(self.again).message_id
        opened = self.as_user(message, self.agent).mail_import_open()
        self.assertEqual(opened["res_id"], self.again.entry_ids.id)
        opened = self.as_user(message, self.reader).mail_import_open()
        self.assertEqual(opened["res_id"], self.links(self.again).id)
        for user in self.outsiders:
            with self.subTest(user=user.login):
                self.assertRefused(self.as_user(message, user).mail_import_open)

    def test_who_opens_a_line_gets_its_own_page(self):
        action = self.as_user(self.third.entry_ids, self.agent).page_open()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("mail.import.entry", self.third.entry_ids.id)
        )

    def test_what_callers_ask_for_is_bounded(self):
        entry = self.as_user(self.again.entry_ids, self.agent)
        thread = entry.page_thread(newer=-5, older=10**9)
        self.assertEqual((thread["newer"], thread["more_newer"]), ([], True))
        self.assertEqual(len(thread["older"]), 1)


@tagged("post_install", "-at_install")
class TestLongConversation(AccessCase):
    def chain(self, length):
        """Each answers the one before, and names no other."""
        mails = [
            build_mail(
                "Re: Long",
                text=f"Mail {n}",
                message_id=f"<l{n}@x.example>",
                in_reply_to=f"<l{n - 1}@x.example>" if n else None,
                minutes_ago=length - n,
            )
            for n in range(length)
        ]
        return [outcome.email for outcome in self.receive(self.support, *mails, history=True)]

    def queries(self, entry):
        entry = self.as_user(entry, self.agent)
        before = self.env.cr.sql_log_count
        entry.page_thread()
        return self.env.cr.sql_log_count - before

    def test_a_thread_of_500_costs_as_many_queries_as_one_of_five(self):
        short = self.chain(5)
        few = self.queries(short[2].entry_ids)
        self.env["mail.import.email"].browse([email.id for email in short]).unlink()
        emails = self.chain(500)
        entry = emails[250].entry_ids
        self.assertLessEqual(self.queries(entry), few + 2)
        thread = self.as_user(entry, self.agent).page_thread()
        self.assertEqual((len(thread["newer"]), len(thread["older"])), (25, 25))
        self.assertTrue(thread["more_newer"] and thread["more_older"])
        self.assertEqual(thread["newer"][-1]["email_id"], emails[251].id)
        self.assertEqual(thread["older"][0]["email_id"], emails[249].id)
        more = self.as_user(entry, self.agent).page_thread(newer=125, older=25)
        self.assertEqual(len(more["newer"]), 125)
