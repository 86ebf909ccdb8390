"""Attachments, made here: photographs, PDF, CSV, invitations, Word documents."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

from . import pictures
from .story import File

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LONG_AGO = (2024, 1, 2, 9, 0, 0)  # of files in archives: the same bytes each time

CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Override PartName="/word/document.xml" ContentType="\
application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
<Relationship Id="rId1" Target="word/document.xml" Type="\
http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>\
</Relationships>"""
DOCUMENT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">\
<w:body>{}</w:body></w:document>"""


def photo(scene: str, name: str = "") -> File:
    """A picture that is attached."""
    return File(name or f"{scene}.png", "image/png", lambda date: pictures.draw(scene))


def inline(scene: str, name: str = "") -> File:
    """A picture that the text shows."""
    name = name or f"{scene}.png"
    return File(name, "image/png", lambda date: pictures.draw(scene), cid=f"{scene}.8d41")


def pdf(name: str, *lines: str) -> File:
    """One page; its letters are those of Latin-1."""
    return File(name, "application/pdf", lambda date: _pdf(lines))


def table(name: str, *rows: Sequence[str]) -> File:
    """A CSV file as spreadsheets write it: UTF-8 with a mark, semicolons."""
    return File(name, "text/csv", lambda date: _csv(rows))


def word(name: str, *paragraphs: str) -> File:
    return File(name, DOCX, lambda date: _docx(paragraphs))


def invitation(summary: str, place: str, days: int, organizer: str) -> File:
    """:param days: how long after the mail the meeting is"""
    return File(
        "invite.ics",
        "text/calendar",
        lambda date: _ics(summary, place, date + timedelta(days=days), organizer),
    )


def _pdf(lines: Sequence[str]) -> bytes:
    text = "".join(f"({_pdf_text(line)}) Tj T*\n" for line in lines)
    page = f"BT /F1 12 Tf 16 TL 60 780 Td\n{text}ET".encode("latin-1")
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    return _pdf_file(bodies)


def _pdf_text(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _pdf_file(bodies: Sequence[bytes]) -> bytes:
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(bodies) + 1
    table_ = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, entries)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n" % (size, len(content))
    return content + table_ + trailer + b"%%EOF\n"


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";").writerows(rows)
    return file.getvalue().encode("utf-8-sig")


def _docx(paragraphs: Sequence[str]) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": DOCUMENT.format(body),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), text)
    return file.getvalue()


def _ics(summary: str, place: str, start: datetime, organizer: str) -> bytes:
    start = start.replace(hour=9, minute=0, second=0)
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//YourCompany//Calendar//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{start:%Y%m%d}-{len(summary)}@yourcompany.example",
        f"DTSTAMP:{start:%Y%m%dT000000Z}",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{start + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{summary}",
        f"LOCATION:{place}",
        f"ORGANIZER:mailto:{organizer}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()
