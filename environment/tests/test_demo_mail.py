"""The demo's correspondence looks like a company's mail, and is the same each time."""

import sys
import time
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.policy import default

import pytest

from environment import demo_mail, places
from environment.demo_mail import builder, delivery, documents
from environment.demo_mail.people import DOMAIN, PEOPLE
from environment.dovecot import Dovecot

NOW = datetime(2026, 3, 18, 14, 30, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def letters():
    return demo_mail.correspondence(NOW)


@pytest.fixture(scope="module")
def copies():
    return delivery.copies(NOW)


@pytest.fixture(scope="module")
def parse():
    """The add-on's own parser, without Odoo."""
    folder = str(places.CHECKOUT / "mail_task_import")
    sys.path.insert(0, folder)
    try:
        from mime.parser import parse
    finally:
        sys.path.remove(folder)
    return parse


@pytest.fixture(scope="module")
def parsed(copies, parse):
    """Each copy with what the parser makes of it."""
    return [(copy, parse(copy.raw)) for copy in copies]


@pytest.fixture(scope="module")
def dovecot():
    with Dovecot() as server:
        started = time.monotonic()
        demo_mail.deliver(server)
        assert time.monotonic() - started < 10, "people wait for it in ``make run``"
        yield server


def test_there_is_enough_mail_and_not_too_much():
    statistics = demo_mail.statistics(NOW)
    assert 55 <= statistics["threads"] <= 75
    assert 280 <= statistics["mails"] <= 340


def test_the_same_moment_gives_the_same_bytes(copies):
    assert delivery.copies(NOW) == copies


def test_mail_is_of_the_last_month_with_some_history(letters):
    first = {letter.thread: letter.date for letter in reversed(letters)}
    old = [date for date in first.values() if date < NOW - timedelta(days=60)]
    assert len(old) == 2
    recent = [date for date in first.values() if date > NOW - timedelta(days=31)]
    assert len(recent) == len(first) - 2
    assert NOW - timedelta(minutes=30) < letters[-1].date < NOW


def test_answers_come_after_their_questions(letters):
    for letter in letters:
        if letter.previous:
            assert letter.previous.date < letter.date, (letter.thread, letter.number)


def test_nothing_is_in_the_future_at_any_hour():
    for hour in range(0, 24, 5):
        now = NOW.replace(hour=hour, minute=1)
        assert max(letter.date for letter in demo_mail.correspondence(now)) <= now


def test_about_a_third_of_the_threads_are_from_strangers(letters):
    known = {person.email for person in PEOPLE.values() if person.known}
    starts = [letter for letter in letters if letter.number == 0]
    unknown = [letter for letter in starts if letter.writer.email not in known]
    assert 0.25 < len(unknown) / len(starts) < 0.4


def test_four_languages_are_written(letters):
    languages = Counter(letter.language for letter in letters)
    assert all(languages[language] >= 15 for language in ("en", "de", "ru", "zh"))


def test_no_two_threads_tell_the_same_story(letters):
    starts = [letter for letter in letters if letter.number == 0 and not letter.raw]
    assert len({letter.subject for letter in starts}) == len(starts)
    assert len({letter.body[1] for letter in starts}) == len(starts)


def test_each_mail_is_read_without_a_defect(parsed):
    for copy, mail in parsed:
        if copy.thread == "broken":
            continue
        assert not mail.defects, (mail.subject, mail.defects)
        assert mail.sender.email and mail.subject and mail.message_id, copy.thread
        assert abs(mail.date - copy.date.replace(tzinfo=None)) < timedelta(seconds=1)
        assert mail.body_text.strip() or mail.bounce


def test_nothing_of_the_templates_is_left(parsed):
    for _, mail in parsed:
        assert "{" not in mail.body_text and "[later]" not in mail.body_text, mail.subject


def test_every_answer_names_a_mail_of_its_thread(parsed):
    threads = defaultdict(set)
    for copy, mail in parsed:
        threads[copy.thread].add(mail.message_id)
    for copy, mail in parsed:
        assert set(mail.references) <= threads[copy.thread], mail.subject


def test_a_mail_in_several_mailboxes_is_one_mail(parsed):
    mails, boxes = defaultdict(set), defaultdict(set)
    for copy, mail in parsed:
        mails[mail.message_id].add((mail.key, mail.digest))
        boxes[mail.message_id].add(copy.login)
    assert all(len(found) == 1 for found in mails.values())
    assert sum(len(found) > 1 for found in boxes.values()) >= 20


def test_copies_differ_in_their_trace_only(letters):
    letter = next(letter for letter in letters if len(letter.boxes()) > 1)
    mail = builder.build(letter)
    arrived = [builder.copy_for(letter, key, mail) for key in letter.boxes()]
    assert len(set(arrived)) > 1
    assert all(raw.endswith(mail) for raw in arrived)


def test_the_odd_ones_are_recognised(parsed):
    natures = Counter(mail.automatic for _, mail in parsed)
    assert natures["auto_reply"] == 1
    assert natures["bounce"] == 1
    assert natures["list"] >= 4


def test_the_bounce_is_of_a_mail_that_we_sent(parsed):
    sent = {mail.message_id for copy, mail in parsed if copy.folder == "Sent"}
    bounce = next(mail.bounce for _, mail in parsed if mail.bounce)
    assert bounce.hard and bounce.original_message_ids[0] in sent


def test_only_the_forged_mail_fails_authentication(parsed):
    incoming = [(copy, mail) for copy, mail in parsed if copy.folder == "INBOX"]
    assert all(mail.authentication[0].server == f"mx.{DOMAIN}" for _, mail in incoming)
    assert {copy.thread for copy, mail in incoming if mail.authentication[0].failed} == {"forged"}


def test_the_group_mail_has_its_true_sender(parsed, parse):
    copy = next(copy for copy, _ in parsed if copy.thread == "google-group")
    mail = parse(copy.raw, own_addresses=[f"support@{DOMAIN}"])
    assert mail.sender.email == PEOPLE["tom"].email
    assert mail.automatic == ""


def test_the_broken_mail_is_broken(copies):
    raw = next(copy.raw for copy in copies if copy.thread == "broken")
    assert message_from_bytes(raw, policy=default).defects


def test_attachments_are_what_they_say(parsed):
    beginnings = {
        "image/png": b"\x89PNG",
        "application/pdf": b"%PDF-1.4",
        "text/csv": b"\xef\xbb\xbf",
        "text/calendar": b"BEGIN:VCALENDAR",
        documents.DOCX: b"PK\x03\x04",
    }
    found = [each for copy, mail in parsed if copy.thread != "broken" for each in mail.attachments]
    for kind, beginning in beginnings.items():
        contents = [each.content for each in found if each.mimetype == kind]
        assert contents, kind
        assert all(content.startswith(beginning) for content in contents), kind
    assert any(each.inline and each.cid for each in found)


def test_all_mailboxes_are_filled(dovecot, copies):
    expected = Counter((copy.login, copy.folder) for copy in copies)
    assert len(demo_mail.mailboxes()) == 6
    for box in demo_mail.mailboxes():
        # what is read by POP3 has nothing sent
        for folder in ("INBOX", "Sent") if box.protocol == "imap" else ("INBOX",):
            with dovecot.client(box.address) as client:
                count = client.select_folder(folder, readonly=True)[b"EXISTS"]
            assert count == expected[box.address, folder] > 0


def test_the_server_has_the_dates_and_what_was_read(dovecot):
    address = demo_mail.mailboxes()[0].address
    with dovecot.client(address) as client:
        client.normalise_times = False
        client.select_folder("INBOX", readonly=True)
        found = client.fetch(client.search(), ["INTERNALDATE", "FLAGS"])
    dates = [item[b"INTERNALDATE"] for item in found.values()]
    assert dates == sorted(dates) and dates[0] < dates[-1] - timedelta(days=60)
    seen = [b"\\Seen" in item[b"FLAGS"] for item in found.values()]
    assert seen[0] and not seen[-1]


def test_a_second_delivery_changes_nothing(dovecot):
    before = _uidnext(dovecot)
    demo_mail.deliver(dovecot)
    assert _uidnext(dovecot) == before


def _uidnext(dovecot) -> list[int]:
    found = []
    for box in demo_mail.mailboxes():
        with dovecot.client(box.address) as client:
            found.append(client.select_folder("INBOX", readonly=True)[b"UIDNEXT"])
    return found
