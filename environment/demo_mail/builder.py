"""From a letter to the bytes of a mail, and to those of each mailbox's copy of it."""

import hashlib
from datetime import datetime, timedelta, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from . import bodies, pictures
from .letter import Letter
from .people import DOMAIN, MAILBOXES
from .story import File

OUR_SERVER = f"mx.{DOMAIN}"
AGENTS = {"en": "Mozilla Thunderbird", "de": "Microsoft Outlook 16.0", "ru": "The Bat!"}
LOGO = File("logo.png", "image/png", lambda date: pictures.draw("logo", 96, 36), cid="logo.1f0a")


def build(letter: Letter) -> bytes:
    """The mail as its sender sent it; all copies share these bytes."""
    message = EmailMessage(policy=SMTP)
    _set_headers(message, letter)
    _set_content(message, letter)
    for file in letter.files:
        if not file.cid:
            _attach(message, file, letter)
    _name_boundaries(message, letter.message_id)
    return message.as_bytes()


def copy_for(letter: Letter, key: str, mail: bytes) -> bytes:
    """The mail as it arrived in a mailbox: our server's trace, then the mail itself."""
    lines = _trace(letter, MAILBOXES[key].address)
    return "".join(f"{line}\r\n" for line in lines).encode() + mail


# ---- headers -------------------------------------------------------------------------------------


def _set_headers(message: EmailMessage, letter: Letter) -> None:
    message["From"] = _addresses(letter.sender)
    message["To"] = _addresses(*letter.to)
    if letter.cc:
        message["Cc"] = _addresses(*letter.cc)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(_local(letter))
    message["Message-ID"] = letter.message_id
    if letter.references:
        message["In-Reply-To"] = letter.references[-1]
        message["References"] = " ".join(letter.references)
    for name, value in letter.headers.items():
        message[name] = value
    if letter.writer.language in AGENTS and not letter.headers:
        message["X-Mailer"] = AGENTS[letter.writer.language]


def _addresses(*pairs: tuple[str, str]) -> tuple[Address, ...]:
    return tuple(Address(display_name=name, addr_spec=address) for name, address in pairs)


def _local(letter: Letter) -> datetime:
    return letter.date.astimezone(timezone(timedelta(hours=letter.writer.zone)))


def _trace(letter: Letter, address: str) -> list[str]:
    digest = hashlib.sha256(f"{letter.message_id}{address}".encode()).hexdigest()
    when = format_datetime(letter.date + timedelta(seconds=4))
    domain = letter.sender[1].rpartition("@")[2]
    return [
        f"Return-Path: <{letter.return_path}>",
        f"Delivered-To: {address}",
        f"Received: from mail.{domain} (mail.{domain} [192.0.2.{int(digest[:2], 16)}])",
        f"\tby {OUR_SERVER} (Postfix) with ESMTPS id {digest[2:12].upper()}",
        f"\tfor <{address}>; {when}",
        *_authentication(letter.verdict, domain),
    ]


def _authentication(verdict: str, domain: str) -> list[str]:
    checked = domain if verdict == "pass" else "bulk-sender.example"
    return [
        f"Authentication-Results: {OUR_SERVER};",
        f"\tdmarc={verdict} header.from={domain};",
        f"\tdkim={'pass' if verdict == 'pass' else 'none'} header.d={checked};",
        f"\tspf=pass smtp.mailfrom={checked}",
    ]


# ---- content -------------------------------------------------------------------------------------


def _set_content(message: EmailMessage, letter: Letter) -> None:
    charset = letter.writer.charset
    message.set_content(bodies.text(letter), charset=charset, cte=_encoding(letter))
    shown = [file for file in letter.files if file.cid]
    with_logo = letter.sender[1] == MAILBOXES["sales"].address
    if not (letter.writer.html or shown):
        return
    shown = [*shown, LOGO] if with_logo else shown
    html = bodies.html(letter, shown)
    message.add_alternative(html, subtype="html", charset=charset, cte=_encoding(letter))
    for picture in shown:
        _show(message.get_payload()[-1], picture, letter)


def _encoding(letter: Letter) -> str:
    return "base64" if letter.language in ("ru", "zh") else "quoted-printable"


def _show(html: EmailMessage, picture: File, letter: Letter) -> None:
    maintype, subtype = picture.mimetype.split("/")
    content = picture.content(letter.date)
    cid = f"<{picture.cid}>"
    html.add_related(
        content, maintype, subtype, cid=cid, filename=picture.name, disposition="inline"
    )


def _attach(message: EmailMessage, file: File, letter: Letter) -> None:
    maintype, subtype = file.mimetype.split("/")
    content = file.content(letter.date)
    message.add_attachment(content, maintype, subtype, filename=file.name)


def _name_boundaries(message: EmailMessage, name: str) -> None:
    """Python draws them; ours are the same each time."""
    for number, part in enumerate(message.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            digest = hashlib.sha256(f"{name}/{number}".encode()).hexdigest()
            part.set_boundary(f"=_{digest[:24]}")
