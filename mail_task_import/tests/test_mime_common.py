"""Builders for the tests of ``mime``: mails as bytes, read back as parsed mails."""

import dataclasses
import os
from datetime import datetime

from odoo.addons.mail_task_import.mime.parser import parse

RECEIVED_AT = datetime(2025, 6, 3, 8, 0)

HEAD = {
    "From": "Ann <ann@example.com>",
    "To": "Info <info@example.org>",
    "Subject": "Offer",
    "Date": "Mon, 02 Jun 2025 10:11:12 +0200",
    "Message-ID": "<1@example.com>",
}


def raw_mail(body=b"Hello\r\n", **headers):
    """Return the bytes of a mail; ``Reply_To="…"`` sets a header, None leaves it out."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [_line(name, value) for name, value in (HEAD | headers).items() if value is not None]
    return b"".join(lines) + b"\r\n" + _as_bytes(body)


def mail(body=b"Hello\r\n", own=(), **headers):
    """Return the parsed mail of what ``raw_mail`` builds; ``own`` are the mailboxes' addresses."""
    return parse(raw_mail(body, **headers), received_at=RECEIVED_AT, own_addresses=own)


def html_mail(html, **headers):
    return mail(html, Content_Type="text/html; charset=utf-8", **headers)


def multipart(*parts, subtype="mixed", own=(), **headers):
    """Return the parsed mail of these parts, each (headers, body)."""
    body = b"".join(b"--b\r\n%s\r\n\r\n%s\r\n" % tuple(map(_as_bytes, part)) for part in parts)
    content_type = headers.pop("Content_Type", f'multipart/{subtype}; boundary="b"')
    return mail(body + b"--b--\r\n", own, Content_Type=content_type, **headers)


def strings(value):
    """Yield every string in a parsed mail."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from strings(each)
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from strings(getattr(value, each.name))


def unstorable(parsed):
    """Return the strings that PostgreSQL would refuse: with NUL or a lone surrogate."""
    return [each for each in strings(parsed) if "\0" in each or not _is_unicode(each)]


def seconds_busy():
    """How long this process and those it has waited for have kept a processor busy."""
    return sum(os.times()[:4])


def _is_unicode(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _line(name, value):
    return _as_bytes(name) + b": " + _as_bytes(value) + b"\r\n"


def _as_bytes(value):
    return value if isinstance(value, bytes) else value.encode()
