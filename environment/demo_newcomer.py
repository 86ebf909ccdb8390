"""Somebody in the demo who has no mailbox yet, to try the first steps with.

Her mail service is the demo's own mail server, under a domain that is a provider's.
"""

from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from .dovecot import Dovecot

LOGIN = PASSWORD = "nora"
NAME = "Nora Newcomer"
DOMAIN = "newcomer.example"
ADDRESS = f"{LOGIN}@{DOMAIN}"
SERVICE = "Newcomer Mail"

LETTERS = (
    (
        40,
        "Azure Interior <azure.Interior24@example.com>",
        "Our meeting in spring",
        "Dear Nora,\n\nthank you for your time yesterday. We will send the plans next week.",
    ),
    (
        3,
        "Gemini Furniture <gemini_furniture@fake.geminifurniture.com>",
        "Offer for ten desks",
        "Dear Nora,\n\ncould you make us an offer for ten desks with drawers?",
    ),
    (
        0,
        "Azure Interior <azure.Interior24@example.com>",
        "The plans",
        "Dear Nora,\n\nhere is what we talked about. When could you come by?",
    ),
)
"""Days ago, sender, subject, text; the senders are customers of Odoo's demo data."""


def deliver(dovecot: Dovecot) -> None:
    """Make her account, with some mail in it; once."""
    if ADDRESS in dovecot.logins():
        return
    dovecot.add_user(ADDRESS, PASSWORD)
    for days, sender, subject, text in LETTERS:
        date = datetime.now(timezone.utc) - timedelta(days=days, minutes=20)
        dovecot.deliver(ADDRESS, _mail(sender, subject, text, date), date=date)


def provider_values(dovecot: Dovecot, smtp_host: str, smtp_port: int) -> dict:
    """Of the ``mail.import.provider`` by which her servers are found."""
    return {
        "name": SERVICE,
        "domains": DOMAIN,
        "imap_host": dovecot.host,
        "imap_port": dovecot.imap_port,
        "imap_security": "none",
        "smtp_host": smtp_host,
        "smtp_port": smtp_port,
        "smtp_security": "none",
        "sequence": 100,
    }


def _mail(sender: str, subject: str, text: str, date: datetime) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, f"{NAME} <{ADDRESS}>", subject
    mail["Date"], mail["Message-ID"] = format_datetime(date), make_msgid(domain="example.com")
    mail.set_content(text)
    return mail.as_bytes()
