"""Mail import as TrackStudio has it, without what goes wrong there.

A rule has a keyword (a regular expression) and a place to search it, domains of senders, a parent
task, a category, and a switch for unknown senders, in whose place its owner stands. There a pattern
is put into small letters (no digit, \\D, becomes a digit), #12 in a subject opens task 12 to any
user, a bounce is deleted, a mail that comes twice makes two tasks, and one that fails is lost.
"""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import build_mail
from .scenario_common import PASS, ScenarioCase

STRANGER = "Sam Stranger <sam@stranger.example>"


@tagged("post_install", "-at_install")
class TestFromTrackStudio(ScenarioCase):
    def setUp(self):
        super().setUp()
        self.orders = self.rule(
            "Orders",
            keyword=r"order\s+(?P<order>\d+)",
            keyword_kind="regex",
            keyword_in="subject_body",
            sender_domains="customer.example; partner.example",
            unknown_sender="refuse",
            number_pattern="#{number}",
            values=[{"field_name": "user_ids", "res_id": self.agent.id}],
        )

    def test_keyword_and_domain_make_a_task_with_its_handler_and_files(self):
        task = self.made(
            build_mail(
                subject="About ORDER 4711",
                attachments=[("log.txt", b"it broke at noon", "text/plain")],
            )
        )
        self.assertEqual((task.project_id, task.user_ids), (self.project, self.agent))
        self.assertEqual(task.name, "About ORDER 4711")
        self.assertEqual(task.partner_id, self.customer)
        self.assertEqual(task.message_ids.attachment_ids.mapped("raw"), [b"it broke at noon"])

    def test_a_keyword_in_the_text_counts_and_other_domains_do_not(self):
        self.assertTrue(self.made(build_mail(subject="Hello", text="It is about order 12.")))
        contact = self.env["res.partner"].create({"name": "Bo", "email": "bo@other.example"})
        email = self.arrive(build_mail(subject="Order 12", sender=contact.email_formatted))
        self.assertFalse(email.link_ids.filtered("made_record"))
        self.assertTrue(email.entry_ids, "it is in the inbox all the same")

    def test_a_pattern_means_what_it_says(self):
        """Small letters would turn "no digit" into "a digit"."""
        self.rule("Codes", keyword=r"code \D{3}$", keyword_kind="regex", keyword_in="subject")
        self.assertTrue(self.made(build_mail(subject="Code ABC")))
        email = self.arrive(build_mail(subject="Code 123"))
        self.assertFalse(email.link_ids.filtered("made_record"))

    def test_a_mail_without_subject_is_named_after_the_rule(self):
        self.assertEqual(self.made(build_mail(subject="", text="order 5")).name, "Orders")

    # -- unknown senders ------------------------------------------------------------------------

    def test_an_unknown_sender_is_refused_and_the_mail_kept(self):
        self.orders.sender_domains = False
        email = self.arrive(build_mail(subject="Order 9", sender=STRANGER))
        self.assertFalse(self.tasks())
        self.assertIn("Orders", email.entry_ids.with_user(self.agent).why_here)

    def test_the_owner_stands_in_and_the_address_is_kept(self):
        self.orders.write({"sender_domains": False, "unknown_sender": "owner"})
        partners = self.env["res.partner"].search_count([])
        task = self.made(build_mail(subject="Order 9", sender=STRANGER))
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        (message,) = task.message_ids.filtered("email_from")
        self.assertIn("sam@stranger.example", message.email_from)
        self.assertFalse(message.author_id)
        self.assertNotIn(self.manager.partner_id, task.message_partner_ids)

    def test_an_unknown_sender_gets_an_account_that_opens_that_task_only(self):
        self.project.privacy_visibility = "portal"
        self.orders.write({"sender_domains": False, "unknown_sender": "portal"})
        other = self.made(build_mail(subject="Order 8"))
        vouched = PASS.format(domain="stranger.example")
        task = self.made(
            build_mail(subject="Order 9", sender=STRANGER, Authentication_Results=vouched)
        )
        user = task.partner_id.user_ids
        self.assertTrue(user.share)
        self.assertTrue(task.with_user(user).has_access("read"))
        self.assertFalse(other.with_user(user).has_access("read"))

    def test_an_owner_without_rights_stops_the_rule_and_loses_no_mail(self):
        self.manager.group_ids = self.env.ref("base.group_user")
        email = self.arrive(build_mail(subject="Order 9"))
        self.assertTrue(self.orders.stopped)
        self.assertIn("may not make", self.orders.stopped_reason)
        self.assertFalse(email.link_ids.filtered("made_record"))
        self.assertTrue(email.entry_ids)

    def test_a_colleague_who_may_not_make_tasks_makes_none(self):
        self.orders.sender_domains = False
        email = self.arrive(
            build_mail(
                subject="Order 9",
                sender="Colleague <colleague@company.example>",
                Authentication_Results=PASS.format(domain="company.example"),
            )
        )
        self.assertFalse(self.tasks())
        self.assertIn("Orders", email.entry_ids.with_user(self.agent).why_here)

    # -- numbers --------------------------------------------------------------------------------

    def test_a_number_takes_who_takes_part_and_nobody_else(self):
        task = self.made(build_mail(subject="Order 1"))
        said = task.message_ids
        stranger = self.arrive(build_mail(subject=f"Re: #{task.id}", sender=STRANGER))
        self.assertNotIn(task, [link._get_record() for link in stranger.link_ids])
        self.assertEqual(task.message_ids, said)
        self.arrive(build_mail(subject=f"By phone: #{task.id}", text="It works again"))
        answer = task.message_ids - said
        self.assertEqual(answer.author_id, self.customer)
        self.assertFalse(answer.is_internal or answer.subtype_id.internal)
        self.assertEqual(self.tasks(), task)

    def test_in_anothers_name_a_number_makes_a_marked_note_that_outsiders_do_not_get(self):
        task = self.made(build_mail(subject="Order 1"))
        forged = self.arrive(
            build_mail(
                subject=f"Me again #{task.id}",
                Authentication_Results=(
                    "mx.company.example; dmarc=fail header.from=customer.example"
                ),
            )
        )
        (link,) = forged.link_ids
        self.assertTrue(link.message_id.subtype_id.internal)
        self.assertFalse(link.message_id.author_id)
        self.assertEqual(link.message_id.mail_import_unverified, "failed")

    # -- neither twice nor never ----------------------------------------------------------------

    def test_what_comes_twice_is_one_task(self):
        raw = build_mail(subject="Order 1", message_id="<one@customer.example>")
        self.arrive(raw, raw)
        self.arrive(raw)
        self.support.remote_folder_ids._restart(0)
        self.arrive()
        self.assertEqual(len(self.tasks()), 1)
        self.assertEqual(len(self.entries(self.support)), 1)

    def test_what_cannot_be_made_is_in_the_inbox_and_is_made_later(self):
        """The database refuses the second of three; the other two become tasks."""
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE project_task ADD CONSTRAINT quiet CHECK (name NOT LIKE '%boom%')"
        )
        with mute_logger("odoo.sql_db", "odoo.addons.mail_task_import.models"):
            emails = self.arrive(
                *(build_mail(subject=f"Order {word}") for word in ("1", "2 boom", "3"))
            )
        self.assertEqual(self.tasks().mapped("name"), ["Order 1", "Order 3"])
        failed = emails.filtered(lambda email: "boom" in email.subject)
        entry = failed.entry_ids.with_user(self.agent)
        self.assertIn("Orders", entry.why_here)
        self.assertTrue(entry.has_original)
        self.env.cr.execute("ALTER TABLE project_task DROP CONSTRAINT quiet")
        failed.link_ids.unlink()
        entry.action_process_again()
        self.assertEqual(self.tasks().mapped("name"), ["Order 1", "Order 3", "Order 2 boom"])

    def test_a_bounce_is_kept(self):
        email = self.arrive(
            build_mail(
                subject="Undelivered: order 17",
                sender="MAILER-DAEMON@customer.example",
                Return_Path="<>",
                Auto_Submitted="auto-replied",
            )
        )
        self.assertFalse(self.tasks())
        self.assertEqual(email.entry_ids.folder_id.kind, "inbox")

    def test_the_order_is_that_of_the_list(self):
        """There all rules without a keyword come after those with one, whatever their order."""
        everything = self.rule("Everything of theirs", sender_domains="customer.example")
        everything.sequence = self.orders.sequence - 1
        email = self.arrive(build_mail(subject="Order 1"))
        self.assertEqual(email.link_ids.rule_id, everything)
