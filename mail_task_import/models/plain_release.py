"""The plain e-mail that stands for one that cannot be imported: its main headers, and a file.

Plain functions. The mail has broken the parser once, so nothing of it is parsed here: lines are
copied up to a length, and the whole is attached as bytes.
"""

import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

HEADERS = ("From", "To", "Cc", "Date", "Subject", "Message-ID", "In-Reply-To", "References")
LONGEST_HEAD = 64 * 1024  # bytes of headers that are looked at
LONGEST_HEADER = 900  # bytes of one; a line has at most 998 (RFC 5322, 2.1.1)

_FOLD = re.compile(rb"\r?\n[ \t]+")
_LINE_END = re.compile(rb"\r\n|\r|\n")


def plain_mail(content, words, with_headers=True):
    """The bytes of the e-mail that carries ``content`` as a file.

    :param words: what its text says
    :param with_headers: its main headers are taken over, as they are written
    """
    mail = EmailMessage(policy=SMTP)
    mail.set_content(words)
    # not message/rfc822: the parser would look into it
    mail.add_attachment(
        content, maintype="application", subtype="octet-stream", filename="original.eml"
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
