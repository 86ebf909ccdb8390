"""Why a mail is where it is, told to its owner and to nobody else."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MailImportCase, build_mail


@tagged("post_install", "-at_install")
class TestJournal(MailImportCase):
    def why(self, mail):
        return mail.entry.with_user(self.agent).why_here

    def test_an_entry_tells_which_step_decided(self):
        stranger = build_mail(sender="Sam <sam@stranger.example>", message_id="<q@x.example>")
        (unlinked,) = self.receive(self.support, stranger)
        self.assertEqual(self.why(unlinked), "Nothing says where it belongs.")
        (known,) = self.receive(self.support, build_mail())
        self.assertEqual(self.why(known), "It was linked by the address of its correspondent.")
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        (made,) = self.receive(self.support, build_mail(sender="Tom <tom@stranger.example>"))
        self.assertIn("the mailbox says what such mail becomes", self.why(made))

    def test_why_nothing_was_made_is_told_where_mail_becomes_records(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        sam = {"sender": "Sam <sam@stranger.example>"}
        for reason, headers in (
            ("mail of a list", {**sam, "List_Id": "<x.list.example>"}),
            ("out of office say", {**sam, "Auto_Submitted": "auto-replied"}),
            ("a program wrote it", {**sam, "Auto_Submitted": "auto-generated"}),
            ("bulk mail", {**sam, "Precedence": "bulk"}),
            ("names no sender", {"sender": ""}),
        ):
            mail = build_mail(reason, message_id=f"<{reason}@x.example>", **headers)
            (taken,) = self.receive(self.support, mail)
            self.assertFalse(self.links(taken.email).filtered("made_record"), reason)
            self.assertRegex(self.why(taken), f"No record was made of it: .*{reason}")
        (old,) = self.receive(self.support, build_mail("Old", **sam), history=True)
        self.assertIn("it is history", self.why(old))
        (ann,) = self.receive(self.support, build_mail("Ann's", List_Id="<x.list.example>"))
        self.assertEqual(len(self.why(ann).splitlines()), 2)
        self.assertIn("linked by the address", self.why(ann))

    def test_why_a_mailbox_does_not_take_this_senders_mail(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        for accept, sender, reason in (
            ("known", "Sam <sam@stranger.example>", "takes mail of known senders only"),
            ("employees", "Sam <sam@stranger.example>", "takes mail of employees only"),
            ("employees", "Agent <agent@company.example>", "nobody vouches for this sender"),
        ):
            self.support.accept = accept
            (taken,) = self.receive(self.support, build_mail(accept + sender, sender=sender))
            self.assertIn(reason, self.why(taken))

    def test_where_mail_becomes_no_records_nothing_is_told_of_that(self):
        raw = build_mail(sender="sam@stranger.example", List_Id="<x.list.example>")
        (taken,) = self.receive(self.support, raw)
        self.assertEqual(self.why(taken), "Nothing says where it belongs.")

    def test_a_copy_in_another_mailbox_says_where_it_was_decided(self):
        sales = self._mailbox("group", "sales@company.example", self.agent.ids)
        (first,) = self.receive(self.support, build_mail())
        (second,) = self.receive(sales, build_mail())
        self.assertEqual(second.email, first.email)
        entry = second.entry.with_user(self.agent)
        self.assertEqual(entry.why_here, "It was decided already, when it came into “Support”.")
        self.assertIn("It was linked to “Ann Customer”", entry.why_shown)

    def test_a_copy_tells_of_itself_before_it_tells_of_the_record(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        sales = self._mailbox("group", "sales@company.example", self.agent.ids)
        (first,) = self.receive(self.support, build_mail())
        link = self.links(first.email)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_import_link SET create_date = '2020-01-01' WHERE id = %s", [link.id]
        )
        self.env.invalidate_all()
        (second,) = self.receive(sales, build_mail())
        shown = second.entry.with_user(self.agent).why_shown
        places = [shown.index(words) for words in ("It came into “Sales”", "It became")]
        self.assertEqual(places, sorted(places))

    def test_a_mail_that_joins_another_of_its_batch_says_so(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        question = build_mail(message_id="<q@x.example>")
        answer = build_mail("Re: it", message_id="<a@x.example>", in_reply_to="<q@x.example>")
        _question, joined = self.receive(self.support, question, answer)
        self.assertEqual(
            self.why(joined),
            "It goes on with an e-mail that came in with it, and is linked there.",
        )
        self.support.default_target_id = False
        sam = {"sender": "Sam <sam@stranger.example>"}
        first = build_mail(message_id="<1@x.example>", **sam)
        second = build_mail("Re: it", in_reply_to="<1@x.example>", **sam)
        _first, alone = self.receive(self.support, first, second)
        self.assertIn("linked to nothing", self.why(alone))

    def test_a_copy_names_no_mailbox_of_others_and_betrays_none(self):
        sales = self._mailbox("group", "sales@company.example", self.colleague.ids)
        for sender in (build_mail(), build_mail(sender="Sam <sam@stranger.example>")):
            self.receive(self.support, sender)
        linked, unlinked = self.receive(
            sales, build_mail(), build_mail(sender="Sam <sam@stranger.example>")
        )
        told = linked.entry.with_user(self.colleague).why_here
        self.assertEqual(told, "It was decided already, when it came into another mailbox.")
        told = unlinked.entry.with_user(self.colleague).why_here
        self.assertEqual(told, "Nothing says where it belongs.")

    def test_a_mail_that_was_sent_from_here_says_so(self):
        sales = self._mailbox("group", "sales@company.example", self.agent.ids)
        raw = build_mail(
            sender="support@company.example",
            to="sales@company.example",
            Authentication_Results="mx.company.example; dmarc=pass header.from=company.example",
        )
        (sent,) = self.receive(self.support, raw)
        (copy,) = self.receive(sales, raw)
        self.assertEqual((copy.email, copy.email.direction), (sent.email, "outgoing"))
        self.assertIn("sent from one of our mailboxes", self.why(copy))

    def test_what_a_later_version_wrote_is_passed_over(self):
        (mail,) = self.receive(self.support, build_mail())
        mail.entry.journal = [{"step": "unheard_of", "result": "x"}, *mail.entry.journal]
        self.assertEqual(self.why(mail), "It was linked by the address of its correspondent.")

    def test_nobody_else_reads_it(self):
        (mail,) = self.receive(self.support, build_mail())
        for user in (self.colleague, self.administrator):
            with self.assertRaises(AccessError):
                _ = mail.entry.with_user(user).why_here
            with self.assertRaises(AccessError):
                mail.entry.with_user(user).read(["journal"])

    def test_what_people_do_with_it_later_is_told_with_time_and_name(self):
        (mail,) = self.receive(self.support, build_mail())
        entry, email = mail.entry.with_user(self.agent), mail.email.with_user(self.agent)
        self.links(email).action_unlink_email()
        project = self.project.with_user(self.agent)
        self.env["mail.import.link"].with_user(self.agent)._link_by_hand(email, project, False)
        lines = entry.why_here.splitlines()
        self.assertEqual(lines[1], "Agent unlinked it from “Ann Customer”.")
        self.assertEqual(lines[2], "Agent linked it to “Support”.")
        self.assertEqual(entry.why_shown.count("<tr>"), 4)
        self.assertIn("It came into “Support”.", entry.why_shown)

    def test_names_are_shown_as_text_and_only_to_who_may_read_the_record(self):
        lead = self.env["crm.lead"].create(
            {"name": "<b>Secret</b> deal", "partner_id": self.customer.id, "type": "opportunity"}
        )
        self.support.member_ids |= self.colleague
        (mail,) = self.receive(self.support, build_mail())
        self.assertEqual(self.record(mail.email), lead)
        shown = mail.entry.with_user(self.agent).why_shown
        self.assertIn("It was linked to “&lt;b&gt;Secret&lt;/b&gt; deal”.", shown)
        self.env.invalidate_all()
        self.assertNotIn("Secret", mail.entry.with_user(self.colleague).why_shown)
