"""Builders of hostile mails: ``CASES`` maps a name to (bytes, what a reader must still see).

``shows`` is in the text and ``holds`` in the content of a file; ``subject``, ``date``, ``to`` (how
many recipients) and ``names`` (of the files) are compared. Each mail has a Message-ID of its own.
"""

import base64
import struct

TEXT = "The heating of room 12 is cold."
HTML = f"<p>{TEXT}</p>"
CASES = {}


def case(name, raw, **expected):
    assert name not in CASES, name
    CASES[name] = (raw, expected or {"shows": TEXT})


def mail(body=TEXT, **headers):
    number = len(CASES)
    lines = {
        "From": "Ann <ann@customer.example>",
        "To": "support@company.example",
        "Subject": f"Heating {number}",
        "Date": "Mon, 02 Jun 2025 10:11:12 +0200",
        "Message-ID": f"<hostile-{number}@customer.example>",
        "Received": "from out.example by mx.company.example; Mon, 02 Jun 2025 10:11:13 +0200",
    }
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = b"".join(_line(name, value) for name, value in lines.items() if value is not None)
    return head + b"\n" + _bytes(body)


def parts(*bodies, subtype="mixed", boundary="b", end=b"--b--\n", **headers):
    body = b"".join(b"--b\n" + _bytes(each) + b"\n" for each in bodies) + end
    return mail(body, Content_Type=f'multipart/{subtype}; boundary="{boundary}"', **headers)


def _line(name, value):
    return _bytes(name) + b": " + _bytes(value) + b"\n"


def _bytes(value):
    return value if isinstance(value, bytes) else value.encode()


def html(text, **headers):
    return mail(text, Content_Type="text/html; charset=utf-8", **headers)


def tnef(*attributes):
    """A winmail.dat of (level, id, data) attributes."""
    rows = b"".join(
        struct.pack("<BII", level, identity, len(data))
        + data
        + struct.pack("<H", sum(data) & 0xFFFF)
        for level, identity, data in attributes
    )
    return struct.pack("<IH", 0x223E9F78, 1) + rows


PLAIN = f"Content-Type: text/plain\n\n{TEXT}"
PDF = b'Content-Type: application/pdf; name="offer.pdf"\n\n%PDF offer'
LATER = "Date: Tue, 03 Jun 2025 00:00:00 +0000"


def winmail(content):
    encoded = base64.b64encode(content).decode()
    return parts(
        'Content-Type: application/ms-tnef; name="winmail.dat"\n'
        f"Content-Transfer-Encoding: base64\n\n{encoded}"
    )
