"""Telling one mail from another: the same through two mailboxes, and another under one id."""

import hashlib

from .headers import decode_words
from .opt_out import impersonal


def mail_key(mail, date, body_text, first_hop=""):
    """Return the hex digest that names a mail; no trace header has a part in it.

    ``date`` is the text of the Date header; it counts even where it is no date.
    ``first_hop`` is the lowest Received, which all copies of a mail share: of a device that sends
    the same words each day, with neither Message-ID nor Date, it tells one mail from the next.
    """
    sender = mail.sender.email or mail.sender.name
    date = _plain(decode_words(date))
    if mail.message_id:
        return _hash([mail.message_id, sender, date])
    date = date or _plain(first_hop)
    return _hash(["", sender, date, mail.subject, _plain(body_text)])


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
