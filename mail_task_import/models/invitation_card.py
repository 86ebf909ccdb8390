"""The card above an invitation: what, when, where and who, in words for its reader."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_time

SHOWN_PEOPLE = 30
SHOWN_DATES = 4
SHOWN_CONFLICTS = 5
MAX_DESCRIPTION = 2_000
MAX_ASKED = 10
"""Times of a series that are held against the reader's calendar."""


class MailImportInvitation(models.Model):
    _inherit = "mail.import.invitation"

    def _card(self, entry):
        """Plain values for the web client. As superuser; the user is the reader."""
        found = self._read_source()
        event = found.event
        coming = self._occurrences(found)
        verified = entry._comes_from_organizer(found)
        people = [self._person_card(one, entry) for one in event.attendees[:SHOWN_PEOPLE]]
        return {
            "kind": found.method or "PUBLISH",
            "heading": self._heading(found),
            "title": event.summary or self.env._("(no subject)"),
            "when": self._when(coming[0] if coming else None, event),
            "there": self._when_there(event),
            "repeats": self._repeats_words(event),
            "dates": [self._when(each, event) for each in coming[1:SHOWN_DATES]],
            "where": event.location,
            "url": event.url,
            "description": event.description[:MAX_DESCRIPTION],
            "organizer": event.organizer and self._person_card(event.organizer, entry),
            "people": people,
            "more_people": max(len(event.attendees) - SHOWN_PEOPLE, 0),
            "notes": entry._invitation_notes(self, found, verified),
            "conflicts": self._conflicts(coming) if found.method in ("REQUEST", "PUBLISH") else [],
            **entry._invitation_choices(self, found, verified),
        }

    def _heading(self, found):
        env = self.env
        if found.method == "REQUEST":
            updated = found.event.sequence or found.event.which
            return env._("Invitation, changed") if updated else env._("Invitation")
        return {
            "CANCEL": env._("Cancelled"),
            "REPLY": env._("Answer to an invitation"),
            "COUNTER": env._("Another time is proposed"),
            "DECLINECOUNTER": env._("The proposed time is declined"),
            "REFRESH": env._("The invitation is asked for once more"),
        }.get(found.method, env._("Event"))

    def _person_card(self, person, entry):
        return {
            "name": person.name if person.name != person.email else "",
            "email": person.email or person.written,
            "status": person.status,
            "status_words": self._status_words(person.status),
            "me": person.email in entry.mailbox_id._own_addresses(),
        }

    def _status_words(self, status):
        env = self.env
        return {
            "ACCEPTED": env._("accepted"),
            "TENTATIVE": env._("tentative"),
            "DECLINED": env._("declined"),
            "DELEGATED": env._("sends somebody else"),
        }.get(status, env._("no answer yet"))

    # -- when -----------------------------------------------------------------------------------

    def _zone(self):
        return self.env.user.tz or "UTC"

    def _when(self, occurrence, event):
        """In the reader's time zone."""
        start = occurrence.start if occurrence else event.start
        end = occurrence.end if occurrence else event.end
        if not start:
            return ""
        if start.all_day:
            first, last = start.local.date(), (end.local - timedelta(days=1)).date()
            return self._span(self._day(first), self._day(last) if last > first else "")
        return self._timed(self._local(start), self._local(end))

    def _timed(self, start, end):
        first, last = self._day(start.date()), self._day(end.date())
        begins, ends = self._hour(start), self._hour(end)
        if first == last:
            return f"{first}, {self._span(begins, ends if ends != begins else '')}"
        return self._span(f"{first}, {begins}", f"{last}, {ends}")

    def _span(self, first, last):
        return f"{first} – {last}" if last else first

    def _local(self, moment):
        if moment.utc is None:
            return moment.local
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self._zone()), moment.utc
        ).replace(tzinfo=None)

    def _day(self, day):
        return format_date(self.env, day, date_format="full")

    def _hour(self, local):
        return format_time(self.env, local.time(), time_format="short")

    def _when_there(self, event):
        """The hours as they were written, where they were in another time zone."""
        start, end = event.start, event.end
        if not start or start.all_day:
            return ""
        if start.utc is None:
            return self.env._("It names no time zone that is known: the hours are as written.")
        if start.zone_name in ("", "UTC") or self._local(start) == start.local:
            return ""
        hours = self._span(self._hour(start.local), self._hour(end.local))
        return f"{hours} ({start.zone_name})"

    def _repeats_words(self, event):
        env, rule = self.env, event.rule
        if not event.is_series:
            return env._("This one time of a series") if event.which else ""
        if not rule:
            return env._("Repeats, in a way that is not understood here: see the e-mail")
        every = {
            "DAILY": env._("Repeats daily"),
            "WEEKLY": env._("Repeats weekly"),
            "MONTHLY": env._("Repeats monthly"),
            "YEARLY": env._("Repeats yearly"),
        }[rule.frequency]
        if rule.interval > 1:
            every = env._("%(repeats)s, every %(number)s", repeats=every, number=rule.interval)
        if rule.until:
            every = env._("%(repeats)s, until %(day)s", repeats=every, day=self._day(rule.until))
        return every

    # -- conflicts ------------------------------------------------------------------------------

    def _conflicts(self, coming):
        """The reader's own events at these times, by name; this one's left out."""
        times = [self._times_of(each) for each in coming[:MAX_ASKED] if not each.event.free]
        if not times:
            return []
        asked = Domain.OR(
            Domain("start", "<", each["stop"]) & Domain("stop", ">", each["start"])
            for each in times
        )
        # the reader's own calendar, in the reader's rights
        Event = self.env["calendar.event"].sudo(False)
        own = Domain("partner_ids", "in", self.env.user.partner_id.ids)
        events = Event.search(own & asked & Domain("show_as", "=", "busy"), order="start", limit=50)
        events -= self._kept().event_id.with_env(Event.env)
        return [
            {"id": event.id, "name": event.display_name, "when": self._when_of(event)}
            for event in events[:50]
            if event.current_status != "declined"
        ][:SHOWN_CONFLICTS]

    def _when_of(self, event):
        if event.allday:
            return self._day(event.start.date())
        zone = self.with_context(tz=self._zone())
        start, end = (
            fields.Datetime.context_timestamp(zone, moment).replace(tzinfo=None)
            for moment in (event.start, event.stop)
        )
        return self._timed(start, end)
