"""The private mail server does what the add-on's tests rely on."""

import imaplib
import poplib
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest

from environment.dovecot import Dovecot

LOGIN = "info@example.com"
MAIL = b"From: ann@example.org\r\nSubject: Hello\r\n\r\nGood morning\r\n"


@pytest.fixture
def dovecot():
    with Dovecot() as server:
        server.add_user(LOGIN, "se cr:et")
        yield server


def test_a_delivered_mail_is_read_back_unchanged(dovecot):
    uid = dovecot.deliver(LOGIN, MAIL)
    with dovecot.client(LOGIN) as client:
        client.select_folder("INBOX", readonly=True)
        fetched = client.fetch([uid], ["BODY.PEEK[]", "FLAGS"])[uid]
    assert fetched[b"BODY[]"] == MAIL
    assert b"\\Seen" not in fetched[b"FLAGS"]


def test_many_deliver_at_once(dovecot):
    with ThreadPoolExecutor(12) as threads:
        uids = list(threads.map(lambda _number: dovecot.deliver(LOGIN, MAIL), range(60)))
    assert sorted(uids) == list(range(1, 61))


def test_folder_date_and_flags_are_as_asked(dovecot):
    day = datetime(2020, 2, 3, 4, 5, 6, tzinfo=timezone.utc)
    folder = "Проекты/North & co."
    uid = dovecot.deliver(LOGIN, MAIL, folder=folder, seen=True, date=day, flags=("\\Flagged",))
    with dovecot.client(LOGIN) as client:
        client.normalise_times = False
        client.select_folder(folder, readonly=True)
        fetched = client.fetch([uid], ["INTERNALDATE", "FLAGS"])[uid]
    assert fetched[b"INTERNALDATE"] == day
    assert {b"\\Seen", b"\\Flagged"} <= set(fetched[b"FLAGS"])


def test_special_folders_are_marked(dovecot):
    with dovecot.client(LOGIN) as client:
        names = {name: flags for flags, _, name in client.list_folders()}
    for name in ("Drafts", "Sent", "Junk", "Trash", "Archive"):
        assert f"\\{name}".encode() in names[name]


def test_a_user_can_be_added_while_it_runs(dovecot):
    dovecot.add_user("new@example.com", "other")
    dovecot.deliver("new@example.com", MAIL)
    with dovecot.client("new@example.com") as client:
        assert client.select_folder("INBOX")[b"EXISTS"] == 1


def test_tls_is_trusted_only_with_its_authority(dovecot):
    client = imaplib.IMAP4_SSL("localhost", dovecot.imaps_port, ssl_context=dovecot.tls_context())
    client.logout()
    with pytest.raises(ssl.SSLCertVerificationError):
        imaplib.IMAP4_SSL("localhost", dovecot.imaps_port, ssl_context=ssl.create_default_context())


def test_starttls_and_a_wrong_password(dovecot):
    client = imaplib.IMAP4("localhost", dovecot.imap_port)
    client.starttls(dovecot.tls_context())
    with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"):
        client.login(LOGIN, "wrong")


def test_pop3_sees_the_same_inbox(dovecot):
    dovecot.deliver(LOGIN, MAIL)
    client = poplib.POP3("localhost", dovecot.pop_port)
    client.user(LOGIN)
    client.pass_("se cr:et")
    assert client.stat()[0] == 1
    client.quit()


def test_mail_survives_an_outage(dovecot):
    dovecot.deliver(LOGIN, MAIL)
    dovecot.stop()
    with pytest.raises(ConnectionRefusedError):
        imaplib.IMAP4("localhost", dovecot.imap_port)
    dovecot.start()
    with dovecot.client(LOGIN) as client:
        assert client.select_folder("INBOX")[b"EXISTS"] == 1


@pytest.mark.parametrize("change", [Dovecot.purge, Dovecot.renumber])
def test_uidvalidity_grows(dovecot, change):
    dovecot.deliver(LOGIN, MAIL)
    before = _uidvalidity(dovecot)
    change(dovecot, LOGIN)
    assert _uidvalidity(dovecot) > before


def _uidvalidity(dovecot) -> int:
    with dovecot.client(LOGIN) as client:
        return client.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"]
