"""The sink keeps what it accepts, and refuses what it is told to refuse."""

import smtplib
import ssl
from email.message import EmailMessage

import pytest

from environment import sink_page
from environment.smtp_sink import SmtpSink


@pytest.fixture
def sink():
    with SmtpSink() as server:
        yield server


def test_a_mail_is_kept_with_its_envelope(sink):
    _send(sink, to="ann@example.com", bcc="boss@example.com")
    (sent,) = sink.messages()
    assert sent.sender == "me@example.com"
    assert sent.recipients == ("ann@example.com", "boss@example.com")
    assert sent.message["Subject"] == "Привет"
    assert sent.message.get_content().split() == ["Hello"]


def test_mails_are_listed_in_the_order_of_their_arrival(sink):
    for number in range(12):
        _send(sink, subject=str(number))
    assert [mail.message["Subject"] for mail in sink.messages()] == [str(n) for n in range(12)]
    sink.clear()
    assert not sink.messages()


def test_a_refused_recipient_does_not_stop_the_others(sink):
    sink.refuse("gone@*", "550 5.1.1 No such user")
    with _client(sink) as client:
        refused = client.send_message(
            _mail(), "me@example.com", ["gone@example.com", "ann@example.com"]
        )
    assert refused == {"gone@example.com": (550, b"5.1.1 No such user")}
    assert sink.messages()[0].recipients == ("ann@example.com",)


def test_content_can_be_put_off(sink):
    sink.refuse_content("451 4.3.0 Later")
    with pytest.raises(smtplib.SMTPDataError, match="Later"):
        _send(sink)
    assert not sink.messages()


def test_login_is_required_when_there_are_users():
    with SmtpSink(users={"me": "secret"}) as sink:
        with pytest.raises(smtplib.SMTPException):
            _send(sink)
        with _client(sink) as client:
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("me", "wrong")
            client.login("me", "secret")
            client.send_message(_mail())
        assert len(sink.messages()) == 1


def test_starttls_can_be_checked():
    with SmtpSink(starttls=True) as sink, _client(sink) as client:
        client.starttls(context=ssl.create_default_context(cafile=sink.ca_file))
        client.send_message(_mail())
        assert sink.messages()[0].recipients == ("ann@example.com",)


def test_the_page_shows_mail_and_runs_nothing_of_it(sink):
    hostile = "<script>alert(1)</script>"
    with _client(sink) as client:
        message = _mail(subject=hostile)
        message.add_alternative(f'<p title="x">{hostile}</p>', subtype="html")
        client.send_message(message)
    (mail,) = sink.messages()
    for page in (sink_page.list_page([mail]), sink_page.mail_page(mail)):
        assert "<script" not in page
        assert "&lt;script&gt;alert(1)" in page
    assert '<iframe sandbox="" srcdoc="&lt;p title=&quot;x&quot;&gt;' in sink_page.mail_page(mail)


def _mail(
    to: str = "ann@example.com", subject: str = "Привет", bcc: str | None = None
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "me@example.com"
    message["To"] = to
    message["Subject"] = subject
    if bcc:
        message["Bcc"] = bcc
    message.set_content("Hello")
    return message


def _client(sink: SmtpSink) -> smtplib.SMTP:
    return smtplib.SMTP(sink.host, sink.port)


def _send(sink: SmtpSink, **fields) -> None:
    with _client(sink) as client:
        client.send_message(_mail(**fields))
