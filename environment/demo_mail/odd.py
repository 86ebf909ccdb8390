"""Mail that is no ordinary correspondence, and what an importer has to make of it.

Newsletters, an out-of-office note, a bounce, a forged sender, a group that rewrites From, a mail
that is broken.
"""

from datetime import datetime, timedelta
from email.utils import format_datetime

from . import words
from .builder import build
from .letter import Letter
from .people import DOMAIN, EMPLOYEES, MAILBOXES, PEOPLE, Person, address_of
from .threads import message_id, signature

MACHINE = Person("", "", known=False)


def letters(now: datetime, threads: dict[str, list[Letter]]) -> list[Letter]:
    """:param threads: the ordinary ones, some of which these belong to"""
    return [
        *_newsletters(now),
        _out_of_office(threads["stonage-50-chairs"]),
        *_bounce(now),
        _forged(now),
        _from_a_group(now),
        _broken(now),
    ]


# ---- newsletters ---------------------------------------------------------------------------------

NEWSLETTERS = (
    (
        "sales",
        ("Furniture Trends Weekly", "news@furniture-trends.example"),
        "Five materials that will shape offices next year",
        """Cork, felt made of old bottles, and a surprising return of steel: our editors visited
        twelve fairs and tell you what customers will ask for.

        Also in this edition: what a good chair costs today, and why meeting rooms get smaller.""",
        3.2,
    ),
    (
        "sales",
        ("Furniture Trends Weekly", "news@furniture-trends.example"),
        "Wood prices: is the peak behind us?",
        """For the third month in a row oak has become cheaper. We asked four sawmills whether
        this will last.

        Also in this edition: a portrait of a family business that builds nothing but desks.""",
        10.2,
    ),
    (
        "mitchell",
        ("Chamber of Commerce", "events@chamber-of-commerce.example"),
        "Invitation: breakfast for entrepreneurs",
        """Once a month entrepreneurs of the region meet for breakfast. This time the head of the
        employment office speaks about apprentices, with time for questions.

        There are 40 seats; please register on our website.""",
        5.6,
    ),
    (
        "support",
        ("Spedition heute", "redaktion@spedition-heute.example"),
        "Newsletter: Was sich bei den Frachttarifen ändert",
        """zum Monatswechsel ändern sich die Tarife mehrerer Speditionen. Wir haben die
        wichtigsten Punkte für Sie zusammengestellt.

        Außerdem in dieser Ausgabe: Transportschäden richtig melden.""",
        1.4,
    ),
)


def _newsletters(now: datetime) -> list[Letter]:
    return [_newsletter(now, number, *issue) for number, issue in enumerate(NEWSLETTERS)]


def _newsletter(
    now: datetime,
    number: int,
    box: str,
    sender: tuple[str, str],
    subject: str,
    text: str,
    ago: float,
) -> Letter:
    language = "de" if "heute" in sender[1] else "en"
    name, _, domain = sender[1].partition("@")
    letter = _letter(f"newsletter-{number}", PEOPLE_OF_LISTS[language], sender, box, subject)
    letter.date = now - timedelta(days=ago)
    letter.language = language
    letter.body = (words.greeting(language, None, 1), *words.paragraphs(text, language))
    letter.signature = (sender[0], f"https://www.{domain}/unsubscribe")
    letter.envelope_from = f"bounces+{number}@{domain}"
    letter.headers = {
        "List-Id": f"{sender[0]} <{name}.{domain}>",
        "List-Unsubscribe": f"<https://www.{domain}/u/{number}7c>, <mailto:leave@{domain}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
    }
    return letter


PEOPLE_OF_LISTS = {
    "en": Person("", "", html=True, known=False),
    "de": Person("", "", html=True, known=False, language="de"),
}


# ---- machines ------------------------------------------------------------------------------------


def _out_of_office(thread: list[Letter]) -> Letter:
    """It answers our offer within a minute, in the same thread."""
    offer = thread[1]
    writer = PEOPLE["helle"]
    letter = _letter(offer.thread, writer, address_of("helle"), "sales", "")
    letter.number = 90
    letter.message_id = message_id(offer.thread, letter.number, writer.domain)
    letter.subject = f"Automatic reply: {offer.subject}"
    letter.date = offer.date + timedelta(seconds=41)
    letter.previous = offer
    letter.envelope_from = ""
    letter.headers = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
    letter.body = (
        "Thank you for your message. I am out of the office today and will answer as soon as I"
        " am back.",
        "In urgent cases please call our reception.",
    )
    letter.signature = signature(writer)
    return letter


def _bounce(now: datetime) -> list[Letter]:
    """An offer of ours that went to a misspelt address, and what came back."""
    offer = _letter(
        "bounced", EMPLOYEES["marc"], address_of("sales"), "", "Your request: 8 shelves"
    )
    offer.to = (("Alys Kalinovich", "akalinovich@jaloo-design.example"),)
    offer.date = now - timedelta(days=2, hours=3)
    offer.message_id = message_id("bounced", 0, DOMAIN)
    offer.is_ours = True
    offer.body = (
        "Hello Alys,",
        "thank you for your call. As promised, here are the prices for the 8 shelves: 74 each in"
        " birch, 82 in oak, delivery included.",
        "Best regards,",
    )
    offer.signature = signature(offer.writer, "Sales")
    report = _letter("bounced", MACHINE, DAEMON, "sales", "Undelivered Mail Returned to Sender")
    report.number = 1
    report.date = offer.date + timedelta(seconds=20)
    report.message_id = message_id("bounced", 1, f"mx.{DOMAIN}")
    report.envelope_from = ""
    report.raw = _report(report, offer).replace("\n", "\r\n").encode()
    return [offer, report]


DAEMON = ("Mail Delivery System", f"MAILER-DAEMON@mx.{DOMAIN}")
REPORT = """From: {daemon} <{address}>
To: {sender}
Subject: {subject}
Date: {date}
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_bounce"

--=_bounce
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.{domain}.

I'm sorry to have to inform you that your message could not be delivered to
one or more recipients. It's attached below.

<{recipient}>: host mail.jaloo-design.example said: 550 5.1.1
    <{recipient}>: Recipient address rejected: User unknown

--=_bounce
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.{domain}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 Recipient address rejected: User unknown

--=_bounce
Content-Type: message/rfc822

{returned}
--=_bounce--
"""


def _report(report: Letter, offer: Letter) -> str:
    returned = build(offer).decode("ascii").replace("\r\n", "\n")
    return REPORT.format(
        daemon=report.sender[0],
        address=report.sender[1],
        sender=offer.sender[1],
        subject=report.subject,
        date=format_datetime(report.date),
        message_id=report.message_id,
        domain=DOMAIN,
        recipient=offer.to[0][1],
        returned=returned,
    )


# ---- people who are not who they seem to be ------------------------------------------------------


def _forged(now: datetime) -> Letter:
    """Somebody else writes as Mitchell; our mail server has noticed."""
    mitchell = EMPLOYEES["mitchell"]
    letter = _letter("forged", mitchell, address_of("mitchell"), "marc", "Urgent payment, today")
    letter.to = (address_of("marc"), address_of("sales"))
    letter.date = now - timedelta(hours=5)
    letter.message_id = message_id("forged", 0, "bulk-sender.example")
    letter.verdict = "fail"
    letter.envelope_from = "x71@bulk-sender.example"
    letter.headers = {"Reply-To": "Mitchell Admin <mitchell.admin@private-mail.example>"}
    letter.body = (
        "Hi Marc,",
        "I am in a meeting and cannot talk. A supplier has to be paid today, the amount is"
        " 18,400. Please confirm that you are at your desk, then I send you the account.",
        "Keep this between us for now.",
    )
    letter.signature = ("Mitchell Admin",)
    return letter


def _from_a_group(now: datetime) -> Letter:
    """support@ is a group at the mail provider, which writes itself into From."""
    writer = PEOPLE["tom"]
    group = MAILBOXES["support"].address
    sender = (f"'{writer.name}' via Support", group)
    subject = "Assembly instructions as a video?"
    letter = _letter("google-group", writer, sender, "support", subject)
    letter.date = now - timedelta(days=1, hours=2)
    letter.message_id = message_id("google-group", 0, writer.domain)
    letter.envelope_from = f"support+bncBC7@{DOMAIN}"
    letter.headers = {
        "Reply-To": f"{writer.name} <{writer.email}>",
        "X-Original-From": f"{writer.name} <{writer.email}>",
        "X-Original-Sender": writer.email,
        "Precedence": "list",
        "List-Id": f"<support.{DOMAIN}>",
        "List-Post": f"<mailto:{group}>",
        "X-Google-Group-Id": "480215173126",
    }
    letter.body = (
        "Hello,",
        "is there a video that shows how the shelves are put together? My colleagues and I have"
        " now read the printed instructions three times, each with a different result.",
        "Best regards,",
    )
    letter.signature = signature(writer)
    return letter


BROKEN = b"""From: =?utf-8?Q?Lager_S=C3=BCd?= <lager@@sued-lager..example
To: support@%(domain)s, <<"unbalanced
Subject: =?x-unknown-77?B?RmVobGVyIGluIGRlciBMaWVm$$$?= Lieferschein \xe4\xf6\xfc 4711
Date: Thirdday, 42 Nonember 20x6 25:61:00
Message-ID: <
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="never-closed

--never-closed
Content-Type: text/plain; charset=x-unknown-77
Content-Transfer-Encoding: base64

U2VociBnZWVocnRlIERhbWVu$$$IHVuZCBIZXJyZW4sIGRlciBMaWVmZXJzY2hlaW4=
--never-closed
Content-Type: application/pdf; name="..\\..\\Lieferschein\x00.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK=====
"""


def _broken(now: datetime) -> Letter:
    """Written by a program of the last century; nothing in it is as it should be."""
    sender = ("Lager Süd", "lager@sued-lager.example")
    letter = _letter("broken", MACHINE, sender, "support", "Lieferschein 4711")
    letter.date = now - timedelta(hours=8)
    letter.verdict = "none"
    letter.raw = (BROKEN % {b"domain": DOMAIN.encode()}).replace(b"\n", b"\r\n")
    return letter


def _letter(thread: str, writer: Person, sender: tuple[str, str], box: str, subject: str) -> Letter:
    """:param box: key of the mailbox that gets it, or nothing"""
    return Letter(
        thread=thread,
        number=0,
        writer=writer,
        sender=sender,
        to=(address_of(box),) if box else (),
        subject=subject,
        date=datetime.min,
        message_id=message_id(thread, 0, sender[1].rpartition("@")[2]),
    )
