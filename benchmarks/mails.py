"""The mails of the benchmark: the same bytes for both sides and for every run of one moment.

They are what people send: a text and an HTML part of some kB with a signature, quoted text in
answers, every fifth with a small attachment; each by another sender, because the host takes many
mails of one for a loop.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from benchmarks.people import ADDRESS, Sender, existing_id, writer

TEXT = (
    "order invoice delivery printer contract meeting price quantity week answer question please "
    "document customer account address change project training report version update payment "
    "Lieferung Rechnung Angebot größer für спасибо договор заказ счёт the of and to in is that with"
)
WORDS = TEXT.split()
STYLE = "font-family:Calibri,Arial,sans-serif;font-size:11pt;color:#1f497d"
HUGE = 7_500_000
"""Bytes of an attachment that makes a mail of 10 MB."""


@dataclass(frozen=True)
class Draft:
    """What one mail of the benchmark is to be."""

    number: int
    who: Sender
    message_id: str
    answers: str = ""
    attachment: int = 0
    """Bytes; 0 for none, or as every fifth has one."""


def question(number: int, who: Sender, attachment: int = 0) -> Draft:
    """A mail that begins a thread."""
    return Draft(number, who, question_id(number, who), attachment=attachment)


def answer(number: int, who: Sender) -> Draft:
    """One more mail in the thread that ``question`` began."""
    return Draft(number, who, f"<answer.{number}@{who.host}>", answers=question_id(number, who))


def answer_to_existing(number: int, mail: int) -> Draft:
    """An answer to a mail that was in the database before the benchmark."""
    who = writer(mail)
    return Draft(number, who, f"<answer.{number}@{who.host}>", answers=existing_id(mail))


def question_id(number: int, who: Sender) -> str:
    return f"<question.{number}@{who.host}>"


@lru_cache(maxsize=10_000)
def written(draft: Draft, moment: datetime) -> bytes:
    """The mail's bytes, which are the same for the same draft and moment."""
    chance = random.Random(f"{draft.number} {bool(draft.answers)}")
    who = draft.who
    date = format_datetime(moment - timedelta(minutes=2 if draft.answers else 30))
    mail = EmailMessage(policy=SMTP)
    _add_trace(mail, who, date, draft.number)
    mail["From"] = f"{who.name} <{who.email}>"
    mail["To"] = f"Support <{ADDRESS}>"
    topic = f"{_sentence(chance, 4)} {draft.number}"
    mail["Subject"] = f"Re: {topic}" if draft.answers else topic
    mail["Date"] = date
    mail["Message-ID"] = draft.message_id
    if draft.answers:
        mail["In-Reply-To"] = mail["References"] = draft.answers
    paragraphs = [_sentence(chance, 40) for _ in range(chance.randint(3, 8))]
    mail.set_content(_text(paragraphs, who, bool(draft.answers)))
    mail.add_alternative(_html(paragraphs, who, bool(draft.answers)), subtype="html")
    size = draft.attachment or (draft.number % 5 == 0 and chance.randint(5_000, 40_000))
    if size:
        content = chance.randbytes(size)
        filename = f"document {draft.number}.pdf"
        mail.add_attachment(content, "application", "pdf", filename=filename)
    for place, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{draft.number}_{place}")  # else a random one
    return mail.as_bytes()


def _add_trace(mail: EmailMessage, who: Sender, date: str, number: int) -> None:
    """What the servers on the way write on top."""
    mail["Return-Path"] = f"<{who.email}>"
    mail["Received"] = f"from out.{who.host} by mx.company.example with ESMTPS id {number}; {date}"
    mail["Received"] = f"from [10.0.0.{number % 250}] by out.{who.host} with ESMTPSA; {date}"
    mail["Authentication-Results"] = (
        f"mx.company.example; dkim=pass header.d={who.host}; spf=pass "
        f"smtp.mailfrom={who.email}; dmarc=pass header.from={who.host}"
    )
    mail["X-Mailer"] = str(Header("Microsoft Outlook 16.0"))


def _sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(WORDS, k=length)).capitalize()


def _text(paragraphs: list[str], who: Sender, answer: bool) -> str:
    lines = [*paragraphs, f"-- \n{who.name}\nTel. +49 30 {len(who.name)}00"]
    if answer:
        lines += [f"On Monday Support <{ADDRESS}> wrote:", *(f"> {text}" for text in paragraphs)]
    return "\n\n".join(lines)


def _html(paragraphs: list[str], who: Sender, answer: bool) -> str:
    body = "".join(
        f'<p class="MsoNormal" style="margin:0cm"><span style="{STYLE}">{text}</span></p>'
        f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        for text in paragraphs
    )
    signature = (
        f'<table border="0" cellpadding="0"><tr><td style="padding:4pt"><b>{who.name}</b></td>'
        f'<td><a href="https://www.{who.host}/">{who.host}</a></td></tr></table>'
    )
    quoted = f"<blockquote type='cite'>{body}</blockquote>" if answer else ""
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal '
        "{margin:0cm;font-size:11.0pt}</style></head><body lang=DE link=blue>"
        f'<div class="WordSection1">{body}{signature}</div>{quoted}</body></html>'
    )
