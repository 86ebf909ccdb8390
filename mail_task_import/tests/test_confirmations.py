"""Whoever writes first is told that the mail has come, and its number; robots and forgers never."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NOW, ServerCase, build_mail

PASSED = "mx.company.example; dmarc=pass header.from=company.example"
FAILED = "mx.company.example; dmarc=fail header.from=customer.example"


class ConfirmingCase(ServerCase):
    def setUp(self):
        super().setUp()
        self.plain = self.env.ref("mail_task_import.confirmation_plain")
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_task").id,
                "default_project_id": self.project.id,
                "confirmation_template_id": self.env.ref("mail_task_import.confirmation_task").id,
            }
        )

    def confirmations(self):
        return self.env["mail.import.email"].search([("written_as", "=", "confirmation")])

    def why(self, outcome):
        return outcome.entry.why_here


@tagged("post_install", "-at_install")
class TestConfirmations(ConfirmingCase):
    def test_the_sender_is_told_the_number(self):
        (mail,) = self.receive(self.support, build_mail(message_id="<q@customer.example>"))
        task = self.record(mail.email)
        (sent,) = self.send()
        self.assertIn(f"[TASK-{task.id}]", sent["Subject"])
        self.assertIn(f"TASK-{task.id}", sent.get_body(("plain",)).get_content())
        self.assertEqual(sent["To"], "ann@customer.example")
        self.assertIn("support@company.example", sent["From"])
        self.assertEqual(sent["In-Reply-To"], "<q@customer.example>")
        self.assertIn("<q@customer.example>", sent["References"])
        self.assertEqual(sent["Auto-Submitted"], "auto-replied")
        self.assertEqual(sent["X-Auto-Response-Suppress"], "All")
        self.assertIn("A confirmation was sent to ann@customer.example.", self.why(mail))

    def test_it_is_off_by_default(self):
        self.support.confirmation_template_id = False
        self.receive(self.support, build_mail())
        self.assertFalse(self.confirmations())

    def test_it_stands_in_the_chatter_and_among_the_sent(self):
        (mail,) = self.receive(self.support, build_mail())
        task, email = self.record(mail.email), self.confirmations()
        message = task.message_ids[0]
        self.assertEqual(message.message_id, email.message_id)
        self.assertFalse(message.is_internal or message.subtype_id.internal)
        self.assertFalse(message.notification_ids, "somebody was notified of it")
        entry = email.entry_ids.with_user(self.agent)
        self.assertEqual((entry.folder_id.kind, entry.mailbox_id), ("sent", self.support))
        self.assertEqual(self.record(email), task)
        self.send()
        self.assertEqual(email.state, "sent")

    def test_the_answer_to_it_comes_to_the_record_in_public(self):
        (mail,) = self.receive(self.support, build_mail())
        self.send()
        confirmation = self.confirmations()
        answer = build_mail(
            subject="Re: thanks",
            message_id="<thanks@customer.example>",
            in_reply_to=confirmation.message_id,
        )
        (second,) = self.receive(self.support, answer)
        self.assertEqual(self.record(second.email), self.record(mail.email))
        self.assertFalse(self.links(second.email).message_id.subtype_id.internal)
        self.assertEqual(self.confirmations(), confirmation)

    def test_the_answer_finds_the_record_though_the_confirmation_is_gone(self):
        (mail,) = self.receive(self.support, build_mail())
        task, number = self.record(mail.email), self.confirmations().message_id
        self.assertIn(f"~project.task~{task.id}~p", number)
        (self.confirmations() | mail.email).unlink()
        answer = build_mail("Thanks", message_id="<later@customer.example>", in_reply_to=number)
        (second,) = self.receive(self.support, answer)
        self.assertEqual(self.record(second.email), task)
        self.assertFalse(self.confirmations())

    def test_where_no_record_is_made_it_bears_no_number(self):
        self.support.write(
            {"default_target_id": False, "confirmation_plain_template_id": self.plain.id}
        )
        stranger = build_mail(sender="Sam <sam@stranger.example>", subject="Hello")
        (mail,) = self.receive(self.support, stranger)
        self.assertFalse(mail.email.link_ids)
        (sent,) = self.send()
        self.assertEqual(sent["Subject"], "Re: Hello")
        self.assertEqual(sent["To"], "sam@stranger.example")
        # who answers it goes on with the same conversation
        reply = build_mail(
            sender="Sam <sam@stranger.example>",
            message_id="<reply@stranger.example>",
            in_reply_to=self.confirmations().message_id,
        )
        self.receive(self.support, reply)
        self.assertEqual(len(self.confirmations()), 1)

    def test_a_template_that_does_not_fit_sends_nothing(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        self.receive(self.support, build_mail())
        self.assertFalse(self.confirmations())
        self.support.confirmation_template_id = self.plain
        (mail,) = self.receive(self.support, build_mail(subject="Another", message_id="<2@x.y>"))
        lead = self.record(mail.email)
        self.assertIn(f"[LEAD-{lead.id}]", self.confirmations().subject)

    def test_a_broken_template_disturbs_no_import(self):
        self.support.confirmation_template_id = self.plain.copy(
            {"body_html": '<p><t t-out="object.no_such_field"/></p>'}
        )
        with self.assertLogs("odoo.addons.mail_task_import.models.confirmation", "WARNING"):
            one, two = self.receive(
                self.support,
                build_mail(),
                build_mail(sender="Sam <sam@stranger.example>", subject="Two"),
            )
        for mail in (one, two):
            self.assertEqual(mail.state, "stored")
            self.assertEqual(self.record(mail.email)._name, "project.task")
            self.assertIn("failed", self.why(mail))
        self.assertFalse(self.confirmations())
        self.assertFalse(self.send())

    def test_what_the_sender_writes_is_not_run_and_not_shown_as_html(self):
        subject = "<b>{{ object.env }}</b> <t t-out='1+1'/>"
        self.receive(self.support, build_mail(subject=subject))
        email = self.confirmations()
        self.assertIn("{{ object.env }}", email.subject)
        self.assertIn("&lt;b&gt;{{ object.env }}&lt;/b&gt;", email.body)

    def test_one_that_was_refused_is_sent_again_by_hand_but_not_changed(self):
        self.receive(self.support, build_mail())
        self.sink.refuse("ann@customer.example")
        self.env["mail.mail"].process_email_queue()
        email = self.confirmations().with_user(self.agent)
        self.assertEqual(email.state, "failed")
        with self.assertRaises(UserError):
            email.action_edit_failed()

    def test_the_rules_template_wins(self):
        rules = self.plain.copy({"subject": "By the rule"})
        rule = self.env["mail.import.rule"].create(
            {
                "name": "Complaints",
                "mailbox_ids": self.support.ids,
                "keyword": "complaint",
                "owner_id": self.agent.id,
                "target_id": self.env.ref("mail_task_import.target_lead").id,
                "confirmation_template_id": rules.id,
            }
        )
        (mail,) = self.receive(self.support, build_mail(subject="A complaint"))
        lead = self.record(mail.email)
        self.assertEqual(self.links(mail.email).rule_id, rule)
        self.assertEqual(self.confirmations().subject, f"By the rule [LEAD-{lead.id}]")
        rule.confirmation_template_id = False
        self.receive(self.support, build_mail(subject="Complaint 2"))
        self.assertEqual(len(self.confirmations()), 1, "the mailbox's template is for tasks")

    def test_an_owner_is_asked_for_no_record_to_be_made(self):
        private = self._at_server(
            self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        )
        private.confirmation_plain_template_id = self.plain
        self.receive(private, build_mail(to="boss@company.example"))
        (sent,) = self.send()
        self.assertIn("boss@company.example", sent["From"])
        with self.assertRaises(AccessError):
            self.confirmations().with_user(self.administrator).check_access("read")


@tagged("post_install", "-at_install")
class TestWhoGetsNoConfirmation(ConfirmingCase):
    def setUp(self):
        super().setUp()
        self.support.confirmation_plain_template_id = self.plain

    def assertNone(self, *mails, words="No confirmation was sent", **options):
        outcomes = self.receive(self.support, *mails, **options)
        self.assertFalse(self.confirmations())
        for outcome in outcomes if words else ():
            self.assertIn(words, self.why(outcome))
        return outcomes

    def test_programs_and_lists(self):
        self.assertNone(
            build_mail(subject="1", Auto_Submitted="auto-replied"),
            build_mail(subject="2", Auto_Submitted="auto-generated"),
            build_mail(subject="3", List_Id="<all.list.example>"),
            build_mail(subject="4", Precedence="bulk"),
            build_mail(subject="5", X_Auto_Response_Suppress="OOF, AutoReply"),
            build_mail(subject="6", X_Mail_Import_Loop="else@where.example"),
            words="it was sent by a program or a list",
        )

    def test_what_one_of_our_addresses_has_had_before(self):
        for number, address in enumerate(("support@company.example", "<SUPPORT@Company.example>")):
            self.assertNone(
                build_mail(subject=str(number), X_Loop=address),
                words="one of our own addresses has had it before",
            )
        self.receive(self.support, build_mail(X_Loop="list@elsewhere.example"))
        self.assertEqual(len(self.confirmations()), 1)

    def test_addresses_of_the_no_send_list(self):
        for number, sender in enumerate(
            (
                "no-reply@shop.example",
                "postmaster@x.example",
                "bounces+12@x.example",
                "Shop-NoReply@x.example",
            )
        ):
            self.assertNone(build_mail(sender=sender, subject=f"Mail {number}"))
        settings = self.env["res.config.settings"]
        settings.create({"mail_import_no_send": "customer.example, sam@*.example"}).execute()
        self.assertNone(build_mail(subject="list 1"))
        self.assertNone(build_mail(sender="no-reply@shop.example", subject="list 3"))
        self.assertNone(build_mail(sender="sam@stranger.example", subject="list 2"))
        self.receive(self.support, build_mail(sender="tom@stranger.example"))
        self.assertEqual(self.confirmations().to, "tom@stranger.example")

    def test_the_hosts_blacklist(self):
        self.env["mail.blacklist"]._add("ann@customer.example")
        self.assertNone(build_mail(), words="nothing is sent to ann@customer.example by itself")

    def test_our_own_addresses(self):
        self._mailbox("group", "sales@company.example")
        self.env["mail.alias"].create(
            {
                "alias_name": "tasks",
                "alias_model_id": self.env["ir.model"]._get_id("project.task"),
                "alias_domain_id": self.env["mail.alias.domain"]
                .create({"name": "aliases.example"})
                .id,
            }
        )
        for sender in ("sales@company.example", "tasks@aliases.example"):
            self.assertNone(
                build_mail(sender=sender, Authentication_Results=PASSED, subject=sender)
            )

    def test_an_employee_who_is_believed_gets_one(self):
        mail = build_mail(sender="colleague@company.example", Authentication_Results=PASSED)
        self.receive(self.support, mail)
        self.assertEqual(self.confirmations().to, "colleague@company.example")

    def test_forged_senders(self):
        self.assertNone(build_mail(sender="boss@company.example"), words="its sender may be forged")
        self.assertNone(
            build_mail(Authentication_Results=FAILED, subject="x"),
            words="its sender may be forged",
        )

    def test_old_mail_and_history(self):
        self.assertNone(build_mail(minutes_ago=3 * 24 * 60), words="it is over two days old")
        self.assertNone(build_mail(subject="History"), history=True, words="")

    def test_answers_to_ours(self):
        email = self.env["mail.import.email"].with_user(self.agent)
        draft = email._new_draft(
            self.support.with_user(self.agent), {"subject": "x", "to": "ann@customer.example"}
        )
        draft.action_send()
        self.assertNone(
            build_mail(in_reply_to=draft.message_id, message_id="<re@customer.example>"), words=""
        )

    def test_what_joins_an_open_record_has_its_number_already(self):
        self.support.join = True
        self.receive(self.support, build_mail())
        self.receive(self.support, build_mail(subject="More", message_id="<more@x.example>"))
        self.assertEqual(len(self.confirmations()), 1)

    def test_a_mail_that_comes_twice_is_confirmed_once(self):
        raw = build_mail(to="support@company.example, sales@company.example")
        sales = self._at_server(self._mailbox("group", "sales@company.example"))
        sales.confirmation_plain_template_id = self.plain
        self.receive(self.support, raw)
        self.receive(sales, raw)
        self.receive(self.support, raw)
        self.assertEqual(len(self.confirmations()), 1)

    def test_a_thread_is_confirmed_once_though_its_mails_come_apart(self):
        self.support.write(
            {"default_target_id": False, "confirmation_plain_template_id": self.plain.id}
        )
        chain = {"references": ["<lost@stranger.example>"]}
        for number in range(3):
            raw = build_mail(
                sender="Sam <sam@stranger.example>",
                subject=f"Re: {number}",
                message_id=f"<{number}@stranger.example>",
                in_reply_to=f"<never seen {number}@stranger.example>".replace(" ", "-"),
                **chain,
            )
            self.receive(self.support, raw)
        self.assertEqual(len(self.confirmations()), 1)

    def test_mail_in_the_trash(self):
        self.env["mail.import.filter"].create(
            {
                "scope": "group",
                "mailbox_id": self.support.id,
                "sender": "customer.example",
                "destination": "trash",
            }
        )
        self.assertNone(build_mail(), words="a filter put it into the trash")

    def test_a_copy_of_it_that_comes_back_does_nothing(self):
        self.receive(self.support, build_mail())
        self.send()
        (left,) = [sent.raw for sent in self.sink.messages()]
        tasks = self.env["project.task"].search_count([])
        self.receive(self.support, left, b"Received: from a by b\r\n" + left)
        self.assertEqual(self.env["project.task"].search_count([]), tasks)
        self.assertEqual(len(self.confirmations()), 1)

    def test_the_mailbox_writes_to_colleagues_only(self):
        self.support.letters_outside = False
        self.assertNone(build_mail(), words="people inside the company only")

    def test_two_robots_come_to_an_end(self):
        """One that answers each of ours with a new mail that shows nothing of being a robot."""
        task, before = self.env["project.task"], self.env["project.task"].search_count([])
        answers = [build_mail(sender="robot@else.example", message_id="<0@else.example>")]
        for round_number in range(1, 51):
            self.receive(self.support, *answers)
            answers = [
                build_mail(
                    sender="robot@else.example",
                    subject=f"Your mail {round_number}.{number}",
                    message_id=f"<{round_number}.{number}@else.example>",
                )
                for number, _sent in enumerate(self.send() or [None])
            ]
        self.assertEqual(len(self.confirmations()), 5)
        self.assertEqual(task.search_count([]) - before, 50, "their mail is stored all the same")

    def test_five_in_one_batch_too_and_others_are_not_held_up(self):
        mails = [
            build_mail(sender="robot@else.example", subject=f"{number}") for number in range(9)
        ]
        self.receive(self.support, *mails, build_mail())
        found = self.confirmations().mapped("to")
        self.assertEqual(found.count("robot@else.example"), 5)
        self.assertEqual(found.count("ann@customer.example"), 1)

    def test_after_two_hours_there_are_five_more(self):
        self.receive(self.support, *[build_mail(subject=f"{n}") for n in range(6)])
        self.assertEqual(len(self.confirmations()), 5)
        self.env.cr.execute(
            "UPDATE mail_import_email SET create_date = %s WHERE written_as = 'confirmation'",
            [(NOW - timedelta(hours=2, minutes=5)).replace(tzinfo=None)],
        )
        self.env.invalidate_all()
        self.receive(self.support, build_mail(subject="later"))
        self.assertEqual(len(self.confirmations()), 6)
