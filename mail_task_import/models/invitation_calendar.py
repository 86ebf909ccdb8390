"""How an invitation comes into the calendar of a reader: entered, changed, taken out.

All of it is done in the reader's own rights, and quietly: the host tells nobody of it, and nobody
but the reader is an attendee. The events are private; see ``calendar_event.py`` for searches.
"""

from datetime import timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..access import in_own_context

STATES = {"ACCEPTED": "accepted", "TENTATIVE": "tentative", "DECLINED": "declined"}
MAX_OCCURRENCES = 200
AHEAD = timedelta(days=366)
"""So far a series is entered, and so many times of it."""
BACK = timedelta(days=1)
ONCE = "once"
QUIET = {
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "dont_notify": True,
    "skip_contact_description": True,
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_import_private_event": True,
}
"""The context in which the host mails nobody about an event, and notes nothing in its chatter."""


class MailImportInvitation(models.Model):
    _inherit = "mail.import.invitation"

    def _kept(self):
        """Rows of the user's own events of this invitation; as superuser."""
        return (
            self.env["mail.import.invitation.event"]
            .sudo()
            .search([("user_id", "=", self.env.uid), ("uid_digest", "=", self.sudo().uid_digest)])
        )

    def _quiet_events(self):
        """The calendar in the user's rights, without what a caller has put into the context."""
        return in_own_context(self.env["calendar.event"]).with_context(**QUIET)

    def _enter(self, found, status):
        """Make, or bring up to date, the events in the user's calendar, with the user's answer."""
        self._check_is_last(found)
        wanted = {each.key or ONCE: each for each in self._occurrences(found)}
        kept = {row.occurrence: row for row in self._kept()}
        later = {key for key, row in kept.items() if self._is_older_than(row)}
        if not found.event.which:
            gone = kept.keys() - wanted.keys() - later
            self._drop([kept[key] for key in gone if _to_come(kept[key])])
        for key, occurrence in wanted.items():
            row = kept.get(key)
            if key in later:
                continue
            if row:
                self._change(row, occurrence)
            elif status != "DECLINED":
                row = self._make(key, occurrence)
            if row:
                self._answer_in(row, occurrence, STATES[status])

    def _occurrences(self, found):
        now = fields.Datetime.now()
        return found.occurrences(now - BACK, now + AHEAD, limit=MAX_OCCURRENCES)

    def _check_is_last(self, found):
        """An invitation that waits in the inbox does not undo what came after it."""
        which = found.event.which
        rows = [row for row in self._kept() if not which or row.occurrence == which.key]
        if rows and all(self._is_older_than(row) for row in rows):
            raise UserError(self.env._("Your calendar has a newer version of this event."))

    def _is_older_than(self, row):
        if self.sequence != row.sequence:
            return self.sequence < row.sequence
        return bool(self.stamp and row.stamp and self.stamp < row.stamp)

    def _drop(self, rows):
        for row in rows:
            event = row.event_id.with_env(self.env).with_context(**QUIET)
            if row.adopted:
                self._set_state(event, "declined")
                row.unlink()
            else:
                event.unlink()

    # -- one event ------------------------------------------------------------------------------

    def _make(self, key, occurrence):
        values = self._event_values(occurrence)
        event = self._already_there(values)
        adopted = bool(event)
        if not event:
            partner = self.env.user.partner_id
            event = self._quiet_events().create(
                {
                    **values,
                    "privacy": "private",
                    "user_id": self.env.uid,
                    "partner_ids": [fields.Command.set(partner.ids)],
                    "attendee_ids": [fields.Command.create({"partner_id": partner.id})],
                }
            )
        # sudo: the rows are nobody's; whose calendar it is, is the user's own
        return self._kept().create(
            {
                "user_id": self.env.uid,
                "uid_digest": self.sudo().uid_digest,
                "occurrence": key,
                "event_id": event.id,
                "adopted": adopted,
                **self._version(),
            }
        )

    def _version(self):
        return {"email_id": self.email_id.id, "sequence": self.sequence, "stamp": self.stamp}

    def _change(self, row, occurrence):
        row.write(self._version())
        if not row.adopted:
            event = row.event_id.with_env(self.env).with_context(**QUIET)
            event.write({**self._event_values(occurrence), "active": True})

    def _already_there(self, values):
        """The same event, come by a synchronised calendar, say, or entered by hand."""
        Event = self._quiet_events()
        same = Event.search(
            [
                ("partner_ids", "in", self.env.user.partner_id.ids),
                ("start", "=", values["start"]),
                ("stop", "=", values["stop"]),
                ("allday", "=", values["allday"]),
            ],
            limit=20,
        ).filtered(lambda event: event.name == values["name"])
        # sudo: the rows are nobody's
        taken = self.env["mail.import.invitation.event"].sudo()
        ours = taken.search([("event_id", "in", same.ids)]).event_id
        return (same - ours.with_env(same.env))[:1]

    def _answer_in(self, row, occurrence, state):
        event = row.event_id.with_env(self.env).with_context(**QUIET)
        self._set_state(event, state)
        if not row.adopted:
            free = occurrence.event.free or state == "declined"
            event.show_as = "free" if free else "busy"

    def _set_state(self, event, state):
        own = event.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.env.user.partner_id
        )
        if own.state != state:
            own.state = state

    def _event_values(self, occurrence):
        """:param occurrence: as ``_times_of`` takes it"""
        event, series = getattr(occurrence, "event", occurrence), self._read_source().event
        return {
            "name": event.summary or series.summary or self.env._("(no subject)"),
            "location": event.location or series.location,
            "description": self._description_of(event, series),
            **self._times_of(occurrence),
        }

    def _times_of(self, event):
        """The host has whole days from 8 to 18 o'clock, whatever the zone, the last one included.

        :param event: an occurrence, or an event of ``mime.calendar_part``
        """
        start, end = event.start, event.end
        if not start.all_day:
            return {
                "allday": False,
                "start": start.utc or self._of_reader(start.local),
                "stop": end.utc or self._of_reader(end.local),
            }
        last = max(end.local - timedelta(days=1), start.local)
        return {
            "allday": True,
            "start": start.local.replace(hour=8),
            "stop": last.replace(hour=18),
            "start_date": start.local.date(),
            "stop_date": last.date(),
        }

    def _of_reader(self, local):
        """A time without a zone is that of whoever reads it."""
        zone = pytz.timezone(self.env.user.tz or "UTC")
        return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def _description_of(self, event, series):
        people = event.attendees or series.attendees
        organizer = event.organizer or series.organizer
        lines = [
            event.description or series.description,
            event.url or series.url,
            organizer and self.env._("Organizer: %s", organizer.name or organizer.email),
            people
            and self.env._("Invited: %s", ", ".join(one.name or one.email for one in people[:50])),
        ]
        return plaintext2html("\n\n".join(filter(None, lines)))

    # -- cancelled ------------------------------------------------------------------------------

    def _take_out(self, found):
        """The events of what is cancelled: all, or the one time that it is about."""
        which = found.event.which and found.event.which.key
        self._drop([row for row in self._kept() if not which or row.occurrence == which])


def _to_come(row):
    return row.event_id.stop >= fields.Datetime.now()
