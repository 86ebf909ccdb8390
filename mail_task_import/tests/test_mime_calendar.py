"""Invitations are read as the programs mean them, and none of them stops the reader."""

import time
import unittest
from datetime import datetime

import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..mime.calendar_answer import write_answer
from ..mime.calendar_part import Person, kept_source, read_invitation
from .calendar_samples import APPLE, GOOGLE, OUTLOOK, YANDEX

SINCE, UNTIL = datetime(2027, 1, 1), datetime(2028, 1, 1)


def event_text(*lines, method="REQUEST"):
    head = ("BEGIN:VCALENDAR", f"METHOD:{method}", "BEGIN:VEVENT", "UID:1")
    return "\n".join((*head, *lines, "END:VEVENT", "END:VCALENDAR")).encode()


def days(*lines, since=SINCE, until=UNTIL, **options):
    found = read_invitation(event_text(*lines))
    return [f"{each.start.local:%m-%d}" for each in found.occurrences(since, until, **options)]


class TestSamples(unittest.TestCase):
    def test_google(self):
        found = read_invitation(GOOGLE.encode())
        event = found.event
        self.assertEqual(
            (found.method, event.uid, event.sequence), ("REQUEST", "0abc1def2ghi@google.com", 0)
        )
        self.assertEqual(event.start.utc, datetime(2027, 3, 10, 9))
        self.assertEqual(event.end.utc, datetime(2027, 3, 10, 9, 30))
        self.assertEqual(event.organizer.email, "ann@customer.example")
        self.assertEqual(
            [(one.email, one.status, one.asked) for one in event.attendees],
            [
                ("ann@customer.example", "ACCEPTED", True),
                ("support@company.example", "NEEDS-ACTION", True),
            ],
        )
        self.assertEqual(event.location, "Room 4, second floor")
        self.assertEqual(" ".join(event.description.split()), "The plan , and what is left.")
        self.assertEqual(event.url, "https://meet.example/abc-defg-hij")

    def test_outlook(self):
        found = read_invitation(OUTLOOK.encode())
        self.assertEqual(found.event.summary, "Планёрка")
        self.assertEqual(found.event.start.zone_name, "Europe/Moscow")
        self.assertEqual(found.event.attendees[0].name, "Support, Company")
        self.assertEqual(found.event.attendees[0].email, "support@company.example")
        self.assertEqual(
            [
                (each.key, each.start.utc.strftime("%m-%d %H:%M"), each.event.summary)
                for each in found.occurrences(SINCE, UNTIL)
            ],
            [
                ("20270301T070000Z", "03-01 07:00", "Планёрка"),
                ("20270315T070000Z", "03-15 09:00", "Планёрка (позже)"),
                ("20270412T070000Z", "04-12 07:00", "Планёрка"),
                ("20270426T070000Z", "04-26 07:00", "Планёрка"),
            ],
        )

    def test_apple(self):
        event = read_invitation(APPLE.encode()).event
        self.assertTrue(event.start.all_day)
        self.assertEqual((event.start.key, event.end.key), ("20270611", "20270613"))
        self.assertIsNone(event.start.utc)
        self.assertEqual(event.organizer.email, "carla@icloud.example")

    def test_yandex(self):
        event = read_invitation(YANDEX.encode()).event
        self.assertEqual(event.start.utc, datetime(2027, 4, 2, 10))
        self.assertEqual(event.end.utc, datetime(2027, 4, 2, 11, 30))
        self.assertTrue(event.free)
        self.assertEqual(event.organizer.name, "Дарья")

    def test_what_is_kept_reads_the_same(self):
        for sample in (GOOGLE, OUTLOOK, APPLE, YANDEX):
            with self.subTest(sample[:60]):
                raw = sample.replace("\n", "\r\n").encode()
                self.assertEqual(read_invitation(kept_source(raw)), read_invitation(raw))


class TestTimes(unittest.TestCase):
    def test_names_of_zones(self):
        for name, shown in (
            ("Europe/Berlin", "Europe/Berlin"),
            ("europe/berlin", "Europe/Berlin"),
            ('"/mozilla.org/20050126_1/Europe/Berlin"', "Europe/Berlin"),
            ("/freeassociation.sourceforge.net/America/Argentina/Salta", "America/Argentina/Salta"),
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("Nowhere", ""),
            ("../../etc/passwd", ""),
            ("Europe", ""),
        ):
            with self.subTest(name):
                start = read_invitation(
                    event_text(f"DTSTART;TZID={name}:20270701T100000")
                ).event.start
                self.assertEqual(start.zone_name, shown)
                hour = datetime(2027, 7, 1, 8) if "Berlin" in shown else start.utc
                self.assertEqual(start.utc, hour)
                self.assertEqual(start.local, datetime(2027, 7, 1, 10))

    def test_a_zone_that_came_along(self):
        zone = APPLE[APPLE.index("BEGIN:VTIMEZONE") : APPLE.index("BEGIN:VEVENT")]
        zone = zone.replace("Europe/Berlin", "My own time")
        for day, hour in (("20270701", 8), ("20270115", 9), ("20271031", 9), ("20270328", 8)):
            with self.subTest(day):
                text = f"BEGIN:VCALENDAR\n{zone}BEGIN:VEVENT\nUID:1\n"
                text += f"DTSTART;TZID=My own time:{day}T100000\nEND:VEVENT\nEND:VCALENDAR"
                start = read_invitation(text.encode()).event.start
                self.assertEqual((start.zone_name, start.utc.hour), ("My own time", hour))

    def test_a_series_keeps_its_hour_when_the_clocks_change(self):
        found = read_invitation(
            event_text("DTSTART;TZID=Europe/Berlin:20270321T100000", "RRULE:FREQ=WEEKLY;COUNT=2")
        )
        hours = [each.start.utc.hour for each in found.occurrences(SINCE, UNTIL)]
        self.assertEqual(hours, [9, 8])

    def test_the_whole_day_of_outlook(self):
        event = read_invitation(
            event_text(
                "DTSTART:20270301T000000",
                "DTEND:20270302T000000",
                "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
            )
        ).event
        self.assertEqual((event.start.key, event.end.key), ("20270301", "20270302"))

    def test_times_that_are_none(self):
        for value in ("", "99999999", "20270230", "20270101T250000Z", "00010101", "x" * 900):
            with self.subTest(value):
                self.assertIsNone(read_invitation(event_text(f"DTSTART:{value}")).event.start)

    def test_an_end_before_the_beginning_is_none(self):
        event = read_invitation(
            event_text("DTSTART:20270301T100000Z", "DTEND:20270101T100000Z")
        ).event
        self.assertEqual(event.end, event.start)


class TestRules(unittest.TestCase):
    def test_days(self):
        start = "DTSTART:20270104T100000Z"
        for rule, expected in (
            ("FREQ=DAILY;COUNT=3", ["01-04", "01-05", "01-06"]),
            ("FREQ=DAILY;INTERVAL=10;UNTIL=20270125", ["01-04", "01-14", "01-24"]),
            ("FREQ=DAILY;UNTIL=20270105T100000Z", ["01-04", "01-05"]),
            ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3", ["01-04", "01-06", "01-11"]),
            ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU;COUNT=3", ["01-04", "01-05", "01-17"]),
            ("FREQ=MONTHLY;COUNT=3", ["01-04", "02-04", "03-04"]),
            ("FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", ["01-04", "01-31", "02-28"]),
            ("FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=4", ["01-04", "01-29", "02-01", "02-26"]),
            ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=2", ["01-04", "08-13"]),
            ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", ["01-04", "01-29", "02-26"]),
            ("FREQ=YEARLY;BYMONTH=3,1;COUNT=2", ["01-04", "03-04"]),
            ("FREQ=YEARLY;BYMONTH=3;BYDAY=2SU;COUNT=2", ["01-04", "03-14"]),
            ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", ["01-04"]),
            ("FREQ=HOURLY", ["01-04"]),
            ("FREQ=DAILY;BYHOUR=3", ["01-04"]),
            ("FREQ=DAILY;INTERVAL=0", ["01-04"]),
            ("nonsense", ["01-04"]),
        ):
            with self.subTest(rule):
                self.assertEqual(days(start, f"RRULE:{rule}"), expected)

    def test_dates_left_out_and_added(self):
        self.assertEqual(
            days(
                "DTSTART:20270104T100000Z",
                "RRULE:FREQ=DAILY;COUNT=3",
                "EXDATE:20270105T100000Z,20270106T100000Z",
                "RDATE:20270301T100000Z,20270301T100000Z",
            ),
            ["01-04", "03-01"],
        )

    def test_what_is_over_is_left_out_and_what_never_ends_is_cut(self):
        lines = ("DTSTART:19700101T100000Z", "RRULE:FREQ=DAILY")
        self.assertEqual(days(*lines, limit=2), ["01-01", "01-02"])
        self.assertEqual(len(days(*lines, limit=9_999)), 366)

    def test_no_rule_takes_long(self):
        for rule in (
            "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=WEEKLY;BYMONTH=2;BYDAY=MO;BYSETPOS=9",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=MONTHLY;BYDAY=MO,TU;BYMONTHDAY=31;BYMONTH=2;BYSETPOS=" + "1," * 150 + "1",
            "FREQ=DAILY;INTERVAL=9999;UNTIL=99991231",
        ):
            with self.subTest(rule):
                began = time.process_time()
                days("DTSTART:19700102T100000Z", f"RRULE:{rule}")
                self.assertLess(time.process_time() - began, 3)


class TestHostileCalendars(unittest.TestCase):
    def test_none_takes_long(self):
        long = "A" * 2_000_000
        for name, text in (
            ("lines", event_text(*["ATTENDEE:mailto:a@b.example"] * 100_000)),
            ("line", event_text(f"SUMMARY:{long}", "DTSTART:20270101")),
            ("folds", event_text("SUMMARY:a" + "\n a" * 500_000)),
            ("quotes", event_text('ATTENDEE;CN="' * 50_000)),
            ("parameters", event_text("ATTENDEE" + ";A=B" * 100_000 + ":x")),
            ("escapes", event_text("SUMMARY:" + "\\" * 1_000_000)),
            ("tags", event_text("DESCRIPTION:" + "<a " * 2_600)),
            ("deep", b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 100_000),
            ("many", b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nUID:1\nEND:VEVENT\n" * 100_000),
            ("dates", event_text(*["EXDATE:" + "20270101," * 800] * 200)),
            ("zones", b"BEGIN:VCALENDAR\n" + b"BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\n" * 30_000),
        ):
            with self.subTest(name):
                began = time.process_time()
                found = read_invitation(text)
                if found:
                    found.occurrences(SINCE, UNTIL)
                self.assertLess(time.process_time() - began, 4)

    def test_no_line_of_a_mail_becomes_one_of_ours(self):
        event = read_invitation(
            event_text(
                "SEQUENCE:3",
                "DTSTART:20270301T100000Z",
                "SUMMARY:a\\nATTENDEE:mailto:x@y.example",
                "ORGANIZER:mailto:ann@customer.example",
            )
        ).event
        name = 'Bob"\r\nATTENDEE:mailto:evil@x.example'
        answer = write_answer(
            event, Person("bob@y.example", name), "ACCEPTED", SINCE, "Yes,\r\nno; maybe\\"
        )
        read = vobject.readOne(answer.decode())
        self.assertEqual(read.method.value, "REPLY")
        (attendee,) = read.vevent.attendee_list
        self.assertEqual(attendee.value, "mailto:bob@y.example")
        self.assertEqual(attendee.params["PARTSTAT"], ["ACCEPTED"])
        self.assertEqual(read.vevent.comment.value, "Yes,\nno; maybe\\")
        self.assertEqual((read.vevent.uid.value, read.vevent.sequence.value), ("1", "3"))
        self.assertTrue(all(len(line) <= 75 for line in answer.splitlines()))

    @settings(
        max_examples=400,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from((GOOGLE, OUTLOOK, APPLE, YANDEX)),
        st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 40), st.binary(max_size=20))),
    )
    def test_changed_at_random(self, sample, changes):
        raw = bytearray(sample.encode())
        for place, length, put in changes:
            raw[place : place + length] = put
        found = read_invitation(bytes(raw))
        if found and found.event:
            for each in found.occurrences(SINCE, UNTIL):
                self.assertTrue(each.start.key and each.end.local >= each.start.local)
            if found.event.organizer:
                write_answer(found.event, Person("a@b.example"), "DECLINED", SINCE)
