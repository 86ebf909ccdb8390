"""Who records of rules are from: employees with their rights, contacts, and those nobody knows."""

from odoo.tests import tagged

from .common import build_mail
from .test_rules import RuleCase

KNOWN = "mx.company.example; dmarc=pass header.from=%s; dkim=pass header.d=%s"


def passed(domain="company.example"):
    """The word of a server that the mailbox trusts."""
    return {"Authentication_Results": KNOWN % (domain, domain)}


@tagged("post_install", "-at_install")
class TestRulesSenders(RuleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.project.privacy_visibility = "portal"
        cls.outbox = cls.env["mail.mail"]

    def stranger(self, sender="Sam <sam@stranger.example>", **mail):
        return {"subject": "complaint", "sender": sender, **passed("stranger.example"), **mail}

    def partner(self, address="sam@stranger.example"):
        return self.env["res.partner"].search([("email_normalized", "=", address)])

    # -- employees ------------------------------------------------------------------------------

    def test_an_employee_with_the_right_makes_the_record(self):
        self.rule(keyword="complaint")
        task = self.made(subject="complaint", sender="agent@company.example", **passed())
        self.assertEqual(task.project_id, self.project)

    def test_an_employee_without_the_right_is_left_to_the_next_rule(self):
        self.rule(keyword="complaint")
        mail = self.one(subject="complaint", sender="colleague@company.example", **passed())
        self.assertFalse(mail.email.link_ids.filtered("made_record"))
        self.assertIn("its sender may not make such a record", self.why(mail))
        self.project.privacy_visibility = "followers"
        uninvited = self.one(subject="complaint 2", sender="agent@company.example", **passed())
        self.assertFalse(uninvited.email.link_ids.filtered("made_record"))
        self.project.message_subscribe(self.agent.partner_id.ids)
        self.assertTrue(
            self.made(subject="complaint 3", sender="agent@company.example", **passed())
        )

    def test_an_employees_address_without_a_pass_is_unknown(self):
        self.rule(keyword="complaint", from_unknown=False, from_contacts=False)
        self.assertIsNone(self.made(subject="complaint", sender="agent@company.example"))
        self.assertTrue(
            self.made(subject="complaint", text="x", sender="agent@company.example", **passed())
        )

    # -- those whom nobody knows ----------------------------------------------------------------

    def test_unknown_senders_are_refused_where_the_rule_says_so(self):
        self.rule(keyword="complaint", unknown_sender="refuse")
        self.rule("Second", keyword="complaint", target_id=self.lead.id, sequence=20)
        mail = self.one(**self.stranger())
        self.assertEqual(self.links(mail.email)._get_record()._name, "crm.lead")
        self.assertIn("makes nothing for senders that nobody knows", self.why(mail))
        self.assertEqual(self.made(subject="complaint", text="by Ann")._name, "project.task")

    def test_the_owner_acts_and_the_sender_stays(self):
        self.rule(keyword="complaint", target_id=self.lead.id, unknown_sender="owner")
        lead = self.made(**self.stranger())
        self.assertEqual(lead.email_normalized, "sam@stranger.example")
        self.assertFalse(lead.partner_id)
        self.assertFalse(self.partner())

    def test_a_contact_is_made(self):
        self.rule(keyword="complaint", unknown_sender="contact")
        task = self.made(**self.stranger())
        self.assertEqual(task.partner_id, self.partner())
        self.assertEqual(task.partner_id.name, "Sam")
        self.assertFalse(task.partner_id.user_ids)

    def test_the_new_contact_is_the_author_and_the_text_is_there(self):
        for way in ("contact", "portal"):
            rule = self.rule(keyword="complaint", unknown_sender=way)
            sender = f"Sam <sam.{way}@stranger.example>"
            mail = self.one(subject="complaint", sender=sender, text=f"It broke, {way}.")
            link = self.links(mail.email)
            task = link._get_record()
            self.assertEqual(task.partner_id.email, f"sam.{way}@stranger.example")
            self.assertIn(f"It broke, {way}.", str(task.description))
            self.assertEqual(link.message_id.author_id, task.partner_id)
            self.assertEqual(mail.email.author_id, task.partner_id)
            rule.unlink()

    def test_no_contact_of_a_sender_who_is_not_believed(self):
        self.rule(keyword="complaint", unknown_sender="portal", follow_cc=True)
        failed = "mx.company.example; dmarc=fail header.from=stranger.example"
        for posing in (
            {"Authentication_Results": failed},
            {
                "sender": '"Boss" <boss@company.example>',
                "Authentication_Results": "x.example; none",
            },
        ):
            mail = self.one(**self.stranger(**{"Cc": "Ann <ann@customer.example>", **posing}))
            task = self.links(mail.email)._get_record()
            self.assertFalse(task.partner_id)
            self.assertFalse(task.message_partner_ids & self.customer)
            self.assertFalse(self.partner())
            self.assertIn("Nobody was brought in", self.why(mail))

    def test_of_several_senders_none_is_believed(self):
        self.rule(keyword="complaint", unknown_sender="portal", follow_cc=True)
        for verdict in ({}, passed("customer.example"), passed("evil.example")):
            for sender in (
                "Ann <ann@customer.example>, mallory@evil.example",
                "mallory@evil.example, Ann <ann@customer.example>",
            ):
                mail = self.one(
                    subject="complaint", text=f"{sender} {verdict}", sender=sender, **verdict
                )
                self.assertEqual(mail.email.unverified, "several")
                self.assertFalse(mail.vouched or mail.email.author_id)
                task = self.links(mail.email)._get_record()
                self.assertFalse(task.partner_id or task.message_partner_ids)
                self.assertEqual(mail.entry.verdict, "fail")
                again = mail.entry._as_incoming(self.support, 0).parsed
                self.assertTrue(again.several_authors)

    # -- the portal -----------------------------------------------------------------------------

    def test_an_invited_sender_sees_that_record_and_no_other(self):
        self.rule(keyword="complaint", unknown_sender="portal")
        others = self.env["project.task"].create({"name": "Other", "project_id": self.project.id})
        sent = self.outbox.search([])
        mail = self.one(**self.stranger())
        task = self.links(mail.email)._get_record()
        user = self.partner().user_ids
        self.assertTrue(user._is_portal())
        self.assertFalse(user._is_internal())
        tasks = self.env["project.task"].with_user(user)
        self.assertEqual(tasks.search([]), task)
        self.assertNotIn(others, tasks.search([]))
        invitation = self.outbox.search([]) - sent
        self.assertEqual(invitation.recipient_ids, self.partner())
        self.assertEqual(set(invitation.mapped("state")), {"outgoing"})
        self.assertIn("invited to the portal, to see this record", self.why(mail))

    def test_two_mails_of_one_stranger_make_one_user(self):
        self.rule(keyword="complaint", unknown_sender="portal")
        mails = [build_mail(**self.stranger(text=str(number))) for number in range(2)]
        self.receive(self.support, *mails)
        user = self.partner().user_ids
        self.assertEqual(len(user), 1)
        self.assertEqual(self.env["project.task"].with_user(user).search_count([]), 2)

    def test_nobody_is_invited_without_the_word_of_a_server(self):
        self.rule(keyword="complaint", unknown_sender="portal")
        mail = self.one(**self.stranger(Authentication_Results="x.example; none"))
        self.assertFalse(self.partner().user_ids)
        self.assertIn("no trusted mail server vouches", self.why(mail))

    def test_nobody_is_invited_to_a_closed_project(self):
        rule = self.rule(keyword="complaint", unknown_sender="portal")
        self.project.privacy_visibility = "followers"
        mail = self.one(**self.stranger())
        self.assertFalse(self.partner().user_ids)
        self.assertIn("the project is not open to portal users", self.why(mail))
        for wrong in ({"name": "again"}, {"target_id": self.lead.id, "project_id": False}):
            with self.assertRaisesRegex(Exception, "portal"):
                rule.copy({"owner_id": self.owner.id, **wrong})

    # -- people in Cc ---------------------------------------------------------------------------

    def test_people_in_cc_follow_where_the_rule_says_so(self):
        rule = self.rule(keyword="complaint", follow_cc=True, unknown_sender="contact")
        self.project.privacy_visibility = "followers"
        cc = (
            "Ann <ann@customer.example>, agent@company.example, boss@company.example, "
            "New <new@stranger.example>"
        )
        self.project.message_subscribe(self.agent.partner_id.ids)
        task = self.made(**self.stranger(Cc=cc))
        follow = task.message_partner_ids
        self.assertIn(self.customer, follow)
        self.assertIn(self.agent.partner_id, follow)
        self.assertNotIn(self.boss.partner_id, follow)
        self.assertIn(self.partner("new@stranger.example"), follow)
        rule.follow_cc = False
        other = self.made(**self.stranger(Cc=cc, text="again"))
        self.assertNotIn(self.customer, other.message_partner_ids)

    def test_more_than_twenty_recipients_become_no_contacts(self):
        self.rule(keyword="complaint", follow_cc=True, unknown_sender="contact")
        many = ", ".join(f"p{number}@many.example" for number in range(21))
        task = self.made(**self.stranger(Cc=f"ann@customer.example, {many}"))
        self.assertEqual(task.message_partner_ids & self.customer, self.customer)
        self.assertFalse(self.env["res.partner"].search([("email", "like", "@many.example")]))


@tagged("post_install", "-at_install")
class TestRulesOwner(RuleCase):
    def stopped(self, rule):
        """Receive a mail that the rule would take."""
        mail = self.one(subject="complaint", text=rule.name)
        self.assertFalse(mail.email.link_ids.filtered("made_record"))
        rule.invalidate_recordset()
        self.assertTrue(rule.stopped)
        self.assertIn("has stopped", self.why(mail))
        return rule.stopped_reason

    def test_a_rule_stops_when_its_owner_leaves_and_says_so_once(self):
        rule = self.rule(keyword="complaint")
        told = self.env["mail.message"].search([("subject", "like", "Import rule stopped")])
        self.owner.active = False
        self.assertIn("no longer an employee", self.stopped(rule))
        self.one(subject="complaint", text="once more")
        told = self.env["mail.message"].search([("subject", "like", "Import rule stopped")]) - told
        self.assertEqual(len(told), 1)
        self.assertIn(self.administrator.partner_id, told.notified_partner_ids)

    def test_a_stopped_rule_starts_again_when_the_rights_are_back(self):
        rule = self.rule(keyword="complaint")
        managers = self.env.ref("project.group_project_manager")
        groups = managers | self.env.ref("project.group_project_user")
        self.owner.group_ids -= groups
        self.assertIn("may not make “Task” records", self.stopped(rule))
        with self.assertRaisesRegex(Exception, "may not make"):
            rule.with_user(self.administrator).action_resume()
        self.owner.group_ids |= managers
        rule.with_user(self.administrator).action_resume()
        self.assertTrue(self.made(subject="complaint", text="back again"))

    def test_a_managers_rule_stops_when_the_manager_reads_the_mailbox_no_more(self):
        manager = self._manager_of(self.project)
        rule = self.rule("Managers", by=manager, keyword="complaint")
        self.support.member_ids -= manager
        self.assertIn("no longer reads the mailbox", self.stopped(rule.sudo()))

    def test_a_value_that_cannot_be_written_costs_no_mail(self):
        rule = self.rule(keyword="complaint")
        self.env["mail.import.rule.value"].create(
            {"rule_id": rule.id, "field_name": "parent_id", "res_id": self._task_to_lose()}
        )
        self.env["project.task"].search([("name", "=", "To be lost")]).unlink()
        mails = self.receive(
            self.support,
            build_mail(subject="complaint", text="one"),
            build_mail(subject="praise", text="two"),
            build_mail(subject="complaint", text="three"),
        )
        self.assertEqual([mail.state for mail in mails], ["stored"] * 3)
        self.assertIn("could not make its record", self.why(mails[0]))
        self.assertEqual(self.links(mails[0].email)._get_record(), self.customer)

    def _task_to_lose(self):
        values = {"name": "To be lost", "project_id": self.project.id}
        return self.env["project.task"].create(values).id

    def test_after_a_rule_that_fails_the_mailbox_decides(self):
        self.support.default_target_id = self.lead
        rule = self.rule(keyword="complaint")
        task = self._task_to_lose()
        self.env["mail.import.rule.value"].create(
            {"rule_id": rule.id, "field_name": "parent_id", "res_id": task}
        )
        self.env["project.task"].browse(task).unlink()
        record = self.made(subject="complaint", text="again")
        self.assertEqual(record._name, "crm.lead")
