"""Who a mail says it is from: believed only with a pass from a server that the mailbox trusts."""

from odoo.tests import new_test_user, tagged

from ..receivers.raw_mail import RawMail
from .common import build_mail
from .test_access_common import AccessCase

AGENT = "Agent <agent@company.example>"
FAILED = "mx.company.example; dmarc=fail header.from=company.example"


class SenderCase(AccessCase):
    def setUp(self):
        super().setUp()
        self.task = self.env["project.task"].create(
            {
                "name": "Broken lamp",
                "project_id": self.project.id,
                "partner_id": self.customer.id,
                "user_ids": False,
            }
        )
        self.code = f"[TASK-{self.task.id}]"

    def sent(self, subject="Lamp", mailbox=None, verdicts=(), **values):
        """A mail with these Authentication-Results, the topmost first."""
        head = "".join(f"Authentication-Results: {verdict}\r\n" for verdict in verdicts)
        raw = head.encode() + build_mail(subject=subject, **values)
        (mail,) = self.receive(mailbox or self.support, raw)
        self.assertTrue(mail.email, mail.quarantine and mail.quarantine.trace)
        return mail.email

    def goes_to_the_task(self, *args, **values):
        return self.task in [link._get_record() for link in self.links(self.sent(*args, **values))]


@tagged("post_install", "-at_install")
class TestForgedEmployees(SenderCase):
    FORGED = {
        "nothing": (),
        "a failure": (FAILED,),
        "an untrusted server": ("mx.evil.example; dmarc=pass header.from=company.example",),
        "an untrusted server below": (
            FAILED,
            "mx.evil.example; dmarc=pass header.from=company.example",
        ),
        "an untrusted server above": (
            "mx.evil.example; dmarc=pass header.from=company.example",
            FAILED,
        ),
        "a forged pass below a real failure": (
            FAILED,
            "mx.company.example; dmarc=pass header.from=company.example",
        ),
        "a forged pass below an untrusted server": (
            "mx.evil.example; dmarc=none",
            "mx.company.example; dmarc=pass header.from=company.example",
        ),
        "a pass of another domain": (
            "mx.company.example; dkim=pass header.d=evil.example; spf=pass "
            "smtp.mailfrom=evil.example",
        ),
    }

    def test_without_a_trusted_pass_nobody_is_an_author(self):
        for name, verdicts in self.FORGED.items():
            with self.subTest(name):
                email = self.sent(f"About {name}", verdicts=verdicts, sender=AGENT)
                self.assertFalse(email.author_id)
                self.assertFalse(self.links(email).message_id.author_id)

    def test_without_a_trusted_pass_a_number_opens_nothing(self):
        for name, verdicts in self.FORGED.items():
            with self.subTest(name):
                self.assertFalse(
                    self.goes_to_the_task(f"{name} {self.code}", verdicts=verdicts, sender=AGENT)
                )

    def test_with_a_trusted_pass_an_employee_is_the_author_and_may_name_a_record(self):
        email = self.sent(f"Lamp {self.code}", verdicts=[self.passed()], sender=AGENT)
        self.assertEqual(self.record(email), self.task)
        self.assertEqual(self.links(email).message_id.author_id, self.agent.partner_id)

    def test_an_employee_of_another_company_is_read_like_anybody(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        far = self._employee("far", "far@company.example", "project.group_project_user")
        far.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        self.project.company_id = self.env.company
        self.assertFalse(
            self.goes_to_the_task(
                f"Lamp {self.code}", verdicts=[self.passed()], sender="far@company.example"
            )
        )

    def test_an_employee_without_access_does_not_name_a_record(self):
        self.assertFalse(
            self.goes_to_the_task(
                f"Lamp {self.code}", verdicts=[self.passed()], sender="colleague@company.example"
            )
        )

    def test_an_address_of_two_users_is_nobody_in_particular(self):
        self._employee("second", "agent@company.example", "base.group_user")
        email = self.sent(f"Lamp {self.code}", verdicts=[self.passed()], sender=AGENT)
        self.assertFalse(email.author_id)
        self.assertNotIn(self.task, [link._get_record() for link in self.links(email)])

    def test_a_forged_answer_makes_its_sender_no_participant(self):
        self.sent("Question", message_id="<q@customer.example>", text="first")
        email = self.sent(
            "Re: Question",
            sender="boss@company.example",
            text="forged",
            in_reply_to="<q@customer.example>",
        )
        task = self.record(email)
        people = self.env["mail.import.target"]._people_of(task)
        self.assertNotIn("boss@company.example", people)
        self.sent(
            "Re: Question",
            text="again",
            in_reply_to="<q@customer.example>",
            Cc="boss@company.example",
        )
        self.assertNotIn(self.boss.partner_id, task.message_partner_ids)
        self.assertNotIn(self.boss, task.user_ids)

    def test_a_forged_author_does_not_read_through_it(self):
        self.sent("Question", message_id="<q2@customer.example>")
        email = self.sent(
            "Re: Question", sender="colleague@company.example", in_reply_to="<q2@customer.example>"
        )
        self.assertHiddenFrom(self.colleague, self.links(email).message_id, "body")
        self.assertHiddenFrom(self.colleague, self.links(email), "subject")
        self.assertHiddenFrom(self.colleague, email, "subject")

    def test_whoever_runs_the_import_is_neither_author_nor_creator(self):
        importer = self.importer.with_user(self.administrator)
        (mail,) = importer.import_mails(self.support, [build_mail()])
        for records in (
            mail.email,
            mail.entry,
            self.links(mail.email),
            self.links(mail.email).message_id,
            self.record(mail.email),
        ):
            self.assertEqual(records.create_uid.id, 1)


@tagged("post_install", "-at_install")
class TestOwnersOfPersonalMailboxes(SenderCase):
    """Who owns a mailbox on a server can put any mail into it, with any header."""

    def setUp(self):
        super().setUp()
        self.mine = self._mailbox(
            "personal",
            "colleague@company.example",
            owner_id=self.colleague.id,
            visibility="linked",
            trusted_authserv_ids="mx.colleague.example",
        )

    def test_an_owner_forges_no_colleague(self):
        verdict = self.passed("mx.colleague.example")
        email = self.sent(f"Lamp {self.code}", mailbox=self.mine, verdicts=[verdict], sender=AGENT)
        self.assertNotEqual(email.author_id, self.agent.partner_id)
        self.assertNotIn(self.task, [link._get_record() for link in self.links(email)])

    def test_an_owner_is_believed_in_the_own_mailbox(self):
        verdict = self.passed("mx.colleague.example")
        email = self.sent(
            "Lamp", mailbox=self.mine, verdicts=[verdict], sender="colleague@company.example"
        )
        self.assertEqual(email.author_id, self.colleague.partner_id)

    def test_a_sent_folder_reaches_no_record_of_others(self):
        folder = self.env["mail.import.remote.folder"].create(
            {"mailbox_id": self.mine.id, "name": "Sent", "role": "sent"}
        )
        for uid, sender in enumerate((AGENT, "colleague@company.example"), 1):
            with self.subTest(sender):
                raw = RawMail(
                    uid=uid,
                    content=build_mail(subject=f"Lamp {self.code}", sender=sender, text=sender),
                )
                (mail,) = self.importer.import_mails(self.mine, [raw], folder, 1)
                self.assertNotIn(self.task, [link._get_record() for link in mail.email.link_ids])
                self.assertNotEqual(mail.email.author_id, self.agent.partner_id)

    def test_a_mail_makes_no_record_that_its_owner_could_not_make(self):
        self.mine.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_task").id,
                "default_project_id": self.project.id,
            }
        )
        before = self.env["project.task"].search_count([])
        self.sent("Lamp", mailbox=self.mine, sender="new@nowhere.example")
        self.assertEqual(self.env["project.task"].search_count([]), before)

    def test_a_group_that_gets_it_too_believes_its_own_servers(self):
        raw = build_mail(
            subject="Lamp", sender=AGENT, to="colleague@company.example, support@company.example"
        )
        forged = f"Authentication-Results: {self.passed('mx.colleague.example')}\r\n".encode()
        (first,) = self.receive(self.mine, forged + raw)
        self.assertFalse(first.email.author_id)
        real = f"Authentication-Results: {self.passed()}\r\n".encode()
        (second,) = self.receive(self.support, real + raw)
        self.assertEqual(second.email, first.email)
        self.assertEqual(second.email.author_id, self.agent.partner_id)


@tagged("post_install", "-at_install")
class TestStrangers(SenderCase):
    def test_a_stranger_reaches_no_record_by_its_number(self):
        for values in (
            {"subject": f"Lamp {self.code}"},
            {"to": f"task+{self.task.id}@company.example, support@company.example"},
        ):
            with self.subTest(values):
                self.assertFalse(
                    self.goes_to_the_task(
                        **{"subject": "Lamp", "sender": "eve@nowhere.example", **values}
                    )
                )

    def test_the_customer_reaches_it(self):
        self.assertTrue(self.goes_to_the_task(f"Lamp {self.code}"))

    def test_a_number_in_a_proposal_or_closed_record_opens_nothing_to_a_stranger(self):
        self.task.state = "1_done"
        self.assertFalse(self.goes_to_the_task(f"Lamp {self.code}", sender="eve@nowhere.example"))

    def test_people_in_copy_are_neither_subscribed_nor_assigned_nor_told(self):
        other = self.env["res.partner"].create(
            {"name": "Other", "email": "other@elsewhere.example"}
        )
        # whoever follows a project follows its tasks, mail or not
        self.project.message_unsubscribe(self.agent.partner_id.ids)
        people = other | self.agent.partner_id | self.boss.partner_id | self.portal.partner_id
        copy = ", ".join(people.mapped("email"))
        for target in ("target_task", "target_lead", "target_deal"):
            with self.subTest(target):
                self.support.default_target_id = self.env.ref(f"mail_task_import.{target}")
                email = self.sent(
                    f"New {target}",
                    sender="eve@nowhere.example",
                    Cc=copy,
                    to=f"support@company.example, {copy}",
                )
                record = self.record(email)
                self.assertFalse((record.message_partner_ids & people).mapped("name"))
                self.assertFalse(
                    (record.user_id if "user_id" in record else record.user_ids) & people.user_ids
                )
                told = record.message_ids.notification_ids.res_partner_id
                self.assertFalse(told & people)
                self.assertFalse(record.message_ids.partner_ids & people)

    def test_an_answer_subscribes_nobody_in_copy_either(self):
        self.sent("Question", message_id="<q3@customer.example>")
        email = self.sent(
            "Re: Question",
            in_reply_to="<q3@customer.example>",
            text="more",
            Cc="boss@company.example, portal@customer.example",
        )
        record = self.record(email)
        self.assertFalse(
            record.message_partner_ids & (self.boss.partner_id | self.portal.partner_id)
        )
        self.assertNotIn(self.boss.partner_id, self.notified(record.message_ids))

    def test_who_wrote_in_a_thread_reads_it_not_for_a_copy_to_themselves(self):
        self.sent("Question", message_id="<q4@customer.example>", text="first")
        people = {
            "portal@customer.example": (self.portal, []),
            "boss@company.example": (self.boss, [self.passed()]),
        }
        for number, (address, (user, verdicts)) in enumerate(people.items()):
            for copy in ({}, {"Cc": address}, {"to": f"support@company.example, {address}"}):
                with self.subTest(address, **copy):
                    email = self.sent(
                        f"Re: Question {number}",
                        sender=address,
                        verdicts=verdicts,
                        text=f"more {copy}",
                        in_reply_to="<q4@customer.example>",
                        **copy,
                    )
                    self.assertEqual(email.author_id, user.partner_id)
                    record = self.record(email)
                    self.assertFalse(self.links(email)._is_note())
                    self.assertNotIn(user.partner_id, record.message_partner_ids)
                    self.assertHiddenFrom(user, record, "name")

    def test_a_strangers_address_gives_no_user_and_no_partner(self):
        before = self.env["res.users"].search_count([]), self.env["res.partner"].search_count([])
        self.sent(sender="eve@nowhere.example")
        after = self.env["res.users"].search_count([]), self.env["res.partner"].search_count([])
        self.assertEqual(before, after)

    def test_a_portal_user_is_a_customer_not_an_employee(self):
        new_test_user(self.env, login="p2", groups="base.group_portal", email="p2@customer.example")
        self.assertFalse(
            self.goes_to_the_task(
                f"Lamp {self.code}",
                sender="p2@customer.example",
                verdicts=[self.passed(domain="customer.example")],
            )
        )


@tagged("post_install", "-at_install")
class TestHostGateway(SenderCase):
    def test_no_mail_comes_into_a_mailbox_by_rpc(self):
        """Any internal user may call the host's gateway; nothing of ours may come of it."""
        raw = build_mail(subject=f"Lamp {self.code}", sender=AGENT).decode()
        Email = self.env["mail.import.email"]
        for user in (self.colleague, self.portal, self.agent):
            before = Email.search_count([])
            Thread = self.as_user(self.env["mail.thread"], user)
            try:
                with self.env.cr.savepoint():
                    Thread.message_process(False, raw)
            except Exception:
                pass
            self.assertEqual(Email.search_count([]), before)

    def test_the_importer_is_not_called_by_rpc(self):
        from odoo.service.model import get_public_method

        for name in ("import_mails", "_import", "_receive", "_quarantine_unparsed"):
            self.assertRefused(lambda n=name: get_public_method(self.importer, n))
