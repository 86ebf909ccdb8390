"""Rehearsals: what they tell is what the fetch then does, and nothing stays of them."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.mail_task_import.models import mailbox_rehearsing
from odoo.addons.mail_task_import.models.mailbox_fetch import READING_LOCK
from odoo.addons.mail_task_import.models.rehearsal import KEPT
from odoo.addons.mail_task_import.rehearsing import Notes, rehearsing

from .common import NOW, ServerCase, build_mail
from .rules_common import RuleMakers


class RehearsalCase(RuleMakers, ServerCase):
    def rehearse(self, user=None, mailbox=None, rule=None):
        mailbox = (mailbox or self.support).with_user(user or self.agent)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            if rule:
                action = rule.with_user(user or self.agent).action_rehearse()
            else:
                action = mailbox.action_rehearse()
        return self.env[action["res_model"]].with_user(user or self.agent).browse(action["res_id"])

    def told(self, rehearsal):
        """``{kind: number}`` of the new mail, or of the known where there is no new."""
        return self.count_of(rehearsal, rehearsal.again)

    def count_of(self, rehearsal, known):
        numbers = Counter()
        for kind in rehearsal.kind_ids.filtered(lambda one: one.again == known):
            numbers[kind.kind] += kind.count
        return dict(numbers)

    def happened(self, mailbox=None):
        """The same of what is in the mailbox after a fetch, asked of the database."""
        self.env.invalidate_all()
        numbers = Counter()
        for location in self.locations(mailbox or self.support):
            email = location.entry_id.email_id
            links = self.links(email)
            folder = location.entry_id.folder_id.kind
            ends = {"trash": "trashed", "archive": "archived", "own": "filed"}.get(folder)
            if location.outcome != "stored":
                numbers[{"duplicate": "known"}.get(location.outcome, location.outcome)] += 1
            elif folder == "trash" or (ends and not links):
                numbers[ends] += 1
            elif links:
                numbers["made" if links.filtered("made_record") else "linked"] += 1
            else:
                numbers["proposed" if email.link_ids else "unlinked"] += 1
        return dict(numbers)

    def fill(self):
        """Threads, doubles, strangers, known contacts, old mail, a machine's, our own."""
        self.env["res.partner"].create({"name": "Bob", "email": "bob@customer.example"})
        mails = [
            build_mail(subject="One", sender="Sam <sam@new.example>", message_id="<1@x.example>"),
            build_mail(
                subject="Re: One",
                sender="Tom <tom@new.example>",
                message_id="<2@x.example>",
                in_reply_to="<1@x.example>",
            ),
            build_mail(subject="Known", message_id="<3@x.example>"),
            build_mail(subject="Known", message_id="<3@x.example>"),
            build_mail(subject="Known", message_id="<3@x.example>", text="Something else."),
            build_mail(
                subject="Machine", message_id="<4@x.example>", Auto_Submitted="auto-replied"
            ),
            build_mail(subject="Bob", sender="bob@customer.example", message_id="<5@x.example>"),
            build_mail(subject="Again", sender="sam@new.example", message_id="<6@x.example>"),
        ]
        for raw in mails:
            self.deliver(self.support, raw)
        for number in range(3):
            old = build_mail(subject=f"Old {number}", minutes_ago=1440 * 30 + number)
            self.deliver(self.support, old, date=NOW - timedelta(days=30, minutes=number))
        very_old = build_mail(subject="Too old", minutes_ago=1440 * 200)
        self.deliver(self.support, very_old, date=NOW - timedelta(days=200))

    def everything(self):
        """How much there is of whatever an import leaves."""
        self.env.invalidate_all()
        names = str.split(
            "mail.import.email mail.import.entry mail.import.link mail.import.location "
            "mail.import.claim mail.import.quarantine mail.import.reference project.task crm.lead "
            "mail.message mail.mail mail.notification res.partner bus.bus ir.attachment"
        )
        counts = {name: self.env[name].sudo().search_count([]) for name in names}
        folder = self.support.remote_folder_ids
        place = folder.read(["uidvalidity", "last_uid", "backfill_uid", "waiting", "attempts"])
        return counts, place, self.support.state, self.support.act_since


@tagged("post_install", "-at_install")
class TestRehearsal(RehearsalCase):
    def assert_same(self):
        before = self.everything()
        rehearsal = self.rehearse()
        self.assertEqual(self.everything(), before)
        self.assertEqual(rehearsal.ending, "complete")
        self.assertIsNone(self.fetch(self.support))
        self.assertEqual(self.told(rehearsal), self.happened())
        return rehearsal

    def test_the_fetch_gives_the_same_numbers_without_a_target(self):
        self.fill()
        rehearsal = self.assert_same()
        self.assertIn("link", rehearsal.summary)

    def test_the_fetch_gives_the_same_numbers_with_records_and_history(self):
        self.fill()
        self.support.fetch_since = (NOW - timedelta(days=60)).date()
        self.support.default_target_id = self.task
        self.support.default_project_id = self.project
        rehearsal = self.assert_same()
        self.assertGreaterEqual(self.told(rehearsal)["made"], 4)

    def test_the_fetch_gives_the_same_numbers_where_senders_join(self):
        self.fill()
        self.support.write({"default_target_id": self.task.id, "join": True})
        self.support.default_project_id = self.project
        self.assert_same()

    def test_a_mailbox_that_is_not_active_yet_is_rehearsed_as_if_it_were(self):
        self.fill()
        self.support.write({"state": "draft", "act_since": False, "default_target_id": self.task})
        self.support.default_project_id = self.project
        rehearsal = self.rehearse(self.administrator)
        self.assertEqual(self.support.state, "draft")
        self.assertFalse(self.support.act_since)
        self.assertFalse(self.locations(self.support))
        self.assertEqual(rehearsal.ending, "complete")

    def test_it_begins_where_the_last_fetch_ended(self):
        self.fill()
        self.fetch(self.support)
        self.deliver(self.support, build_mail(subject="Newcomer"))
        self.assertEqual(self.told(self.rehearse()), {"linked": 1})

    def test_without_mail_there_is_nothing_to_tell(self):
        rehearsal = self.rehearse()
        self.assertEqual((self.told(rehearsal), rehearsal.again), ({}, False))
        self.assertIn("no mail", rehearsal.summary)

    def test_nobody_is_told_and_nothing_is_sent(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        self.deliver(self.support, build_mail(subject="Q", message_id="<q@x.example>"))
        self.fetch(self.support)
        lead = self.record(self.entries(self.support).email_id)
        lead.message_subscribe((self.agent.partner_id | self.customer).ids)
        self.sink.clear()
        self.deliver(
            self.support,
            build_mail(subject="Re: Q", message_id="<a@x.example>", in_reply_to="<q@x.example>"),
        )
        before = self.everything()
        self.assertEqual(self.told(self.rehearse()), {"linked": 1})
        self.assertEqual(self.everything(), before)
        with self.dovecot.client(self.support.address) as client:
            client.select_folder("INBOX")
            self.assertEqual(len(client.search("UNSEEN")), 2)
        self.assertFalse(self.sink.messages())

    def test_examples_tell_where_the_mail_goes(self):
        self.support.default_target_id = self.env.ref("mail_task_import.target_lead")
        self.deliver(self.support, build_mail(subject="Offer, please"))
        team = self.env["crm.team"].create({"name": "Sellers"})
        self.support.default_team_id = team
        (example,) = self.rehearse().example_ids
        self.assertEqual(example.subject, "Offer, please")
        self.assertIn("ann@customer.example", example.sender)
        self.assertEqual((example.kind, example.goes_to), ("made", "Offer, please · Sellers"))
        self.assertEqual(example.decided_by, "Default of the mailbox")
        self.assertIn("the mailbox says what such mail becomes", example.why)

    def test_the_name_of_a_record_is_told_only_to_who_may_read_it(self):
        lead = self.env["crm.lead"].create(
            {"name": "Secret deal", "type": "opportunity", "partner_id": self.customer.id}
        )
        self.support.member_ids |= self.colleague
        self.deliver(self.support, build_mail(subject="News"))
        (example,) = self.rehearse().example_ids
        self.assertEqual((example.res_id, example.goes_to), (lead.id, "Secret deal"))
        self.assertEqual(
            example.with_user(self.colleague).goes_to, "A record that you may not read"
        )


@tagged("post_install", "-at_install")
class TestRehearsalOfRules(RehearsalCase):
    def test_a_rule_is_rehearsed_before_it_is_switched_on(self):
        rule = self.rule(keyword="complaint", active=False)
        self.deliver(self.support, build_mail(subject="A complaint"))
        self.deliver(self.support, build_mail(subject="Praise"))
        self.assertEqual(self.told(self.rehearse()), {"linked": 2})
        rehearsal = self.rehearse(self.owner, rule=rule)
        self.assertEqual(self.told(rehearsal), {"linked": 1, "made": 1})
        self.assertFalse(rule.active)
        self.assertEqual(self.told(self.rehearse()), {"linked": 2})
        rule.active = True
        self.fetch(self.support)
        self.assertEqual(self.happened(), {"linked": 1, "made": 1})

    def test_no_other_mailbox_than_those_of_the_rule_is_rehearsed(self):
        manager = self._employee(
            "manager", "manager@company.example", "project.group_project_manager"
        )
        self.support.member_ids |= manager
        self._mailbox("group", "sales@company.example", member_ids=manager.ids)
        rule = self.rule(keyword="complaint")
        rule.sudo().owner_id = manager
        self.support.member_ids -= manager
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "no mailbox of this rule"):
            rule.with_user(manager).action_rehearse()

    def test_again_it_is_rehearsed_with_the_rule_by_who_may_read_that(self):
        rule = self.rule(keyword="complaint", active=False)
        self.deliver(self.support, build_mail(subject="A complaint"))
        rehearsal = self.rehearse(self.owner, rule=rule)
        for user, kind in ((self.owner, "made"), (self.agent, "linked")):
            self.env.flush_all()
            with self.enter_registry_test_mode():
                action = rehearsal.with_user(user).action_again()
            again = rehearsal.browse(action["res_id"])
            self.assertEqual(self.told(again), {kind: 1})

    def test_readers_are_told_which_rule_it_is(self):
        self.rule(keyword="complaint")
        self.deliver(self.support, build_mail(subject="A complaint"))
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.kind_ids.decided_by, "Complaints")
        self.assertIn("“Complaints” holds", rehearsal.example_ids.why)

    def test_who_would_be_assigned_is_told_and_no_turn_is_taken(self):
        distribution = self.env["mail.import.distribution"].create(
            {
                "name": "Agents",
                "way": "round_robin",
                "user_ids": (self.agent | self.owner).ids,
            }
        )
        self.rule(keyword="complaint")
        self.support.distribution_id = distribution
        for number in range(4):
            self.deliver(self.support, build_mail(subject=f"complaint {number}"))
        first = self.rehearse().example_ids
        self.assertEqual(len(first.user_ids), 2)
        self.assertFalse(self.env["mail.import.distribution.turn"].search([]))
        again = self.rehearse().example_ids
        self.assertEqual(
            [example.user_ids for example in again], [example.user_ids for example in first]
        )
        self.fetch(self.support)
        self.env.invalidate_all()
        made = {task.name: task.user_ids for task in self.project.task_ids}
        self.assertEqual(made, {example.title: example.user_ids for example in first})

    def test_filtered_mail_is_told_and_counted_by_nobody(self):
        Filter = self.env["mail.import.filter"].with_user(self.owner)
        one = Filter.create(
            {"scope": "global", "name": "Offers", "subject": "cheap", "destination": "skip"}
        )
        self.deliver(self.support, build_mail(subject="Cheap pills"))
        self.deliver(self.support, build_mail(subject="Hello"))
        rehearsal = self.rehearse()
        self.assertEqual(self.told(rehearsal), {"filtered": 1, "linked": 1})
        self.assertFalse(self.env["mail.import.filter.catch"].search([("filter_id", "=", one.id)]))
        self.fetch(self.support)
        self.assertEqual(self.told(rehearsal), self.happened())
        self.assertIn("1 filtered", rehearsal.summary)
        example = rehearsal.example_ids.filtered(lambda one: one.kind == "filtered")
        self.assertEqual(example.decided_by, "Offers")
        self.assertIn("The filter “Offers” caught it: skipped", example.why)

    def test_mail_that_filters_file_is_told_by_where_it_ends(self):
        folder = self.env["mail.import.folder"].create(
            {"name": "Orders", "mailbox_id": self.support.id}
        )
        self.env["mail.import.filter"].with_user(self.owner).create(
            [
                {"scope": "global", "name": name, "subject": name, "destination": destination}
                for name, destination in (("spam", "trash"), ("old", "archive"))
            ]
            + [
                {
                    "scope": "group",
                    "mailbox_id": self.support.id,
                    "name": "shop",
                    "subject": "order",
                    "destination": "folder",
                    "folder_id": folder.id,
                }
            ]
        )
        for subject in ("Spam", "More spam", "An old thing", "Your order", "Hello"):
            self.deliver(self.support, build_mail(subject=subject, sender="sam@new.example"))
        # linked by the address of its sender, and thrown away all the same
        self.deliver(self.support, build_mail(subject="Spam of Ann"))
        self.deliver(self.support, build_mail(subject="Ann's order"))
        rehearsal = self.rehearse()
        self.assertEqual(
            self.told(rehearsal),
            {"trashed": 3, "archived": 1, "filed": 1, "unlinked": 1, "linked": 1},
        )
        self.assertEqual(
            rehearsal.summary,
            "1 link, 1 stay in the inbox, 1 put in folders, 1 archived, 3 put in the trash",
        )
        decided = {kind.kind: kind.decided_by for kind in rehearsal.kind_ids}
        self.assertEqual(
            [decided[kind] for kind in ("trashed", "archived", "filed")], ["spam", "old", "shop"]
        )
        self.fetch(self.support)
        self.assertEqual(self.told(rehearsal), self.happened())

    def test_the_folder_of_a_mailbox_is_told_too(self):
        folder = self.env["mail.import.folder"].create(
            {"name": "Incoming", "mailbox_id": self.support.id}
        )
        self.support.local_folder_id = folder
        self.deliver(self.support, build_mail(subject="Hello", sender="sam@new.example"))
        rehearsal = self.rehearse()
        self.assertEqual(rehearsal.kind_ids.decided_by, "Folder of the mailbox")
        self.assertEqual(rehearsal.example_ids.goes_to, "folder “Incoming”")
        self.fetch(self.support)
        self.assertEqual(self.told(rehearsal), {"filed": 1})
        self.assertEqual(self.happened(), {"filed": 1})


@tagged("post_install", "-at_install")
class TestRehearsalsMeet(RehearsalCase):
    def test_a_mailbox_that_is_being_read_is_not_rehearsed(self):
        with self.registry.cursor() as elsewhere:
            elsewhere.execute("SELECT pg_advisory_lock(%s, %s)", [READING_LOCK, self.support.id])
            try:
                with self.assertRaisesRegex(UserError, "being read just now"):
                    self.rehearse()
            finally:
                elsewhere.execute(
                    "SELECT pg_advisory_unlock(%s, %s)", [READING_LOCK, self.support.id]
                )

    def test_it_ends_where_the_time_is_over_and_says_so(self):
        self.deliver(self.support, build_mail(subject="One"))
        with patch.object(mailbox_rehearsing, "REHEARSAL_SECONDS", -1):
            rehearsal = self.rehearse()
        self.assertEqual((rehearsal.ending, rehearsal.taken), ("time", 0))
        self.assertIn("The first 0 of", rehearsal.reach)

    def test_it_gives_way_to_who_waits_for_it(self):
        for number in range(3):
            self.deliver(self.support, build_mail(subject=f"No. {number}"))
        Mailbox = self.env.registry["mail.import.mailbox"]
        with patch.object(Mailbox, "_is_somebody_waiting", lambda _mailbox: True):
            rehearsal = self.rehearse()
        self.assertEqual((rehearsal.ending, rehearsal.taken), ("waiting", 3))
        self.assertIn("Rehearse once more", rehearsal.reach)
        self.assertFalse(self.entries(self.support))

    def test_a_closed_server_is_told_in_words(self):
        self.support.port = 1
        with self.assertRaisesRegex(UserError, "nothing listens"):
            self.rehearse()


@tagged("post_install", "-at_install")
class TestRehearsalsAccess(RehearsalCase):
    def setUp(self):
        super().setUp()
        self.deliver(self.support, build_mail(subject="For readers only"))
        self.rehearsal = self.rehearse()

    def test_readers_see_examples_and_administrators_numbers(self):
        self.assertEqual(self.rehearsal.example_ids.subject, "For readers only")
        example = self.rehearsal.example_ids.with_user(self.administrator)
        self.env.invalidate_all()
        seen = self.rehearsal.with_user(self.administrator)
        self.assertEqual(seen.kind_ids.count, 1)
        self.assertFalse(seen.example_ids)
        with self.assertRaises(AccessError):
            example.read(["subject"])

    def test_colleagues_and_portal_users_see_nothing(self):
        portal = self._employee("portal", "portal@customer.example", "base.group_portal")
        for user in (self.colleague, portal):
            for records in (
                self.rehearsal,
                self.rehearsal.kind_ids,
                self.rehearsal.example_ids,
            ):
                with self.assertRaises(AccessError):
                    records.with_user(user).read(["display_name"])
            with self.assertRaises(AccessError):
                self.rehearse(user)

    def test_nobody_writes_them(self):
        for user in (self.agent, self.administrator):
            with self.assertRaises(AccessError):
                self.rehearsal.with_user(user).taken = 7
            with self.assertRaises(AccessError):
                self.rehearsal.with_user(user).unlink()

    def test_only_the_owner_sees_and_rehearses_a_personal_mailbox(self):
        own = self._mailbox("personal", "boss@company.example", owner_id=self.boss.id)
        self._at_server(own)
        self.deliver(own, build_mail(subject="Private", to="boss@company.example"))
        rehearsal = self.rehearse(self.boss, own)
        self.assertEqual(rehearsal.example_ids.subject, "Private")
        with self.assertRaises(AccessError):
            rehearsal.example_ids.with_user(self.administrator).read(["subject"])
        with self.assertRaises(AccessError):
            self.rehearse(self.agent, own)


@tagged("post_install", "-at_install")
class TestNothingStays(RehearsalCase):
    """What no rollback would take back."""

    def test_no_number_of_a_sequence_is_used_up(self):
        sequences = self.env["ir.sequence"].create(
            [
                {"name": "Plain", "number_next": 27, "prefix": "HT", "padding": 5},
                {"name": "No gap", "number_next": 5, "implementation": "no_gap"},
                {"name": "By year", "use_date_range": True},
            ]
        )
        self.env.flush_all()
        with self.enter_registry_test_mode(), rehearsing(self.env, Notes()) as env:
            rehearsed = [
                (one.next_by_id(), one.next_by_id()) for one in sequences.with_env(env).exists()
            ]
        self.env.invalidate_all()
        really = [(one.next_by_id(), one.next_by_id()) for one in sequences]
        self.assertEqual(really, [("HT00027", "HT00028"), ("5", "6"), ("1", "2")])
        self.assertEqual(rehearsed, really)

    def test_no_file_stays_in_the_filestore(self):
        content = b"only in this rehearsal " * 1000
        self.support.write({"default_target_id": self.task.id})
        self.support.default_project_id = self.project
        raw = build_mail("With a file", attachments=[("a.txt", content, "text/plain")])
        self.deliver(self.support, raw)
        before = self.files()
        self.assertEqual(self.told(self.rehearse()), {"made": 1})
        self.assertEqual(self.files(), before)

    def files(self):
        root = Path(self.env["ir.attachment"]._filestore())
        return {f for f in root.rglob("*") if f.is_file() and "checklist" not in f.parts}

    def test_the_last_rehearsals_of_each_mailbox_stay(self):
        values = {"mailbox_id": self.support.id, "ending": "complete"}
        ours = self.env["mail.import.rehearsal"].create([values] * (KEPT + 2))
        other = self._mailbox("group", "sales@company.example")
        theirs = ours.create({**values, "mailbox_id": other.id})
        newest = self.rehearse()
        self.assertEqual((newest | ours | theirs).exists(), newest | ours[3:] | theirs)

    def test_whoever_reads_no_mailbox_of_the_rule_any_more_is_told_so(self):
        manager = self._manager_of(self.project)
        rule = self.rule("Mine", by=manager, keyword="x")
        self.support.member_ids -= manager
        for action in (rule.action_rehearse, rule.action_test):
            with self.assertRaisesRegex(UserError, "no mailbox of this rule"):
                action()
