"""One word on where an e-mail stands, the same for everybody who may know it."""

from odoo.tests import tagged

from .test_access_common import AccessCase


@tagged("post_install", "-at_install")
class TestStatus(AccessCase):
    def status(self, record, user):
        return self.as_user(record, user).status

    def found(self, status, user, model="mail.import.entry"):
        return self.as_user(self.env[model], user).search([("status", "=", status)])

    def answer(self, entry, **values):
        """An answer that has left, as the mailbox's own mail."""
        draft = entry.with_user(self.agent)._draft("reply").sudo()
        draft.write({"state": "sent", "written_as": "reply", **values})
        return draft

    def setUp(self):
        super().setUp()
        self.support.write({"smtp_host": "127.0.0.1", "smtp_security": "none"})
        self.email = self.asked(message_id="<q@x.example>")
        self.entry = self.email.entry_ids

    def test_mail_that_came_in_is_received_until_an_answer_has_left(self):
        self.assertEqual(self.status(self.entry, self.agent), "received")
        draft = self.answer(self.entry, state="draft")
        self.assertEqual(self.status(self.entry, self.agent), "received")
        draft.state = "sent"
        self.assertEqual(self.status(self.entry, self.agent), "answered")
        self.assertEqual(self.status(self.email, self.agent), "answered")
        self.assertEqual(self.found("answered", self.agent), self.entry)
        self.assertNotIn(self.entry, self.found("received", self.agent))

    def test_what_is_passed_on_is_no_answer(self):
        self.answer(self.entry, written_as="forward")
        self.assertEqual(self.status(self.entry, self.agent), "received")
        self.assertFalse(self.found("answered", self.agent))

    def test_an_answer_that_one_may_not_read_is_not_told_of(self):
        self.support.member_ids |= self.colleague
        mine = self._mailbox(
            "personal", "agent@company.example", owner_id=self.agent.id,
            smtp_host="127.0.0.1", smtp_security="none",
        )  # fmt: skip
        answer = self.answer(self.entry)
        answer.entry_ids.write(
            {"mailbox_id": mine.id, "user_id": self.agent.id, "visibility": "owner"}
        )
        self.assertEqual(self.status(self.entry, self.agent), "answered")
        self.assertEqual(self.status(self.entry, self.colleague), "received")
        self.assertFalse(self.found("answered", self.colleague))
        self.assertEqual(self.status(self.links(self.email), self.reader), "received")

    def test_each_state_has_its_word(self):
        sent = self.answer(self.entry)
        for values, status in (
            ({"state": "draft"}, "draft"),
            ({"state": "sending"}, "sending"),
            ({"state": "sent"}, "sent"),
            ({"state": "sent", "failure_reason": "One was refused"}, "partly"),
            ({"state": "sent", "failure_reason": False, "has_bounced": True}, "bounced"),
            ({"state": "failed", "has_bounced": False}, "failed"),
        ):
            with self.subTest(status=status):
                sent.write(values)
                self.assertEqual(self.status(sent.entry_ids, self.agent), status)
                self.assertEqual(self.found(status, self.agent), sent.entry_ids)

    def test_a_list_asks_as_often_for_many_as_for_one(self):
        for number in range(10):
            self.asked(f"Question {number}", text=f"{number}", minutes_ago=number)

        def queries(entries):
            entries = self.as_user(entries, self.agent)
            entries.fetch(["email_id"])
            before = self.env.cr.sql_log_count
            entries.mapped("status")
            return self.env.cr.sql_log_count - before

        entries = self.env["mail.import.entry"].search([("mailbox_id", "=", self.support.id)])
        self.assertGreater(len(entries), 9)
        self.assertLessEqual(queries(entries), queries(entries[:1]) + 1)
