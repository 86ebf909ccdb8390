"""Where mail goes: the link order, threads in any order, automatic mail, trust in senders."""

from odoo.tests import tagged

from .common import MailImportCase, build_mail

PASS = "mx.company.example; dmarc=pass header.from=company.example"


@tagged("post_install", "-at_install")
class TestLinking(MailImportCase):
    def setUp(self):
        super().setUp()
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_task").id,
                "default_project_id": self.project.id,
            }
        )

    def tasks(self):
        return self.env["project.task"].search([("project_id", "=", self.project.id)])

    def test_a_reply_before_its_question_is_followed_by_it(self):
        self.receive(
            self.support,
            build_mail(subject="Re: Late", message_id="<b@x.example>", in_reply_to="<a@x.example>"),
        )
        self.receive(
            self.support, build_mail(subject="Late", message_id="<a@x.example>", minutes_ago=60)
        )
        self.assertEqual(len(self.tasks()), 1)
        self.assertEqual(
            self.env["mail.import.link"].search_count(
                [("res_model", "=", "project.task"), ("res_id", "=", self.tasks().id)]
            ),
            2,
        )

    def test_an_answer_that_made_a_record_too_early_is_proposed(self):
        """It names only a mail that came later, which names the question: both have records."""

        for case, waiting in enumerate((("a",), ("q", "a"))):
            number = f"<%s{case}@x.example>".__mod__
            mails = {
                "q": build_mail(f"Late {case}", message_id=number("q"), minutes_ago=9),
                "a": build_mail(
                    f"a {case}", message_id=number("a"), in_reply_to=number("q"), minutes_ago=8
                ),
                "b": build_mail(
                    f"b {case}", message_id=number("b"), in_reply_to=number("a"), minutes_ago=7
                ),
            }
            before = self.tasks()
            (early,) = self.receive(self.support, mails["b"])
            if "q" not in waiting:
                self.receive(self.support, mails["q"])
            joining = self.receive(self.support, *(mails[one] for one in waiting))[-1]
            first, second = self.record(early.email), self.record(joining.email)
            self.assertEqual(self.tasks() - before, first | second)
            proposal = joining.email.link_ids.filtered("suggested")
            self.assertEqual((proposal.res_model, proposal.res_id), (first._name, first.id))
            self.assertFalse(proposal.message_id)
            self.assertIn(f"became “{first.name}”", joining.entry.why_here)

    def test_two_mails_of_one_thread_in_one_batch_make_one_record(self):
        self.receive(
            self.support,
            build_mail(message_id="<b@x.example>", in_reply_to="<a@x.example>", minutes_ago=3),
            build_mail(message_id="<a@x.example>", minutes_ago=9),
        )
        self.assertEqual(len(self.tasks()), 1)

    def test_answers_to_a_question_that_never_came_are_one_record(self):
        """Two people answer a third one, and copy us in; in one batch, or one after the other."""
        names = "ann@customer.example, bob@customer.example, support@company.example"
        question = "<a@x.example>"
        ann, bob = (
            build_mail(
                f"Re: {name}",
                f"{name}@customer.example",
                names,
                in_reply_to=question,
                **{"text": name},
            )
            for name in ("ann", "bob")
        )
        self.receive(self.support, ann, bob)
        self.assertEqual(len(self.tasks()), 1)
        later = build_mail(
            "Re: zoe", "zoe@customer.example", f"{names}, zoe@customer.example",
            in_reply_to=question, text="later",
        )  # fmt: skip
        self.receive(self.support, later)
        self.assertEqual(len(self.tasks()), 1)

    def test_a_number_that_a_program_names_everywhere_joins_no_strangers(self):
        for name in ("eve", "zed"):
            self.receive(
                self.support,
                build_mail(
                    f"From {name}", f"{name}@else.example", in_reply_to="<always@x.example>"
                ),
            )
        self.assertEqual(len(self.tasks()), 2)

    def test_the_answer_of_a_chatter_message_comes_back_to_its_record(self):
        lead = self.env["crm.lead"].create({"name": "Big deal", "type": "opportunity"})
        message = lead.message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        (mail,) = self.receive(self.support, build_mail(in_reply_to=message.message_id))
        self.assertEqual(self.record(mail.email), lead)
        self.assertFalse(self.links(mail.email).message_id.subtype_id.internal)

    def test_an_answer_to_a_note_stays_a_note(self):
        lead = self.env["crm.lead"].create({"name": "Big deal", "type": "opportunity"})
        note = lead.message_post(body="Hush", message_type="comment", subtype_xmlid="mail.mt_note")
        (mail,) = self.receive(self.support, build_mail(in_reply_to=note.message_id))
        self.assertTrue(self.links(mail.email).message_id.subtype_id.internal)

    def test_a_notification_that_comes_back_is_linked_but_not_posted_again(self):
        mine = self._mailbox(
            "personal",
            "colleague@company.example",
            owner_id=self.colleague.id,
            visibility="linked",
            default_target_id=self.env.ref("mail_task_import.target_lead").id,
        )
        lead = self.env["crm.lead"].create({"name": "Big deal", "type": "opportunity"})
        for subtype in ("mt_note", "mt_comment"):
            message = lead.message_post(
                body="Told", message_type="comment", subtype_xmlid=f"mail.{subtype}"
            )
            shown = lead.message_ids
            told = build_mail(
                subject=f"Told {subtype}",
                sender="Agent <agent@company.example>",
                message_id=message.message_id,
            )
            for mailbox in (mine, self.support):
                (mail,) = self.receive(mailbox, told)
            self.assertEqual(self.record(mail.email), lead)
            self.assertFalse(self.links(mail.email).message_id)
            self.assertEqual(lead.message_ids, shown)

    def test_a_mail_that_bears_the_number_of_a_message_changes_nothing_for_answers(self):
        lead = self.env["crm.lead"].create({"name": "Big deal", "type": "opportunity"})
        for subtype, is_public in (("mt_note", False), ("mt_comment", True)):
            message = lead.message_post(
                body="Hello", message_type="comment", subtype_xmlid=f"mail.{subtype}"
            )
            (forged,) = self.receive(
                self.support,
                build_mail(
                    subject="Other words",
                    sender="x@evil.example",
                    text=subtype,
                    message_id=message.message_id,
                ),
            )
            self.assertFalse(forged.email.link_ids.message_id)
            (answer,) = self.receive(
                self.support, build_mail(text=subtype, in_reply_to=message.message_id)
            )
            self.assertEqual(self.record(answer.email), lead)
            posted = self.links(answer.email).message_id
            self.assertEqual(posted.subtype_id.internal, not is_public)

    def test_a_number_that_a_mail_from_outside_bore_is_anybodys(self):
        """Some programs give all their mails the same one."""
        lead = self.env["crm.lead"].create({"name": "Gateway's", "type": "opportunity"})
        lead.message_post(body="x", message_type="email", message_id="<same@x.example>")
        (mail,) = self.receive(self.support, build_mail(message_id="<same@x.example>"))
        self.assertNotEqual(self.record(mail.email), lead)
        self.assertTrue(self.links(mail.email).message_id)

    def test_a_token_takes_those_who_take_part(self):
        (first,) = self.receive(self.support, build_mail())
        task = self.record(first.email)
        (second,) = self.receive(
            self.support,
            build_mail(subject=f"By phone [TASK-{task.id}]", message_id="<t@x.example>"),
        )
        self.assertEqual(self.record(second.email), task)

    def test_a_token_from_a_stranger_opens_nothing(self):
        (first,) = self.receive(self.support, build_mail())
        task = self.record(first.email)
        (second,) = self.receive(
            self.support, build_mail(subject=f"Hi [TASK-{task.id}]", sender="mallory@evil.example")
        )
        self.assertNotEqual(self.record(second.email), task)

    def test_a_record_address_is_a_token(self):
        (first,) = self.receive(self.support, build_mail())
        task = self.record(first.email)
        (second,) = self.receive(
            self.support, build_mail(subject="By address", to=f"task+{task.id}@company.example")
        )
        self.assertEqual(self.record(second.email), task)

    def test_a_forged_employee_is_nobody(self):
        (mail,) = self.receive(
            self.support,
            build_mail(
                sender="Agent <agent@company.example>",
                Authentication_Results="mx.company.example; dmarc=fail header.from=company.example",
            ),
        )
        self.assertFalse(mail.email.author_id)
        self.assertEqual(mail.entry.verdict, "fail")

    def test_an_employee_with_a_pass_of_a_trusted_server_is_believed(self):
        (mail,) = self.receive(
            self.support,
            build_mail(sender="Agent <agent@company.example>", Authentication_Results=PASS),
        )
        self.assertEqual(mail.email.author_id, self.agent.partner_id)

    def test_automatic_mail_makes_no_record(self):
        for number, headers in enumerate(
            (
                {"Auto_Submitted": "auto-replied"},
                {"Precedence": "bulk"},
                {"List_Id": "<news.shop.example>"},
                {"Return_Path": "<>"},
            )
        ):
            (mail,) = self.receive(self.support, build_mail(subject=f"Auto {number}", **headers))
            self.assertEqual(mail.state, "stored")
            self.assertTrue(mail.email.automatic, headers)
        self.assertFalse(self.tasks())

    def test_a_google_group_address_still_works(self):
        (mail,) = self.receive(
            self.support,
            build_mail(
                sender="'Ann Customer' via Support <support@company.example>",
                X_Original_From="Ann Customer <ann@customer.example>",
                List_Id="<support.company.example>",
                Precedence="list",
                List_Post="<mailto:support@company.example>",
            ),
        )
        self.assertEqual(mail.email.from_email, "ann@customer.example")
        self.assertEqual(self.record(mail.email).partner_id, self.customer)

    def test_without_default_target_one_open_record_takes_the_mail(self):
        self.support.default_target_id = False
        lead = self.env["crm.lead"].create(
            {"name": "Chairs", "type": "opportunity", "partner_id": self.customer.id}
        )
        (mail,) = self.receive(self.support, build_mail())
        self.assertEqual(self.record(mail.email), lead)

    def test_several_open_records_are_proposed_beside_the_account(self):
        self.support.default_target_id = False
        leads = self.env["crm.lead"].create(
            [
                {"name": name, "type": "opportunity", "partner_id": self.customer.id}
                for name in ("Chairs", "Tables")
            ]
        )
        (mail,) = self.receive(self.support, build_mail())
        self.assertEqual(self.record(mail.email), self.customer)
        proposed = mail.email.link_ids.filtered("suggested")
        self.assertEqual(set(proposed.mapped("res_id")), set(leads.ids))
        self.assertFalse(proposed.message_id)

    def test_a_mail_of_nobody_known_waits_unlinked_in_the_inbox(self):
        self.support.default_target_id = False
        (mail,) = self.receive(self.support, build_mail(sender="new@stranger.example"))
        self.assertFalse(mail.email.link_ids)
        self.assertEqual(mail.entry.folder_id.kind, "inbox")

    def test_join_puts_the_mail_into_the_one_open_record(self):
        self.support.join = True
        (first,) = self.receive(self.support, build_mail())
        (second,) = self.receive(self.support, build_mail(subject="Something else"))
        self.assertEqual(self.record(first.email), self.record(second.email))

    def test_join_holds_within_one_batch(self):
        self.support.join = True
        self.receive(
            self.support,
            build_mail(sender="new@stranger.example", minutes_ago=9),
            build_mail(sender="new@stranger.example", subject="One more thing", minutes_ago=3),
        )
        self.assertEqual(len(self.tasks()), 1)

    def test_the_mailbox_named_first_decides_whichever_copy_comes_first(self):
        sales = self._mailbox(
            "group",
            "sales@company.example",
            member_ids=self.agent.ids,
            default_target_id=self.env.ref("mail_task_import.target_lead").id,
        )
        raw = build_mail(to="sales@company.example, support@company.example")
        (mail,) = self.receive(self.support, raw)
        self.receive(sales, raw)
        self.assertEqual(self.record(mail.email)._name, "crm.lead")
        self.assertFalse(self.tasks())

    def test_a_personal_copy_first_does_not_keep_the_group_from_its_record(self):
        bosses = self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        raw = build_mail(to="boss@company.example, support@company.example")
        self.receive(bosses, raw)
        self.assertFalse(self.tasks())
        self.receive(self.support, raw)
        self.assertEqual(len(self.tasks()), 1)

    def test_history_is_filed_and_linked_only(self):
        (mail,) = self.receive(self.support, build_mail(minutes_ago=60 * 24 * 90), history=True)
        self.assertFalse(self.tasks())
        self.assertEqual(self.record(mail.email), self.customer)
        self.assertFalse(self.links(mail.email).message_id)

    def test_accept_known_senders_only(self):
        self.support.accept = "known"
        (mail,) = self.receive(self.support, build_mail(sender="new@stranger.example"))
        self.assertFalse(mail.email.link_ids)
        self.receive(self.support, build_mail())
        self.assertEqual(len(self.tasks()), 1)

    def test_a_host_alias_among_the_recipients_makes_its_record(self):
        domain = self.env["mail.alias.domain"].create({"name": "company.example"})
        self.env["mail.alias"].create(
            {
                "alias_name": "jobs",
                "alias_domain_id": domain.id,
                "alias_contact": "everyone",
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "alias_defaults": "{'type': 'lead'}",
            }
        )
        (mail,) = self.receive(self.support, build_mail(to="jobs@company.example"))
        self.assertEqual(self.record(mail.email)._name, "crm.lead")

    def test_cc_of_a_new_record_neither_subscribes_nor_assigns(self):
        (mail,) = self.receive(
            self.support,
            build_mail(
                to="support@company.example, agent@company.example", Cc="boss@company.example"
            ),
        )
        task = self.record(mail.email)
        self.assertFalse(task.user_ids)
        self.assertFalse(task.message_partner_ids & (self.agent | self.boss).partner_id)
