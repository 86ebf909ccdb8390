"""Filters at work: what a mail that one catches becomes, for whom, and what is left of it."""

import base64

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MailImportCase, build_mail


class FilterCase(MailImportCase):
    """The boss has a personal mailbox beside the agent's group mailbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.private = cls._mailbox("personal", "boss@company.example", owner_id=cls.boss.id)
        cls.Filter = cls.env["mail.import.filter"]
        folder = cls.env["mail.import.folder"]
        cls.archive, cls.trash, cls.inbox = map(folder._system, ("archive", "trash", "inbox"))

    def for_all(self, destination="keep", **values):
        values = {"scope": "global", "destination": destination, **values}
        return self.Filter.create(values)

    def for_group(self, destination="keep", mailbox=None, **values):
        mailbox = mailbox or self.support
        return self.for_all(destination, scope="group", mailbox_id=mailbox.id, **values)

    def for_boss(self, destination="keep", **values):
        values = {"scope": "own", "destination": destination, **values}
        return self.Filter.with_user(self.boss).create(values).sudo()

    def one(self, mailbox=None, **mail):
        (outcome,) = self.receive(mailbox or self.support, build_mail(**mail))
        return outcome


@tagged("post_install", "-at_install")
class TestFilters(FilterCase):
    def test_an_archived_mail_is_stored_and_says_why_it_is_there(self):
        self.for_group("archive", sender="ann@customer.example", mark_read=True, star=True)
        mail = self.one()
        self.assertEqual(mail.state, "stored")
        self.assertEqual(mail.entry.folder_id, self.archive)
        self.assertTrue(mail.entry.is_read)
        self.assertTrue(mail.entry.starred)
        self.assertIn(
            "The filter “From: ann@customer.example” caught it: archived, marked as read, starred.",
            mail.entry.with_user(self.agent).why_here,
        )

    def test_a_mail_that_is_deleted_for_everyone_is_no_longer_listed(self):
        one = self.for_boss("skip", sender="ann@customer.example")
        for subject in ("Secret", "Else"):
            mail = build_mail(subject=subject)
            (skipped,) = self.receive(self.private, mail)
            (kept,) = self.receive(self.support, mail)
            self.assertEqual(skipped.state, "filtered")
        secret = self.env["mail.import.entry"].search([("subject", "=", "Secret")])
        self.agent.group_ids |= self.env.ref("mail_task_import.group_delete_for_everyone")
        secret.with_user(self.agent).action_delete_for_everyone()
        mine = one.with_user(self.boss)
        self.assertEqual(mine.catch_ids.mapped("subject"), ["Else"])
        self.assertEqual(mine.caught, 2)
        self.assertTrue(kept.email.exists())
        with self.assertRaises(AccessError):
            mine.catch_ids.read(["key"])

    def test_a_skipped_mail_leaves_sender_subject_and_date_only(self):
        one = self.for_group("skip", sender="ann@customer.example")
        mail = self.one(subject="Buy now")
        self.assertEqual(mail.state, "filtered")
        self.assertFalse(mail.email or mail.entry)
        self.assertFalse(self.env["mail.import.email"].search([("subject", "=", "Buy now")]))
        (catch,) = one.with_user(self.agent).catch_ids
        self.assertEqual(catch.sender, '"Ann Customer" <ann@customer.example>')
        self.assertEqual(catch.subject, "Buy now")
        self.assertEqual(one.caught, 1)

    def test_own_folders_and_marks_of_all_scopes_add_up(self):
        folder = self.env["mail.import.folder"].with_user(self.boss).create({"name": "Orders"})
        self.for_all("archive", sender="customer.example", mark_read=True, sequence=1)
        self.for_all("trash", sender="ann@customer.example", sequence=2)
        self.for_boss("keep", scope="mailbox", mailbox_id=self.private.id, subject="order", star=1)
        self.for_boss("folder", folder_id=folder.id, recipients="boss@*", silent=True)
        mail = self.one(self.private, to="boss@company.example")
        self.assertEqual(mail.entry.folder_id, folder)
        self.assertTrue(mail.entry.is_read and mail.entry.starred and mail.silent)
        steps = [note for note in mail.entry.journal if note["step"] == "filter"]
        self.assertEqual([note["result"] for note in steps], ["archive", "keep", "folder"])
        self.assertIn("put in “Orders”", mail.entry.with_user(self.boss).why_here)

    def test_the_first_match_in_a_scope_is_the_one(self):
        late = self.for_group("skip", sender="ann@customer.example", sequence=20)
        self.for_group("keep", subject="order", sequence=10)
        self.assertEqual(self.one().state, "stored")
        late.sequence = 5
        self.assertEqual(self.one(text="Another").state, "filtered")

    def test_skip_and_trash_end_it(self):
        self.for_all("trash", sender="customer.example")
        self.for_boss("skip", sender="customer.example")
        mail = self.one(self.private, to="boss@company.example")
        self.assertEqual((mail.state, mail.entry.folder_id), ("stored", self.trash))

    def test_a_filter_that_is_switched_off_does_nothing(self):
        one = self.for_group("skip", sender="customer.example", active=False)
        self.assertEqual(self.one().state, "stored")
        one.active = True
        self.assertEqual(self.one(text="Another").state, "filtered")
        one.unlink()
        self.assertEqual(self.one(text="A third").state, "stored")

    def test_only_incoming_mail_passes_filters_history_too(self):
        self.for_all("skip", subject="order")
        own = self.one(
            self.private,
            sender="boss@company.example",
            to="ann@customer.example",
            Authentication_Results="mx.company.example; dmarc=pass header.from=company.example",
        )
        self.assertTrue(own.outgoing)
        self.assertEqual(own.state, "stored")
        (old,) = self.receive(self.private, build_mail(), history=True)
        self.assertEqual(old.state, "filtered")

    def test_an_owners_filter_is_for_that_owner_only(self):
        self.for_boss("skip", sender="customer.example")
        raw = build_mail(to="boss@company.example, support@company.example")
        (boss,) = self.receive(self.private, raw)
        (team,) = self.receive(self.support, raw)
        self.assertEqual((boss.state, team.state), ("filtered", "stored"))
        (again,) = self.receive(self.private, raw)
        self.assertEqual(again.state, "filtered")
        self.assertEqual(team.email.entry_ids.mailbox_id, self.support)

    def test_filters_of_another_owner_or_mailbox_do_not_count(self):
        other = self._mailbox("personal", "colleague@company.example", owner_id=self.colleague.id)
        self.for_boss("skip", sender="customer.example")
        self.for_group("skip", sender="customer.example")
        self.assertEqual(self.one(other).state, "stored")

    def test_the_filters_of_another_company_do_not_count(self):
        company = self.env["res.company"].create({"name": "Other"})
        self.for_all("skip", sender="customer.example", company_id=company.id)
        self.assertEqual(self.one().state, "stored")

    # -- beside other steps ---------------------------------------------------------------------

    def test_what_one_has_already_stays_where_it_is(self):
        raw = build_mail()
        (first,) = self.receive(self.support, raw)
        one = self.for_group("skip", sender="customer.example")
        (again,) = self.receive(self.support, raw)
        self.assertEqual((again.state, again.entry), ("duplicate", first.entry))
        self.assertFalse(one.caught)

    def test_a_copy_that_passes_is_stored_though_the_one_before_it_was_skipped(self):
        self.for_group("skip", header_name="X-Copy", header_value="first")
        raws = [build_mail(X_Copy=copy) for copy in ("first", "second", "third")]
        states = [mail.state for mail in self.receive(self.support, *raws)]
        self.assertEqual(states, ["filtered", "stored", "duplicate"])

    def test_a_twin_of_a_skipped_mail_is_no_twin(self):
        self.for_group("skip", body_any="forged")
        raws = [build_mail(text=text, message_id="<t@x.example>") for text in ("forged", "true")]
        skipped, kept = self.receive(self.support, *raws)
        self.assertEqual((skipped.state, kept.state), ("filtered", "stored"))
        self.assertFalse(kept.email.is_twin)

    def test_an_answer_to_a_skipped_mail_is_linked_by_itself(self):
        self.for_group("skip", subject="question*")
        lead = self.env["crm.lead"].create({"name": "Order", "partner_id": self.customer.id})
        question, answer = self.receive(
            self.support,
            build_mail(message_id="<q@customer.example>"),
            build_mail(subject="Re: Order", in_reply_to="<q@customer.example>", minutes_ago=1),
        )
        self.assertEqual((question.state, answer.state), ("filtered", "stored"))
        self.assertEqual(self.record(answer.email), lead)

    def test_what_a_filter_of_the_mailbox_puts_in_the_trash_becomes_no_record(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        self.for_group("trash", sender="tom@stranger.example")
        leads = self.env["crm.lead"].search_count([])
        trashed = self.one(sender="Tom <tom@stranger.example>")
        self.assertEqual(trashed.entry.folder_id, self.trash)
        self.assertEqual(self.env["crm.lead"].search_count([]), leads)
        self.one(sender="Tim <tim@stranger.example>")
        self.assertEqual(self.env["crm.lead"].search_count([]), leads + 1)

    def test_the_first_mailbox_whose_filters_let_it_pass_decides(self):
        sales = self._mailbox(
            "group",
            "sales@company.example",
            default_target_id=self.env.ref("mail_task_import.target_lead").id,
        )
        self.support.write(
            {
                "default_target_id": self.env.ref("mail_task_import.target_task").id,
                "default_project_id": self.project.id,
            }
        )
        both = {
            "sender": "tom@stranger.example",
            "to": "sales@company.example, support@company.example",
        }
        first = self.one(subject="One", **both)
        self.assertEqual(self.record(first.email)._name, "crm.lead")
        for destination in ("skip", "trash"):
            one = self.for_group(destination, sales, subject=destination)
            raw = build_mail(subject=destination, **both)
            (there,) = self.receive(sales, raw)
            (here,) = self.receive(self.support, raw)
            self.assertEqual(there.state == "filtered", destination == "skip")
            self.assertEqual(self.record(here.email)._name, "project.task", destination)
            one.unlink()
        self.for_group("archive", sales, subject="archive")
        filed = self.one(subject="archive", **both)
        self.assertEqual(self.record(filed.email)._name, "crm.lead")

    def test_a_released_mail_comes_in_whatever_a_filter_says(self):
        self.for_group("skip", sender="customer.example")
        quarantine = self.env["mail.import.quarantine"].create(
            {
                "mailbox_id": self.support.id,
                "raw": base64.b64encode(build_mail(subject="Broken")),
                "size": 1000,
                "reason": "broken",
            }
        )
        again = quarantine.copy({"raw": quarantine.raw})
        quarantine.with_user(self.agent).action_release()
        self.assertEqual(quarantine.state, "released")
        self.assertEqual(quarantine.email_id.entry_ids.mailbox_id, self.support)
        again.with_user(self.agent).action_retry()
        self.assertEqual(again.state, "released")
        self.assertFalse(again.email_id)
        self.assertIn("Skipped by the filter “From: customer.example”", again.log)

    def test_no_call_from_outside_passes_by_the_filters(self):
        self.for_group("skip", sender="customer.example")
        importer = self.importer.with_context(mail_import_unfiltered=True)
        (mail,) = importer.import_mails(self.support, [build_mail()])
        self.assertEqual(mail.state, "filtered")

    def test_another_mailboxes_filter_believes_the_servers_that_its_mailbox_trusts(self):
        """Else what its mailbox skips decides what the mail becomes all the same."""
        sales = self._mailbox("group", "sales@company.example", self.agent.ids)
        self.support.trusted_authserv_ids = "mx.support.example"
        self.for_group("skip", is_unverified=True)
        mail = {
            "to": "support@company.example, sales@company.example",
            "Authentication_Results": "mx.support.example; dmarc=fail header.from=customer.example",
        }
        self.assertEqual(self.one(sales, **mail).owner_mailbox, sales)
        self.support.trusted_authserv_ids = "mx.elsewhere.example"
        self.assertEqual(self.one(sales, message_id="<2@x>", **mail).owner_mailbox, self.support)

    def test_a_users_filters_cost_only_those_whose_mail_they_are_asked_about(self):
        """However many there are, and however long it takes to read them."""
        Filter = self.env["mail.import.filter"]
        self.for_boss("archive", sender="x.example")
        self.for_group("archive", sender="y.example")
        made = []
        compiled = type(Filter)._compile

        def noting(one, *args):
            made.append(one.scope)
            return compiled(one, *args)

        self.patch(type(Filter), "_compile", noting)
        self.one()
        self.assertEqual(made, ["group"])
        self.one(self.private, to="boss@company.example", message_id="<2@x>")
        self.assertEqual(made, ["group", "own"])

    def test_a_filter_deleted_by_another_worker_is_no_trouble(self):
        """This one has it in memory until it hears of it."""
        one = self.for_group("skip", sender="customer.example")
        self.env["mail.import.filter"]._scopes_of(self.support)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM mail_import_filter WHERE id = %s", [one.id])
        self.assertEqual(self.one().state, "stored")

    def test_a_folder_deleted_by_another_worker_is_no_trouble(self):
        folder = self.env["mail.import.folder"].create(
            {"name": "Gone", "mailbox_id": self.support.id}
        )
        self.for_group("folder", sender="customer.example", folder_id=folder.id, star=True)
        self.env["mail.import.filter"]._scopes_of(self.support)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM mail_import_folder WHERE id = %s", [folder.id])
        mail = self.one()
        self.assertEqual((mail.state, mail.entry.folder_id), ("stored", self.inbox))
        self.assertTrue(mail.entry.starred)

    def test_only_the_last_fifty_are_kept_and_all_are_counted(self):
        one = self.for_group("skip", sender="customer.example")
        self.receive(self.support, *(build_mail(subject=f"No. {n}") for n in range(60)))
        self.assertEqual((one.caught, len(one.catch_ids)), (60, 50))
        self.env["mail.import.filter.catch"]._gc_old()
        self.assertEqual(self.env["mail.import.filter.catch"].search_count([]), 50)
        self.assertEqual((one.caught, one.catch_ids[:1].subject), (60, "No. 59"))
        self.one(subject="One more")
        self.env.invalidate_all()
        self.assertEqual(one.caught, 61)

    def test_a_folder_that_is_not_announced_is_silent(self):
        folder = self.env["mail.import.folder"].create(
            {"name": "Notes", "mailbox_id": self.support.id}
        )
        self.for_group("folder", sender="customer.example", folder_id=folder.id)
        self.assertFalse(self.one().silent)
        folder.skip_notification = True
        self.assertTrue(self.one(text="Another").silent)

    def test_nobody_is_notified_of_what_a_filter_hushes(self):
        task = self.env["project.task"].create(
            {"name": "Order", "project_id": self.project.id, "partner_id": self.customer.id}
        )
        task.message_subscribe(self.agent.partner_id.ids)
        for silent in (False, True):
            if silent:
                self.for_group("keep", sender="customer.example", silent=True)
            mail = self.one(subject=f"[TASK-{task.id}] {silent}")
            message = self.links(mail.email).message_id
            self.assertTrue(message)
            told = self.agent.partner_id in message.notification_ids.res_partner_id
            self.assertEqual(told, not silent)
