"""The demo's outgoing mail, as a process: the SMTP sink, its page, the post to the mailboxes.

A mail to an address that has a mailbox on the demo's mail server is put into it; mail to anybody
else goes to the one mailbox ``customer``, so that both ends of a conversation can be seen.
"""

from . import demo_place, places
from .dovecot import Dovecot
from .sink_page import serve
from .smtp_sink import SentMail, SmtpSink


def deliver(dovecot: Dovecot, mail: SentMail) -> None:
    """Each mailbox gets one copy, however many of its addresses are among the recipients."""
    logins = {login.lower(): login for login in dovecot.logins()}
    mailboxes = {logins.get(address.lower(), demo_place.CUSTOMER) for address in mail.recipients}
    for login in mailboxes.intersection(dovecot.logins()):
        dovecot.deliver(login, mail.raw)


def main() -> None:
    dovecot = demo_place.dovecot()
    with SmtpSink(
        folder=demo_place.folder() / "sent",
        port=places.port("SMTP_PORT"),
        on_mail=lambda mail: deliver(dovecot, mail),
    ) as sink:
        serve(sink, places.port("SINK_HTTP_PORT")).serve_forever()


if __name__ == "__main__":
    main()
