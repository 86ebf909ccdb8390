"""The way from bytes to a ``ParsedMail``: nothing here knows how, only in which order."""

import contextlib
import logging
import re

from . import automatic, bounces, digest
from .addresses import parse_addresses, parse_all
from .authentication import read_verdicts, vouched_address
from .bodies import Content, read_content, read_plainly
from .charsets import clean, clean_line
from .dates import believable, parse_date
from .guesses import charset_of_mail, guesses_of_one_mail
from .headers import decode_words, parse_headers
from .message_id import chain, number_by_content, parse_message_id, parse_message_ids
from .parsed_mail import Address, ParsedMail
from .sender import true_sender
from .structure import parse_structure
from .subjects import kind_of
from .text import preview, text_to_html
from .tnef import Packed, unpack
from .trace import headers_as_text, trace_as_text

_logger = logging.getLogger(__name__)
_LINKS = re.compile(r'<a href="([^"]*)"')

MAX_SUBJECT = 1_000
MAX_DEFECTS = 20
MAX_LOOP_MARKS = 20
MAX_UNREADABLE = 100_000
TRUNCATED_NOTE = "This mail is larger than the size limit; only its headers were fetched."
MAX_DELIVERED = 50
DELIVERY_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")


def parse(raw, *, received_at=None, own_addresses=(), truncated=False, unpack=unpack):
    """Return the ``ParsedMail`` that the bytes ``raw`` are; never raises, whatever they hold.

    ``received_at`` is when the server took the mail in (naive UTC); without it, now.
    ``own_addresses`` are those of the company's mailboxes: a list by such a name is no list.
    ``truncated`` says that ``raw`` is only the header of a mail that was too large to fetch.
    ``unpack`` is what reads a winmail.dat; ``tnef.refuse`` makes it raise ``Packed`` instead.
    """
    try:
        with guesses_of_one_mail():
            return _parse(bytes(raw), received_at, own_addresses, truncated, unpack)
    except Packed:
        raise
    except Exception as error:  # one mail that nobody foresaw must not stop those behind it
        _logger.exception(
            "A mail of %d bytes could not be parsed; it is shown as it came", len(raw)
        )
        return _unreadable(bytes(raw), error, received_at)


def _parse(raw, received_at, own_addresses, truncated, unpack):
    root, defects = parse_structure(raw)
    headers = root.headers
    headers.charset = headers.charset or charset_of_mail(raw)
    mail = ParsedMail(size=len(raw), defects=defects)
    _read_identity(mail, headers, received_at)
    _read_people(mail, headers)
    kind = kind_of(mail.subject, bool(mail.references))
    content = _truncated_content() if truncated else read_content(root, unpack, kind)
    _read_nature(mail, headers, content, root, own_addresses)
    _show(mail, content, kind)
    mail.headers = headers_as_text(headers)
    mail.trace_headers = trace_as_text(headers)
    first_hop = "".join(headers.raw_all("received")[-1:])
    mail.key = digest.mail_key(mail, headers.raw("date"), content.text, first_hop)
    texts = [mail.headers] if truncated else [mail.subject, *_shown_texts(content)]
    mail.digest = digest.content_digest(texts, content.attachments)
    mail.message_id = mail.message_id or number_by_content(
        mail.key, mail.digest, *(decode_words(headers.raw(name)) for name in ("to", "cc"))
    )
    mail.defects = list(dict.fromkeys(mail.defects + content.defects))[:MAX_DEFECTS]
    return mail


def parse_plainly(raw):
    """Return a ``ParsedMail`` of text and files only, for a mail that was not to be imported.

    Its HTML is not parsed. Like all of ``mime/`` it is bounded, but it may raise.
    """
    with guesses_of_one_mail():
        root, _defects = parse_structure(bytes(raw))
        root.headers.charset = root.headers.charset or charset_of_mail(raw)
        content = read_plainly(root)
    return ParsedMail(body_text=content.text, attachments=content.attachments, size=len(raw))


def _read_identity(mail, headers, received_at):
    mail.message_id = parse_message_id(headers.raw("message-id"))
    mail.in_reply_to = parse_message_ids(headers.raw("in-reply-to"))[:10]
    references = parse_message_ids(" ".join(headers.raw_all("references")))
    mail.references = chain(references, mail.in_reply_to, mail.message_id)
    mail.subject = headers.text("subject")[:MAX_SUBJECT]
    mail.date = believable(parse_date(headers.raw("date")), received_at)
    marks = headers.text_all("x-mail-import-loop")
    mail.loop_marks = [mark[:200] for mark in marks[:MAX_LOOP_MARKS]]


def _read_people(mail, headers):
    mail.from_ = _first(parse_addresses(headers.raw("from"))) or _first(
        parse_addresses(headers.raw("sender"))
    )
    mail.from_ = mail.from_ or Address()
    authors = parse_all(headers.raw_all("from"))
    mail.several_authors = len({each.email for each in authors if each.email}) > 1
    mail.reply_to = parse_all(headers.raw_all("reply-to"))
    mail.to = parse_all(headers.raw_all("to"))
    mail.cc = parse_all(headers.raw_all("cc"))
    mail.bcc = parse_all(headers.raw_all("bcc"))
    delivered = parse_all(value for name in DELIVERY_HEADERS for value in headers.raw_all(name))
    mail.delivered_to = [each.email for each in delivered if each.email][:MAX_DELIVERED]


def _first(addresses):
    return next(iter(addresses), None)


def _read_nature(mail, headers, content, root, own_addresses):
    """Who is behind the mail: a person, a list, a machine; and who vouches for it."""
    mail.list_id = automatic.list_id(headers)
    mail.list_addresses = automatic.list_addresses(headers)
    own_list = automatic.is_own_list(headers, own_addresses)
    lists = set(mail.list_addresses)
    mail.sender = true_sender(headers, mail.from_, mail.reply_to, lists)
    mail.bounce = bounces.read_bounce(root, content.text)
    mail.receipt = None if mail.bounce else bounces.read_receipt(root)
    mail.automatic = automatic.kind_of(headers, mail.bounce, mail.sender, mail.subject, own_list)
    mail.authentication = read_verdicts(headers, vouched_address(headers, mail.from_, mail.sender))


def _shown_texts(content):
    """What people read, and where its links lead: a forged link is another content."""
    links = _LINKS.findall(content.html) if content.html_text else []
    return content.text, content.html_text, " ".join(links)


def _truncated_content():
    return Content(text_to_html(TRUNCATED_NOTE), TRUNCATED_NOTE)


def _show(mail, content, kind):
    mail.body_html = content.html
    mail.body_text = content.text
    mail.preview = preview(content.text, kind)
    mail.attachments = content.attachments


def _unreadable(raw, error, received_at=None):
    """The mail as it came; who sent it and when is still said, as far as that can be read."""
    text = clean(raw[:MAX_UNREADABLE].decode("utf-8", "replace"))
    mail = ParsedMail(body_text=text, body_html=text_to_html(text), size=len(raw))
    mail.preview = preview(text)
    mail.defects = [f"The mail could not be parsed: {clean_line(str(error))[:200]}"]
    mail.key = mail.digest = digest.raw_digest(raw)
    with contextlib.suppress(Exception):
        headers, _body = parse_headers(raw)
        _read_identity(mail, headers, received_at)
        _read_people(mail, headers)
        mail.sender = mail.from_
    mail.message_id = mail.message_id or number_by_content(mail.key, mail.digest)
    return mail
