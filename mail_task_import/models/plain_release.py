"""The plain e-mail that stands for one that cannot be imported: main headers, text, and files.

Plain functions. The mail has broken the importer once, so nothing of it is parsed here: lines are
copied up to a length, and the whole is attached as bytes. What can be read of its text and files is
read by another process.
"""

import logging
import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

from ..mime.outside import Unreadable, parse_plainly_outside
from ..mime.tnef import PACKED_NAME

_logger = logging.getLogger(__name__)

HEADERS = ("From", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "References")
LONGEST_HEAD = 64 * 1024  # bytes of headers that are looked at
LONGEST_HEADER = 900  # bytes of one; a line has at most 998 (RFC 5322, 2.1.1)

_FOLD = re.compile(rb"\r?\n[ \t]+")
_LINE_END = re.compile(rb"\r\n|\r|\n")


def readable(content):
    """``(text, files)`` of a mail, as far as they can be read without its HTML being parsed."""
    try:
        parsed = parse_plainly_outside(content)
    except Unreadable as error:
        _logger.warning("Nothing of a quarantined mail can be read: %s", error)
        return "", []
    for file in parsed.attachments:
        if file.name.lower() == PACKED_NAME:
            file.name = "winmail (packed).dat"  # by its own name the parser would look into it
    return parsed.body_text.encode("utf-8", "replace").decode(), parsed.attachments


def ways_to_release(text, files):
    """``(with headers, text, files)`` from all that can be read to nothing of it."""
    ways = [(True, text, files), (True, text, []), (True, "", []), (False, text, [])]
    return [way for number, way in enumerate(ways) if way not in ways[:number]] + [(False, "", [])]


def plain_mail(content, words, with_headers=True, files=()):
    """The bytes of the e-mail that carries ``content`` as a file.

    :param words: what its text says
    :param with_headers: its main headers are taken over, as they are written
    :param files: what else is attached, ``Attachment`` each; never as what the sender calls it
    """
    mail = EmailMessage(policy=SMTP)
    mail.set_content(words)
    # not message/rfc822: the parser would look into it
    mail.add_attachment(
        content, maintype="application", subtype="octet-stream", filename="original.eml"
    )
    for file in files:
        mail.add_attachment(
            file.content, maintype="application", subtype="octet-stream", filename=file.name
        )
    head = _main_headers(content) if with_headers else {}
    head.setdefault(b"Message-ID", make_msgid(domain="quarantine.invalid").encode())
    lines = [name + b": " + value for name, value in head.items()]
    return b"\r\n".join(lines) + b"\r\n" + mail.as_bytes()


def _main_headers(content):
    """``{name: value}`` of the first of each of ``HEADERS``, cut, on one line."""
    head = re.split(rb"\r?\n\r?\n", content[:LONGEST_HEAD], maxsplit=1)[0]
    wanted = {name.lower().encode(): name.encode() for name in HEADERS}
    found = {}
    for line in _LINE_END.split(_FOLD.sub(b" ", head)):
        name, colon, value = line.partition(b":")
        name = wanted.get(name.strip().lower())
        if colon and name and name not in found:
            found[name] = value.strip().replace(b"\0", b"")[:LONGEST_HEADER]
    return found
