"""Invitations: what their card says, what comes into the calendar, what the organizer hears."""

from datetime import timedelta

import vobject

from odoo.exceptions import UserError
from odoo.tests import tagged

from .calendar_samples import DAY, OUTLOOK, invitation
from .common import NOW, build_mail
from .invitation_common import InvitationCase

UTC_DAY = DAY.replace(tzinfo=None)


@tagged("post_install", "-at_install")
class TestInvitationCard(InvitationCase):
    def test_it_says_what_when_where_and_who(self):
        entry = self.invited(more=("LOCATION:Room 4", "DESCRIPTION:Bring the plan"))
        card = entry.invitation
        self.assertEqual(card["heading"], "Invitation")
        self.assertEqual(card["title"], "Plan for spring")
        self.assertEqual(card["where"], "Room 4")
        self.assertEqual(card["description"], "Bring the plan")
        self.assertEqual(card["organizer"]["email"], "ann@customer.example")
        self.assertEqual([one["me"] for one in card["people"]], [True])
        self.assertTrue(card["can_answer"])
        self.assertTrue(card["tell_ticked"])
        self.assertFalse(card["notes"])

    def test_hours_are_the_readers_and_those_of_the_organizer(self):
        text = OUTLOOK.replace("2027", str(DAY.year + 1)).encode()
        entry = self.invited(text, sender="boris@partner.example", verified=False)
        card = entry.invitation
        self.assertIn("8:00\u202fAM – 8:30\u202fAM", card["when"])
        self.assertIn("10:00\u202fAM – 10:30\u202fAM (Europe/Moscow)", card["there"])
        self.assertIn("Repeats weekly, every 2, until", card["repeats"])

    def test_a_mail_without_a_calendar_has_no_card(self):
        self.assertFalse(self.entry_of().invitation)

    def test_what_is_at_that_time_is_told(self):
        self.Event.create(
            {"name": "Stand-up", "start": UTC_DAY, "stop": UTC_DAY + timedelta(hours=2)}
        )
        self.env["calendar.event"].with_user(self.colleague).create(
            {"name": "Of somebody else", "start": UTC_DAY, "stop": UTC_DAY + timedelta(hours=2)}
        )
        entry = self.invited()
        self.assertEqual([one["name"] for one in entry.invitation["conflicts"]], ["Stand-up"])

    def test_the_event_itself_is_no_conflict(self):
        entry = self.invited()
        self.accept(entry)
        self.assertFalse(entry.invitation["conflicts"])

    def test_an_unknown_sender_is_marked_and_nothing_is_ticked(self):
        card = self.invited(verified=False).invitation
        self.assertIn("No trusted mail server", card["notes"][0]["text"])
        self.assertEqual(card["tell"], "ann@customer.example")
        self.assertFalse(card["tell_ticked"])

    def test_another_organizer_than_the_sender_is_marked(self):
        card = self.invited(organizer="boss@other.example").invitation
        self.assertIn("boss@other.example", card["notes"][0]["text"])
        self.assertFalse(card["tell_ticked"])

    def test_who_is_not_invited_sends_no_answer(self):
        entry = self.invited(attendees=("others@company.example",))
        card = entry.invitation
        self.assertEqual(card["tell"], "")
        with self.assertRaises(UserError):
            entry.answer_invitation("ACCEPTED", "", "ann@customer.example")
        entry.answer_invitation("ACCEPTED")
        self.assertEqual(len(self.events()), 1)
        self.assertFalse(self.sink.messages())


@tagged("post_install", "-at_install")
class TestInvitationAnswer(InvitationCase):
    def reply(self):
        (sent,) = self.sink.messages()
        part = next(p for p in sent.message.walk() if p.get_content_type() == "text/calendar")
        self.assertEqual(part.get_param("method"), "REPLY")
        self.assertEqual(sent.message.get_content_type(), "multipart/alternative")
        return sent, vobject.readOne(part.get_content())

    def test_accepting_enters_the_event_and_tells_the_organizer(self):
        entry = self.invited(sequence=3)
        self.accept(entry, comment="With pleasure; Ärger, keiner")
        sent, answer = self.reply()
        self.assertEqual(sent.recipients, ("ann@customer.example",))
        self.assertEqual(sent.message["From"], "Azure Support <support@company.example>")
        self.assertEqual(sent.message["Subject"], "Accepted: Plan for spring")
        self.assertEqual(sent.message["In-Reply-To"], entry.email_id.message_id)
        self.assertFalse([name for name in sent.message if "Calendar" in name])
        self.assertEqual(answer.method.value, "REPLY")
        event = answer.vevent
        self.assertEqual(event.uid.value, "meeting-1@customer.example")
        self.assertEqual(event.sequence.value, "3")
        (attendee,) = event.attendee_list
        self.assertEqual(attendee.value, "mailto:support@company.example")
        self.assertEqual(attendee.params["PARTSTAT"], ["ACCEPTED"])
        self.assertEqual(event.organizer.value, "mailto:ann@customer.example")
        self.assertEqual(event.comment.value, "With pleasure; Ärger, keiner")
        (made,) = self.events()
        self.assertEqual((made.name, made.start), ("Plan for spring", UTC_DAY))
        self.assertEqual(made.privacy, "private")
        self.assertEqual(made.user_id, self.agent)
        self.assertEqual(made.partner_ids, self.agent.partner_id)
        self.assertEqual(made.attendee_ids.state, "accepted")
        self.assertEqual(entry.invitation["answer"], "ACCEPTED")

    def test_the_answer_is_kept_under_sent_in_the_thread(self):
        entry = self.invited()
        self.accept(entry)
        answer = self.env["mail.import.email"].search([("written_as", "=", "invitation")])
        self.assertEqual(answer.state, "sent")
        self.assertEqual(answer.entry_ids.folder_id.kind, "sent")
        self.assertEqual(answer.attachment_ids.name, "invite.ics")
        self.assertIn(entry.email_id.sudo(), answer._thread())

    def test_the_same_answer_is_sent_once(self):
        entry = self.invited()
        self.accept(entry)
        self.accept(entry)
        self.assertEqual(len(self.sink.messages()), 1)
        self.assertEqual(len(self.events()), 1)

    def test_a_changed_mind_is_told(self):
        entry = self.invited()
        self.accept(entry)
        self.sink.clear()
        self.accept(entry, "DECLINED", "Ill")
        _sent, answer = self.reply()
        self.assertEqual(answer.vevent.attendee.params["PARTSTAT"], ["DECLINED"])
        event = self.events()
        self.assertEqual((event.attendee_ids.state, event.show_as), ("declined", "free"))

    def test_declining_enters_nothing(self):
        self.accept(self.invited(), "DECLINED", "No time")
        self.assertFalse(self.events())
        _sent, answer = self.reply()
        self.assertEqual(answer.vevent.comment.value, "No time")

    def test_nobody_is_told_who_is_not_ticked(self):
        entry = self.invited()
        entry.answer_invitation("TENTATIVE")
        self.assertFalse(self.sink.messages())
        self.assertEqual(self.events().attendee_ids.state, "tentative")
        self.assertIn("was not told", entry.invitation["answer_words"])

    def test_an_answer_goes_to_the_organizer_alone(self):
        entry = self.invited()
        for address in ("evil@other.example", "ANN@customer.example, x@y.example", ["x"], True):
            with self.subTest(address), self.assertRaises(UserError):
                entry.answer_invitation("ACCEPTED", "", address)
        with self.assertRaises(UserError):
            entry.answer_invitation("PWNED")
        self.assertFalse(self.events() or self.sink.messages())

    def test_a_mailbox_for_colleagues_does_not_answer_outside(self):
        self.support.letters_outside = False
        entry = self.invited()
        with self.assertRaises(UserError):
            self.accept(entry)
        self.assertFalse(self.events())

    def test_a_member_who_comes_second_gets_the_event_and_sends_nothing(self):
        self.support.member_ids |= self.colleague
        entry = self.invited()
        self.accept(entry)
        self.accept(entry.with_user(self.colleague))
        self.assertEqual(len(self.sink.messages()), 1)
        self.assertEqual(len(self.events(self.colleague)), 1)

    def test_one_time_of_a_series_is_answered_as_that(self):
        key = f"{DAY:%Y%m%dT%H%M%SZ}"
        self.accept(self.invited(more=(f"RECURRENCE-ID:{key}",)))
        _sent, answer = self.reply()
        self.assertEqual(answer.vevent.recurrence_id.value.strftime("%Y%m%dT%H%M%SZ"), key)

    def test_the_host_mails_nobody_about_it(self):
        self.accept(self.invited())
        self.accept(self.invited(sequence=1, start=DAY + timedelta(days=1)))
        self.assertEqual(
            [sent.recipients for sent in self.sink.messages()],
            [("ann@customer.example",)] * 2,
        )
        self.assertFalse(self.events().sudo().message_ids)


@tagged("post_install", "-at_install")
class TestInvitationChanges(InvitationCase):
    def test_an_update_moves_the_event(self):
        first = self.invited()
        self.accept(first)
        event = self.events()
        update = self.invited(sequence=1, start=DAY + timedelta(days=1), summary="Moved")
        self.assertEqual(update.invitation["heading"], "Invitation, changed")
        self.assertEqual(event.start, UTC_DAY)
        self.accept(update)
        self.assertEqual(self.events(), event)
        self.assertEqual((event.name, event.start), ("Moved", UTC_DAY + timedelta(days=1)))

    def test_what_is_overtaken_is_not_answered(self):
        first = self.invited()
        self.accept(self.invited(sequence=1, summary="Moved"))
        first.invalidate_recordset()
        card = first.invitation
        self.assertFalse(card["can_answer"])
        self.assertIn("later e-mail", card["notes"][0]["text"])
        with self.assertRaises(UserError):
            first.answer_invitation("ACCEPTED")
        self.assertEqual(self.events().name, "Moved")

    def test_what_anybody_could_have_sent_overtakes_nothing(self):
        first = self.invited()
        forged = self.invited(sequence=9, summary="Elsewhere", verified=False)
        self.assertTrue(first.invitation["can_answer"])
        self.assertEqual(forged.invitation["notes"][0]["kind"], "warning")

    def test_the_number_of_anothers_event_changes_nothing_of_it(self):
        self.accept(self.invited())
        other = self.invited(
            sequence=5,
            organizer="eve@customer.example",
            sender="eve@customer.example",
            summary="Of Eve",
        )
        self.accept(other)
        self.assertEqual(sorted(self.events().mapped("name")), ["Of Eve", "Plan for spring"])

    def test_a_cancelled_event_goes_when_its_reader_says_so(self):
        self.accept(self.invited())
        cancelled = self.invited(method="CANCEL", sequence=1)
        card = cancelled.invitation
        self.assertEqual((card["heading"], card["can_remove"]), ("Cancelled", True))
        self.assertTrue(self.events())
        cancelled.remove_invitation()
        self.assertFalse(self.events())
        self.assertFalse(cancelled.invitation["can_remove"])

    def test_a_cancellation_before_the_invitation_overtakes_it(self):
        self.invited(method="CANCEL", sequence=1)
        self.assertFalse(self.invited().invitation["can_answer"])

    def test_a_series_is_entered_changed_and_left_out(self):
        rule = ("RRULE:FREQ=DAILY;COUNT=4",)
        self.accept(self.invited(more=rule))
        self.assertEqual(len(self.events()), 4)
        second = DAY + timedelta(days=1)
        self.accept(
            self.invited(
                sequence=1,
                summary="Later that day",
                start=second + timedelta(hours=3),
                more=(f"RECURRENCE-ID:{second:%Y%m%dT%H%M%SZ}",),
            )
        )
        self.assertEqual(
            self.events().mapped("name"),
            ["Plan for spring", "Later that day", "Plan for spring", "Plan for spring"],
        )
        third = DAY + timedelta(days=2)
        cancelled = self.invited(
            method="CANCEL", sequence=2, more=(f"RECURRENCE-ID:{third:%Y%m%dT%H%M%SZ}",)
        )
        cancelled.remove_invitation()
        self.assertEqual(len(self.events()), 3)
        shorter = self.invited(sequence=3, more=("RRULE:FREQ=DAILY;COUNT=2",))
        self.accept(shorter)
        self.assertEqual(len(self.events()), 2)

    def test_a_series_without_an_end_is_entered_for_a_year(self):
        self.accept(self.invited(more=("RRULE:FREQ=WEEKLY",)))
        self.assertIn(len(self.events()), (52, 53))

    def test_an_event_that_is_there_already_is_not_doubled(self):
        there = self.Event.create(
            {"name": "Plan for spring", "start": UTC_DAY, "stop": UTC_DAY + timedelta(hours=1)}
        )
        entry = self.invited()
        entry.answer_invitation("TENTATIVE")
        self.assertEqual(self.events(), there)
        self.assertEqual(there.attendee_ids.state, "tentative")
        cancelled = self.invited(method="CANCEL", sequence=1)
        cancelled.remove_invitation()
        self.assertEqual(there.attendee_ids.state, "declined")

    def test_whole_days(self):
        whole = invitation(uid="days").replace(
            f"DTSTART:{DAY:%Y%m%dT%H%M%SZ}".encode(), f"DTSTART;VALUE=DATE:{DAY:%Y%m%d}".encode()
        )
        whole = whole.replace(
            f"DTEND:{DAY + timedelta(hours=1):%Y%m%dT%H%M%SZ}".encode(),
            f"DTEND;VALUE=DATE:{DAY + timedelta(days=2):%Y%m%d}".encode(),
        )
        self.accept(self.invited(whole))
        event = self.events()
        self.assertTrue(event.allday)
        self.assertEqual(event.start_date, DAY.date())
        self.assertEqual(event.stop_date, (DAY + timedelta(days=1)).date())

    def test_a_published_event_is_added_without_an_answer(self):
        entry = self.invited(method="PUBLISH")
        self.assertTrue(entry.invitation["can_add"])
        entry.add_invitation()
        self.assertEqual(len(self.events()), 1)
        self.assertFalse(self.sink.messages())


@tagged("post_install", "-at_install")
class TestInvitationReplies(InvitationCase):
    def meeting(self):
        return self.Event.with_context(no_mail_to_attendees=True).create(
            {
                "name": "Plan for spring",
                "start": UTC_DAY,
                "stop": UTC_DAY + timedelta(hours=1),
                "partner_ids": [(6, 0, (self.agent.partner_id | self.customer).ids)],
            }
        )

    def answer(self, **values):
        return self.invited(
            method="REPLY",
            organizer="support@company.example",
            attendees=("ann@customer.example",),
            status="ACCEPTED",
            **values,
        )

    def test_an_answer_is_noted_where_its_sender_is_confirmed(self):
        event = self.meeting()
        entry = self.answer(more=("COMMENT:I bring cake",))
        card = entry.invitation
        self.assertTrue(card["can_note"])
        self.assertIn("accepted – “I bring cake”", card["notes"][0]["text"])
        entry.note_invitation_answer()
        of_ann = event.attendee_ids.filtered(lambda one: one.partner_id == self.customer)
        self.assertEqual(of_ann.state, "accepted")
        self.assertFalse(entry.invitation["can_note"])

    def test_nobody_answers_for_another(self):
        self.meeting()
        for options in ({"verified": False}, {"sender": "eve@customer.example"}):
            with self.subTest(options):
                entry = self.answer(**options)
                self.assertFalse(entry.invitation["can_note"])
                with self.assertRaises(UserError):
                    entry.note_invitation_answer()


@tagged("post_install", "-at_install")
class TestMakeEvent(InvitationCase):
    def make(self, entry):
        action = entry.action_make_event()
        return self.Event.with_context(**action["context"]).create({})

    def test_it_is_filled_in_private_and_invites_nobody(self):
        event = self.make(self.entry_of("Visit", text="On Monday at ten"))
        self.assertEqual(event.name, "Visit")
        self.assertIn("On Monday at ten", event.description)
        self.assertEqual(event.privacy, "private")
        self.assertEqual(event.partner_ids, self.agent.partner_id)
        self.assertFalse(self.sink.messages())

    def test_the_time_is_that_of_the_invitation(self):
        self.assertEqual(self.make(self.invited()).start, UTC_DAY)

    def test_the_files_of_a_twin_are_its_own(self):
        mail = build_mail(
            message_id="<twin@customer.example>",
            attachments=[("a.ics", invitation(stamp=NOW), "text/calendar")],
        )
        (first,) = self.receive(self.support, mail)
        (twin,) = self.receive(self.support, mail.replace(b"Dear all", b"Dear you"))
        self.assertNotEqual(first.email, twin.email)
        found = self.env["mail.import.invitation"].search([])
        self.assertEqual(found.email_id, first.email | twin.email)


@tagged("post_install", "-at_install")
class TestFailedAnswer(InvitationCase):
    def test_it_is_kept_and_sent_again_as_it_was(self):
        entry = self.invited()
        self.sink.refuse("ann@*", "550 5.1.1 No such user")
        self.accept(entry)
        answer = self.env["mail.import.email"].search([("written_as", "=", "invitation")])
        self.assertEqual(answer.state, "failed")
        self.assertEqual(len(self.events()), 1)
        sent_entry = answer.entry_ids.with_user(self.agent)
        with self.assertRaises(UserError):
            sent_entry.action_edit_failed()
        self.sink.clear()
        sent_entry.action_retry_send()
        (sent,) = self.sink.messages()
        (part,) = (p for p in sent.message.walk() if p.get_content_type() == "text/calendar")
        self.assertEqual(part.get_param("method"), "REPLY")

    def test_a_forwarded_invitation_answers_nothing(self):
        draft = self.draft(self.invited(), "forward")
        draft.to = "expert@other.example"
        draft.action_send()
        (sent,) = self.sink.messages()
        (file,) = sent.message.iter_attachments()
        self.assertEqual(file.get_filename(), "invite.ics")
        self.assertFalse(file.get_param("method"))


@tagged("post_install", "-at_install")
class TestOwnInvitation(InvitationCase):
    def test_what_the_mailbox_has_sent_is_not_answered(self):
        card = self.invited(
            organizer="support@company.example",
            sender="support@company.example",
            attendees=("ann@customer.example",),
        ).invitation
        self.assertFalse(card["can_answer"])
        self.assertEqual(
            [note["text"] for note in card["notes"]], ["This mailbox organizes the event."]
        )
