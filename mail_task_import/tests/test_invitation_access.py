"""Invitations and the events that come of them are their readers': asked as everybody."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .calendar_samples import DAY
from .invitation_common import InvitationCase

SECRET = "Merger with Umbrella"
UTC_DAY = DAY.replace(tzinfo=None)


@tagged("post_install", "-at_install")
class TestInvitationAccess(InvitationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._mailbox("personal", "agent.own@company.example", owner_id=cls.agent.id)
        cls.own.write(
            {
                "smtp_host": "127.0.0.1",
                "smtp_port": cls.sink.port,
                "smtp_security": "none",
                "smtp_sign_in": False,
            }
        )
        cls.portal = new_test_user(cls.env, login="portal_user", groups="base.group_portal")
        cls.strangers = (cls.colleague, cls.boss, cls.administrator, cls.portal)

    def setUp(self):
        super().setUp()
        self.entry = self.invited(
            mailbox=self.own,
            summary=SECRET,
            attendees=("agent.own@company.example",),
            more=("LOCATION:Umbrella House", "DESCRIPTION:Umbrella pays"),
        )

    def test_nobody_else_reads_the_invitation(self):
        invitation = self.env["mail.import.invitation"].search([])
        self.assertEqual(invitation.with_user(self.agent).summary, SECRET)
        for user in self.strangers:
            with self.subTest(user.login):
                theirs = invitation.with_user(user)
                with self.assertRaises(AccessError):
                    theirs.read(["summary"])
                with self.assertRaises(AccessError):
                    self.entry.with_user(user).read(["invitation"])
                if user != self.portal:
                    self.assertFalse(theirs.search([("summary", "ilike", "Merger")]))
                    self.assertNotIn(SECRET, theirs.display_name)

    def test_nobody_else_answers_it(self):
        for user in self.strangers:
            entry = self.entry.with_user(user)
            for method, *args in (
                ("answer_invitation", "ACCEPTED"),
                ("answer_invitation", "DECLINED", "", "ann@customer.example"),
                ("add_invitation",),
                ("remove_invitation",),
                ("note_invitation_answer",),
                ("action_make_event",),
            ):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(entry, method)(*args)
        self.assertFalse(self.sink.messages())
        for user in (self.colleague, self.portal):
            with self.assertRaises(AccessError):
                self.entry.email_id.with_user(user).action_make_event()

    def test_its_reader_writes_nothing_of_it(self):
        invitation = self.env["mail.import.invitation"].with_user(self.agent).search([])
        with self.assertRaises(AccessError):
            invitation.write({"summary": "x"})
        with self.assertRaises(AccessError):
            invitation.create({"email_id": self.entry.email_id.id})
        for name in ("invitation_answer", "invitation_told", "invitation_answered_by"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.entry.write({name: False})
        for name in ("source", "uid_digest"):
            with self.subTest(name), self.assertRaises(AccessError):
                invitation.read([name])
        for user in (self.agent, self.colleague):
            with self.assertRaises(AccessError):
                self.env["mail.import.invitation.event"].with_user(user).search([])

    def test_a_form_of_another_entry_tells_nothing(self):
        entries = self.env["mail.import.entry"].with_user(self.colleague)
        spec = {"invitation": {}, "email_id": {}}
        with self.assertRaises(AccessError):
            entries.onchange({"email_id": self.entry.email_id.id}, ["email_id"], spec)

    def test_words_of_the_event_are_found_by_nobody_else(self):
        self.accept(self.entry)
        event = self.events()
        self.assertEqual(event.name, SECRET)
        asked = (
            [("name", "ilike", "Umbrella")],
            [("display_name", "ilike", "Umbrella")],
            [("description", "ilike", "Umbrella")],
            [("location", "=like", "Umbrella%")],
            ["|", ("id", "=", 0), ("name", "ilike", "Umbrella")],
            ["!", ("name", "not ilike", "Umbrella")],
            [("recurrence_id", "=", False), ("name", "ilike", "Umbrella")],
        )
        for user in (self.colleague, self.boss, self.administrator):
            theirs = event.with_user(user)
            for domain in asked:
                with self.subTest(user=user.login, domain=domain):
                    self.assertNotIn(event, theirs.search(domain))
                    self.assertFalse(theirs.search_count([*domain, ("id", "=", event.id)]))
                    through = self.env["calendar.attendee"].with_user(user)
                    self.assertFalse(
                        through.search([("event_id", "any", domain), ("event_id", "=", event.id)])
                    )
            self.assertFalse(theirs.name_search("Umbrella"))
            self.assertNotIn(event, theirs.search([], order="name"))
            event.invalidate_recordset()  # another user is another transaction
            self.assertEqual(theirs.read(["name"])[0]["name"], "Busy")
            self.assertFalse(theirs.read(["location"])[0]["location"])
        self.assertEqual(event.search([("name", "ilike", "Umbrella")]), event)

    def test_that_somebody_is_busy_is_seen_by_all(self):
        self.accept(self.entry)
        seen = self.env["calendar.event"].with_user(self.colleague)
        domain = [
            ("partner_ids", "in", self.agent.partner_id.ids),
            ("start", "<", UTC_DAY + timedelta(hours=1)),
            ("stop", ">", UTC_DAY),
        ]
        self.assertEqual(seen.search(domain), self.events())
        self.assertEqual(seen.search(domain).mapped("display_name"), ["Busy"])

    def test_its_owner_may_open_it_to_all(self):
        self.accept(self.entry)
        event = self.events()
        event.privacy = "public"
        self.assertEqual(
            event.with_user(self.colleague).search([("name", "ilike", "Umbrella")]), event
        )

    def test_a_copy_is_guarded_as_well(self):
        self.accept(self.entry)
        event = self.events()
        event.copy()
        found = event.with_user(self.colleague).search([("name", "ilike", "Umbrella")])
        self.assertEqual((len(self.events()), len(found)), (2, 0))

    def test_private_by_the_owners_own_setting_is_private(self):
        self.accept(self.entry)
        event = self.events()
        self.agent.with_user(self.agent).calendar_default_privacy = "private"
        event.privacy = False
        event.active = False
        theirs = event.with_user(self.colleague).with_context(active_test=False)
        self.assertFalse(theirs.search([("name", "ilike", "Umbrella")]))
        event.active = True
        self.assertFalse(event.with_user(self.colleague).search([("name", "ilike", "Umbrella")]))

    def test_a_series_of_the_host_is_made_of_it(self):
        self.accept(self.entry)
        event = self.events()
        event.write(
            {
                "recurrency": True,
                "rrule_type_ui": "daily",
                "rrule_type": "daily",
                "end_type": "count",
                "count": 3,
                "interval": 1,
            }
        )
        self.assertEqual(len(self.events()), 3)
        for each in self.events():
            with self.subTest(each.start):
                theirs = each.with_user(self.colleague)
                self.assertNotIn(each, theirs.search([("name", "ilike", "Umbrella")]))

    def test_private_events_of_the_host_are_found_as_ever(self):
        event = self.Event.create({"name": "Dentist", "privacy": "private"})
        self.assertEqual(event.with_user(self.colleague).search([("name", "=", "Dentist")]), event)

    def test_an_event_made_by_hand_is_guarded_too(self):
        action = self.entry.action_make_event()
        with Form(self.Event.with_context(**action["context"])) as form:
            self.assertEqual(form.name, SECRET)
        event = self.events()
        self.assertEqual(event.privacy, "private")
        self.assertFalse(event.with_user(self.colleague).search([("name", "=", SECRET)]))

    def test_a_callers_context_changes_nothing(self):
        entry = self.entry.with_context(
            default_privacy="public",
            default_user_id=self.boss.id,
            default_partner_ids=self.boss.partner_id.ids,
            default_videocall_location="https://evil.example",
            mail_import_private_event=False,
        )
        self.accept(entry)
        event = self.events()
        self.assertEqual((event.privacy, event.user_id), ("private", self.agent))
        self.assertEqual(event.partner_ids, self.agent.partner_id)
        self.assertFalse(event.videocall_location)
        self.assertFalse(event.with_user(self.colleague).search([("name", "ilike", "Umbrella")]))

    def test_the_answer_is_the_owners_alone(self):
        self.accept(self.entry, comment="Umbrella it is")
        answer = self.env["mail.import.email"].search([("written_as", "=", "invitation")])
        self.assertEqual(len(answer), 1)
        for user in (self.colleague, self.administrator):
            self.assertFalse(answer.with_user(user).search([("id", "=", answer.id)]))
            self.assertFalse(
                answer.attachment_ids.with_user(user).search(
                    [("id", "in", answer.attachment_ids.ids)]
                )
            )

    def test_a_closed_mailbox_of_a_group_ends_for_who_leaves_it(self):
        entry = self.invited()
        self.support.member_ids -= self.agent
        with self.assertRaises(AccessError):
            entry.answer_invitation("ACCEPTED")
        with self.assertRaises(AccessError):
            entry.read(["invitation"])
