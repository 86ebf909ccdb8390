"""Telling one mail from another: the same through two mailboxes, and another under one id."""

import hashlib
from datetime import timedelta

from .dates import parse_date
from .headers import decode_words
from .opt_out import impersonal

CLOCK_TOLERANCE = timedelta(hours=3)
"""How far a sender's clock and that of the first server may be apart."""


def mail_key(mail, date, body_text, first_hop=""):
    """Return the hex digest that names a mail; of trace headers only ``first_hop`` counts.

    ``date`` is the text of the Date header; it counts even where it is no date.
    ``first_hop`` is the lowest Received, which all copies of a mail share. It counts where there
    is no Message-ID and Date does not say when the mail was sent: of a device without a clock that
    sends the same words each day, it tells one mail from the next.
    """
    sender = mail.sender.email or mail.sender.name
    date = _plain(decode_words(date))
    if mail.message_id:
        return _hash([mail.message_id, sender, date])
    return key_without_id(sender, moment_of(date, first_hop), mail.subject, body_text)


def key_without_id(sender, moment, subject, body_text):
    return _hash(["", sender, moment, subject, _plain(body_text)])


def moment_of(date, first_hop):
    """Return what tells a mail from others of the same words: Date, the first hop, or both."""
    date, hop = _plain(decode_words(date)), _plain(decode_words(first_hop))
    return date if _is_right(parse_date(date), hop) else f"{date} {hop}".strip()


def _is_right(sent_at, hop):
    """Whether the first server took the mail in when it says that it was sent."""
    _by_whom, semicolon, taken_in = hop.rpartition(";")
    taken_in_at = parse_date(taken_in) if semicolon else None
    if not sent_at or not taken_in_at:
        return bool(sent_at)
    return abs(taken_in_at - sent_at) <= CLOCK_TOLERANCE


def content_digest(texts, attachments):
    """Return the hex digest of what people see: the texts and the bytes of the attachments.

    White space does not count, nor do the line ends of text files: a relay that encodes a mail
    anew (base64, quoted-printable, 8bit) may change both. Neither does whose link it is by which
    one opts out: of a mail of ours, each recipient got a copy of their own.
    """
    values = [_plain(impersonal(text)) for text in texts]
    values += [hashlib.sha256(_stable(attachment)).hexdigest() for attachment in attachments]
    return _hash(values)


def _plain(text):
    return " ".join(text.split())


def _stable(attachment):
    if attachment.mimetype.startswith(("text/", "message/")):
        return b" ".join(attachment.content.split())
    return attachment.content


def _hash(values):
    joined = "\0".join(values).encode("utf-8", "replace")
    return hashlib.sha256(joined).hexdigest()


def raw_digest(raw):
    """Return the hex digest of a mail that could not be read: only its bytes tell it apart."""
    return hashlib.sha256(raw).hexdigest()
