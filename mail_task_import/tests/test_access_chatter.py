"""Mail in chatters: who reads it there, who is told of it, and who reads it through its link."""

from odoo.tests import tagged

from .common import build_mail
from .test_access_common import SECRET, AccessCase

FILE = ("contract.txt", b"signed and sealed", "text/plain")


class ChatterCase(AccessCase):
    """A customer's mail reaches a task by its address: published as an internal note."""

    def setUp(self):
        super().setUp()
        self.support.default_target_id = False
        self.task = self.env["project.task"].create(
            {
                "name": "Broken lamp",
                "project_id": self.project.id,
                "partner_id": self.customer.id,
                "user_ids": False,
            }
        )
        self.watching = self.env["res.partner"].create(
            {"name": "Outside", "email": "outside@elsewhere.example"}
        )
        self.task.message_subscribe(
            (self.portal.partner_id | self.customer | self.watching | self.reader.partner_id).ids
        )
        self.env["mail.notification"].search([]).unlink()

    def noted(self, **values):
        values.setdefault("attachments", [FILE])
        (link,) = self.links(self.asked(**values))
        self.assertEqual(link._get_record(), self.task)
        self.assertTrue(link.message_id and link._is_note())
        return link


@tagged("post_install", "-at_install")
class TestNotes(ChatterCase):
    def test_a_note_is_read_by_employees_who_read_the_record(self):
        message = self.noted().message_id
        self.assertShownTo(self.reader | self.agent, message, "body")

    def test_a_note_is_read_by_nobody_else_whatever_they_follow(self):
        self.assertTrue(self.as_user(self.task, self.portal).has_access("read"))
        message = self.noted().message_id
        for field in ("body", "subject", "email_from", "preview"):
            self.assertHiddenFrom(
                self.stranger | self.portal | self.mail_administrator | self.administrator,
                message,
                field,
            )

    def test_a_note_is_not_read_by_the_outsider_who_is_its_author(self):
        self.customer.email = "old@customer.example"
        self.portal.partner_id.email = "ann@customer.example"
        self.task.partner_id = self.portal.partner_id
        message = self.noted().message_id
        self.assertEqual(message.author_id, self.portal.partner_id)
        self.assertHiddenFrom(self.portal, message, "body")
        mine = self.as_user(message, self.portal)
        self.assertRefused(lambda: mine.write({"body": "x"}))
        self.assertRefused(mine.unlink)

    def test_no_other_model_leads_to_a_note(self):
        """The host fetches messages unchecked wherever they are reached through a record."""
        message = self.noted().message_id
        notices = message.notification_ids
        self.assertTrue(notices)
        for user in self.outsiders - self.portal - self.stranger:
            Notice = self.as_user(notices.browse(), user)
            self.assertFalse(
                self.answer(
                    lambda N=Notice: N.search([("mail_message_id.body", "ilike", "Bluebird")])
                )
            )
            theirs = self.as_user(notices, user)
            self.assertNotIn(
                SECRET, repr(self.answer(lambda t=theirs: t.export_data(["mail_message_id/body"])))
            )
            self.assertNotIn(
                SECRET,
                repr(
                    self.answer(
                        lambda t=theirs: t.web_read({"mail_message_id": {"fields": {"body": {}}}})
                    )
                ),
            )

    def test_a_queued_mail_has_no_name_for_who_reads_only_its_notification(self):
        """Employees read all notifications; the host names the mail behind one by its subject."""
        message = self.noted(subject=SECRET).message_id
        mail = self.env["mail.mail"].create({"mail_message_id": message.id})
        notice = message.notification_ids[:1]
        notice.mail_mail_id = mail
        self.assertIn(SECRET, mail.display_name)
        for user in self.outsiders - self.portal - self.stranger:
            theirs = self.as_user(notice, user)
            self.assertNotIn(SECRET, repr(self.answer(lambda t=theirs: t.read(["mail_mail_id"]))))

    def test_no_outsider_guesses_a_note_by_a_search_for_who_has_it(self):
        """The host searches messages of records without asking who reads them."""
        partner = self.portal.partner_id
        partner.message_post(
            body="Greenfinch", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        partner.message_post(
            body="Bluebird",
            subject="Bluebird",
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            attachments=[("Bluebird.txt", b"x")],
        )
        for path in ("message_ids", "website_message_ids"):
            for field in ("body", "subject", "attachment_ids.name"):
                self.assertFalse(self.found(self.portal, partner, f"{path}.{field}", "Bluebird"))
                self.assertTrue(self.found(self.reader, partner, f"{path}.{field}", "Bluebird"))
            self.assertTrue(self.found(self.portal, partner, f"{path}.body", "Greenfinch"))
        path = "partner_id.message_ids.body"
        self.assertFalse(self.found(self.portal, self.portal, path, "Bluebird"))
        self.assertTrue(self.found(self.portal, self.portal, path, "Greenfinch"))

    def found(self, user, record, path, word):
        domain = [("id", "=", record.id), (path, "ilike", word)]
        return self.as_user(record.browse(), user).search(domain)

    def test_files_of_a_note_are_no_outsiders(self):
        files = self.noted().message_id.attachment_ids
        self.assertTrue(files)
        self.assertHiddenFrom(
            self.stranger | self.portal | self.mail_administrator | self.administrator, files, "raw"
        )
        self.assertShownTo(self.reader, files, "raw")

    def test_a_note_tells_employees_with_access_and_never_an_outsider(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        far = self._employee("far", "far@elsewhere.example", "project.group_project_user")
        far.write({"company_ids": [(6, 0, elsewhere.ids)], "company_id": elsewhere.id})
        self.project.company_id = self.env.company
        self.task.message_subscribe(far.partner_id.ids)
        self.assertFalse(self.as_user(self.task, far).has_access("read"))
        message = self.noted().message_id
        employees = (self.reader | self.agent).partner_id
        self.assertEqual(self.notified(message), employees)
        self.assertEqual(message.partner_ids, employees)
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertLessEqual(mails.recipient_ids, employees)
        self.assertFalse(mails.filtered("email_to"))

    def test_a_note_subscribes_nobody(self):
        before = self.task.message_partner_ids
        self.noted(Cc="boss@company.example, ann@customer.example, agent@company.example")
        self.assertEqual(self.task.message_partner_ids, before)
        self.assertFalse(self.task.user_ids)

    def test_mails_that_tell_of_a_note_are_no_administrators(self):
        """The queue of outgoing mail is theirs, what it says of other people's mail is not."""
        self.reader.notification_type = "email"
        message = self.noted().message_id
        mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertTrue(mails)
        for field in ("body_html", "body", "subject"):
            self.assertHiddenFrom(self.outsiders, mails, field)

    def test_an_answer_to_a_note_stays_a_note(self):
        self.noted(message_id="<n1@customer.example>")
        answer = self.asked("Re: lamp", in_reply_to="<n1@customer.example>", text="And now?")
        (link,) = self.links(answer)
        self.assertTrue(link._is_note())
        self.assertHiddenFrom(self.portal, link.message_id, "body")

    def test_an_answer_to_an_employees_own_note_stays_a_note(self):
        note = self.task.with_user(self.agent).message_post(
            body="Internal", subtype_xmlid="mail.mt_note"
        )
        answer = self.asked("Re: lamp", in_reply_to=note.message_id)
        self.assertTrue(self.links(answer)._is_note())


@tagged("post_install", "-at_install")
class TestLinks(ChatterCase):
    def test_a_link_is_read_by_those_who_read_its_record(self):
        link = self.noted()
        self.assertShownTo(self.reader | self.agent, link, "subject")
        self.assertHiddenFrom(self.outsiders, link, "subject")

    def test_a_link_opens_not_the_email_itself(self):
        link = self.noted()
        self.assertHiddenFrom(self.reader, link.email_id, "body_text")
        self.assertHiddenFrom(self.reader, link.email_id.entry_ids, "original")
        self.assertHiddenFrom(self.reader, link.email_id.attachment_ids, "raw")

    def test_no_export_leads_from_a_link_into_its_email(self):
        link = self.noted(Bcc="audit@company.example")
        reader = self.as_user(link, self.reader)
        self.assertTrue(reader.has_access("read"))
        for path in (
            "email_id/body_text",
            "email_id/headers",
            "email_id/entry_ids/bcc",
            "email_id/entry_ids/original",
            "email_id/attachment_ids/raw",
            "email_id/entry_ids/trace_headers",
        ):
            with self.subTest(path):
                said = repr(self.answer(lambda p=path: reader.export_data([p])))
                for word in (SECRET, "audit@", "signed and sealed", "Received", "eHBsZQ"):
                    self.assertNotIn(word, said)

    def test_a_mail_of_a_closed_mailbox_is_published_once_an_open_one_has_it(self):
        raw = build_mail(to="boss@company.example, support@company.example", text=SECRET)
        (first,) = self.receive(self.private, raw)
        link = self.links(first.email)
        self.assertHiddenFrom(self.reader, link, "subject")
        self.receive(self.support, raw)
        self.assertTrue(link.message_id)
        self.assertShownTo(self.reader, link, "subject")

    def test_who_may_not_post_in_a_record_publishes_nothing_there(self):
        partner = self.env["res.partner"].create({"name": "Somebody"})
        email = self.confided(sender="zed@nowhere.example").with_user(self.boss)
        mine = self.as_user(partner, self.boss)
        self.assertTrue(mine.has_access("read"))
        self.assertFalse(mine.has_access("write"))
        Link = self.as_user(self.env["mail.import.link"], self.boss)
        self.assertRefused(lambda: Link._link_by_hand(email, mine, True))

    def test_a_proposal_opens_nothing(self):
        link = self.noted()
        link.suggested = True
        self.assertHiddenFrom(self.reader, link, "subject")

    def test_the_links_of_a_personal_mailbox_are_its_owners_alone(self):
        email = self.confided()
        link = self.links(email)
        self.assertEqual(link._get_record(), self.task)
        self.assertFalse(link.message_id)
        self.assertHiddenFrom(self.outsiders | self.reader | self.agent, link, "subject")
        self.assertShownTo(self.boss, link, "subject")
        self.assertNotIn(SECRET, "".join(self.task.message_ids.mapped("body")))

    def test_a_personal_mailbox_makes_no_record(self):
        self.task.stage_id = False
        self.private.default_target_id = self.env.ref("mail_task_import.target_task")
        before = self.env["project.task"].search_count([])
        email = self.confided(sender="new@nowhere.example")
        self.assertFalse(email.link_ids)
        self.assertEqual(self.env["project.task"].search_count([]), before)

    def test_an_answer_to_the_boss_is_not_published_in_the_thread(self):
        self.noted(message_id="<n2@customer.example>")
        answer = self.confided("Re: lamp", in_reply_to="<n2@customer.example>")
        link = self.links(answer)
        self.assertEqual(link._get_record(), self.task)
        self.assertFalse(link.message_id)
        self.assertHiddenFrom(self.outsiders | self.reader | self.agent, link, "subject")

    def test_a_link_names_no_record_that_the_user_may_not_read(self):
        self.task.message_unsubscribe(self.agent.partner_id.ids)
        self.project.message_unsubscribe(self.agent.partner_id.ids)
        link = self.noted()
        mine = self.as_user(link, self.agent)
        self.assertTrue(mine.has_access("read"))
        self.assertFalse(mine.record_name)
        self.assertNotIn("Broken lamp", repr(mine.read(["record_name", "display_name"])))
        entry = self.as_user(link.email_id.entry_ids, self.agent)
        self.assertFalse(entry.linked_to)
        self.assertHiddenFrom(self.agent, link.message_id, "body")

    def test_counts_of_links_are_those_that_one_reads(self):
        self.noted()
        domain = [("res_model", "=", "project.task"), ("res_id", "=", self.task.id)]
        for user, count in ((self.agent, 1), (self.reader, 1), (self.administrator, 0)):
            Link = self.as_user(self.env["mail.import.link"], user)
            self.assertEqual(Link.search_count(domain), count)
            self.assertEqual(Link._read_group(domain, [], ["__count"]), [(count,)])
            self.assertEqual(len(Link._read_group(domain, ["email_id"], ["__count"])), count)

    def test_the_records_of_another_company_stay_closed(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.project.company_id = other
        link = self.noted()
        self.assertHiddenFrom(self.reader, link, "subject")
        self.assertHiddenFrom(self.reader, link.message_id, "body")
        self.assertFalse(self.as_user(link, self.agent).record_name)

    def test_a_mailbox_of_another_company_stays_closed_to_administrators(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        mailbox = self._mailbox(
            "group", "there@elsewhere.example", company_id=other.id, login="there"
        )
        self.assertHiddenFrom(self.mail_administrator | self.administrator, mailbox, "address")


@tagged("post_install", "-at_install")
class TestVisibility(ChatterCase):
    def test_tightening_closes_the_mail_that_is_there(self):
        link = self.noted()
        message = link.message_id
        self.support.visibility = "owner"
        self.assertHiddenFrom(self.reader | self.outsiders, link, "subject")
        self.assertShownTo(self.agent, link, "subject")
        self.assertFalse(message.exists(), "what is closed is taken back from the chatter")
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", "project.task"), ("res_id", "=", self.task.id)]
            )
        )
        self.assertIn(SECRET, link.email_id.body_text)
        self.assertTrue(link.email_id.attachment_ids.raw)

    def test_tightening_leaves_what_another_open_mailbox_received(self):
        sales = self._mailbox("group", "sales@company.example", member_ids=self.boss.ids)
        raw = build_mail(to="support@company.example, sales@company.example", text=SECRET)
        (mail,) = self.receive(self.support, raw)
        self.receive(sales, raw)
        self.support.visibility = "owner"
        self.assertTrue(self.links(mail.email).message_id)
        self.assertShownTo(self.reader, self.links(mail.email), "subject")

    def test_opening_does_not_reach_back(self):
        link = self.links(self.confided())
        self.private.visibility = "linked"
        self.assertHiddenFrom(self.reader | self.agent, link, "subject")

    def test_only_its_owner_opens_a_personal_mailbox(self):
        for user in (self.administrator, self.mail_administrator):
            mailbox = self.as_user(self.private, user)
            self.assertRefused(lambda m=mailbox: m.write({"visibility": "linked"}))


@tagged("post_install", "-at_install")
class TestTwins(ChatterCase):
    """A mail with the number of another one, and other content: a footer, or a forgery."""

    ID = "<same@customer.example>"

    def test_a_twin_is_read_by_its_own_readers_and_published_nowhere(self):
        real = self.noted(message_id=self.ID)
        (mail,) = self.receive(
            self.private, build_mail(message_id=self.ID, text="Pay to this account")
        )
        twin = mail.email
        self.assertEqual(twin.twin_of_id, real.email_id)
        self.assertHiddenFrom(self.agent | self.reader | self.outsiders, twin, "body_text")
        self.assertHiddenFrom(self.boss, real.email_id, "body_text")
        self.assertHiddenFrom(self.agent | self.reader, self.links(twin), "subject")
        self.assertNotIn("Pay to", "".join(self.task.message_ids.mapped("body")))

    def test_a_twin_in_the_same_mailbox_makes_no_second_record(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_task")
        self.task.unlink()
        first = self.asked(message_id=self.ID)
        before = self.env["project.task"].search_count([])
        (mail,) = self.receive(
            self.support, build_mail(message_id=self.ID, text="Pay to this account")
        )
        self.assertEqual(self.env["project.task"].search_count([]), before)
        self.assertEqual(self.record(mail.email), self.record(first))
        self.assertFalse(self.links(mail.email).message_id)
        self.assertHiddenFrom(self.reader, self.links(mail.email), "subject")

    def test_a_twin_tells_nothing_of_the_other_mail_and_outlives_it(self):
        real = self.noted(message_id=self.ID, subject="The merger")
        (mail,) = self.receive(
            self.support, build_mail(message_id=self.ID, subject="The merger", text="Pay to this")
        )
        twin = mail.email
        self.assertShownTo(self.agent, twin.entry_ids, "is_twin")
        for records in (twin, twin.entry_ids):
            self.assertNotIn("twin_of_id", self.as_user(records, self.agent).fields_get())
        real.email_id.unlink()
        self.assertEqual(twin.visibility, "owner")
        self.assertHiddenFrom(self.reader, self.links(twin), "subject")


@tagged("post_install", "-at_install")
class TestNamesOfOthers(ChatterCase):
    """A record is named to those who read it, also where the host names what points at it."""

    def test_an_owner_of_mail_is_not_told_the_name_of_its_record(self):
        sales = self._mailbox("group", "sales@company.example", member_ids=self.boss.ids)
        raw = build_mail(to="support@company.example, sales@company.example", text=SECRET)
        (mail,) = self.receive(self.support, raw)
        self.receive(sales, raw)
        link = self.links(mail.email)
        self.assertTrue(link.message_id)
        for records in (mail.email, link, mail.email.entry_ids):
            mine = self.as_user(records, self.boss)._filtered_access("read")
            self.assertTrue(mine)
            names = [name for name in mine.fields_get() if name != "reference_ids"]
            self.assertNotIn("Broken lamp", str(mine.read(names)))

    def test_a_notification_of_others_tells_not_what_a_mail_is_about(self):
        message = self.noted().message_id
        notification = message.notification_ids
        self.assertIn(self.reader.partner_id, notification.res_partner_id)
        for user in self.colleague | self.mail_administrator:
            Notification = self.as_user(notification, user)
            rows = Notification.read(["mail_message_id"])
            groups = Notification.formatted_read_group([], ["mail_message_id"])
            self.assertNotIn("Question about", f"{rows} {groups}")
        rows = self.as_user(notification, self.reader).read(["mail_message_id"])
        self.assertIn("Question about", str(rows))

    def test_who_answers_a_mail_is_not_told_the_name_of_its_record(self):
        sales = self._mailbox(
            "group", "sales@company.example", member_ids=self.boss.ids, smtp_host="127.0.0.1"
        )
        raw = build_mail(to="support@company.example, sales@company.example")
        (mail,) = self.receive(self.support, raw)
        (other,) = self.receive(sales, raw)
        task = self.links(mail.email)._get_record()
        entry = self.as_user(other.entry, self.boss)
        draft = entry.env["mail.import.email"].browse(entry.action_reply()["res_id"])
        draft.action_send()
        message = self.links(draft.sudo()).message_id
        self.assertEqual(message.author_id, self.boss.partner_id)
        self.assertIn(message, task.message_ids)
        self.assertHiddenFrom(self.boss, message, "record_name")
        self.assertShownTo(self.boss, draft, "body")
        self.assertShownTo(self.reader, message, "body")

    def test_a_notification_that_fails_names_the_record_to_who_reads_it(self):
        self.reader.notification_type = "email"
        self.task.name = "Greenfinch"
        self.customer.email = "old@customer.example"
        self.portal.partner_id.email = "ann@customer.example"
        self.task.partner_id = self.portal.partner_id
        message = self.noted().message_id
        self.assertEqual(message.author_id, self.portal.partner_id)
        for reads, user in ((False, self.portal), (True, self.agent)):
            message.author_id = user.partner_id
            self.env["bus.bus"].search([]).unlink()
            mails = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
            mails.notification_ids.notification_status = "ready"
            mails._postprocess_sent_message([], [], "no", "mail_smtp")
            self.env.cr.precommit.run()
            said = (
                self.env["bus.bus"]
                .search([])
                .filtered(
                    lambda note, user=user: f'"res.partner",{user.partner_id.id}]' in note.channel
                )
            )
            self.assertEqual("Greenfinch" in str(said.mapped("message")), reads)

    def test_who_is_named_as_its_author_reads_a_mail_through_its_record_only(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_task")
        self.customer.email = "old@customer.example"
        other = self.env["res.partner"].create({"name": "X", "email": "x@customer.example"})
        asked = self.asked(subject="Bluebird", sender="X <x@customer.example>", message_id="<q@x>")
        (mail,) = self.receive(
            self.support,
            build_mail(sender="P <portal@customer.example>", in_reply_to="<q@x>", text="Re"),
        )
        message = self.links(mail.email).message_id
        self.assertEqual(message.author_id, self.portal.partner_id)
        self.assertEqual(message.res_id, self.record(asked).id)
        self.assertHiddenFrom(self.portal, message, "record_name")
        self.record(asked).message_subscribe(self.portal.partner_id.ids)
        self.assertShownTo(self.portal, message, "body")
        self.assertTrue(other)
