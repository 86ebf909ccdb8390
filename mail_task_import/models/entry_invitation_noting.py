"""What others have answered to an event of the reader's: noted in the calendar on request."""

from odoo import models
from odoo.exceptions import UserError

from .invitation_calendar import QUIET, STATES


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def note_invitation_answer(self):
        """Note in the reader's own event what somebody has answered, whom a server vouches for."""
        self.ensure_one()
        self.check_access("read")
        # sudo: what the e-mail says, whose copy the user reads
        invitation = self._invitation()
        found = invitation._read_source() if invitation else None
        events = found and found.method == "REPLY" and self.sudo()._events_answered(found)
        if not events:
            raise UserError(self.env._("No event of yours waits for this answer."))
        who, state = found.event.attendees[0], STATES[found.event.attendees[0].status]
        for event in events:
            event._attendees_by_address(who.email).with_context(**QUIET).state = state
        return self._card_now()

    def _events_answered(self, found):
        """Events of the user's own that its sender is invited to, at the time that it names.

        In the user's rights. The host's invitations bear no number that an answer could repeat.
        """
        Event = self.env["calendar.event"].sudo(False)
        event, who = found.event, self._who_answers(found)
        if not who or not event.start:
            return Event
        times = self.env["mail.import.invitation"]._times_of(event)
        mine = Event.search(
            [
                ("user_id", "=", self.env.uid),
                ("start", "=", times["start"]),
                ("allday", "=", times["allday"]),
            ],
            limit=20,
        )
        return mine.filtered(
            lambda one: (
                one.name == event.summary
                and one._attendees_by_address(who.email)
                and one._attendees_by_address(who.email).state != STATES[who.status]
            )
        )

    def _who_answers(self, found):
        """The one attendee of a REPLY, where a trusted server confirms that it is the sender."""
        people = found.event.attendees
        if len(people) != 1 or people[0].status not in STATES or self.verdict != "pass":
            return None
        return people[0] if people[0].email == self.email_id.from_email else None

    def _notes_of_answer(self, found):
        people = found.event.attendees[:1]
        if not people:
            return []
        invitations = self.env["mail.import.invitation"]
        words = self.env._(
            "%(person)s: %(answer)s",
            person=people[0].name or people[0].email or "–",
            answer=invitations._status_words(people[0].status),
        )
        if found.event.comment:
            words = f"{words} – “{found.event.comment}”"
        notes = [("info", words)]
        if not self._who_answers(found):
            notes.append(
                ("warning", self.env._("No trusted mail server confirms who has sent this answer."))
            )
        return notes
