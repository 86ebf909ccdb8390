"""Files of a mail: their names, which are names only, their types, and what winmail.dat holds."""

import mimetypes
import re
from os.path import splitext

from .charsets import clean, clean_line
from .headers import parse_headers
from .parsed_mail import Attachment

MAX_NAME = 150
MAX_FILES = 500
UNKNOWN = "application/octet-stream"
TNEF_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
EMBEDDED_MAILS = {"message/rfc822", "message/global", "message/news"}
MAX_TNEF_ATTRIBUTES = 5_000
# attMAPIProps and attAttachment, which hold a counted list of properties (MS-OXTNEF).
TNEF_PROPERTIES = (b"\x03\x90\x06\x00", b"\x05\x90\x06\x00")
EXTENSIONS = {
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt",
    "text/rfc822-headers": ".txt",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/vcard": ".vcf",
    "image/jpeg": ".jpg",
    "image/svg+xml": ".svg",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
}

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,99}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}")
# Characters that reorder what is shown, so that "exe.gpj" reads as "jpg.exe" (Unicode TR 36).
_REORDERING = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DIRECTORIES = re.compile(r".*[/\\]", re.DOTALL)


def file_name(part):
    """Return the name that the sender gave a part, as it came, "" where there is none."""
    return part.disposition_parameters.get("filename", "") or part.parameters.get("name", "")


def read_file(part, content):
    """Return the ``Attachment`` of a part with its decoded ``content``."""
    name = file_name(part)
    if part.content_type in EMBEDDED_MAILS:
        name = _embedded_name(name, content)
    name = safe_name(name, part.content_type)
    cid = clean_line(part.headers.raw("content-id")).strip("<> ")[:500]
    return Attachment(name, content, safe_mimetype(part.content_type, name), "".join(cid.split()))


def _embedded_name(name, content):
    """A forwarded mail is called by its subject, and opens as a mail."""
    name = name or parse_headers(content)[0].text("subject")[:MAX_NAME].replace("/", "-")
    return name if name.lower().endswith(".eml") or not name else f"{name}.eml"


def safe_name(name, mimetype=UNKNOWN, fallback="attachment"):
    """Return a bare file name: no path, no control characters, never empty, bounded."""
    name = _REORDERING.sub("", clean_line(name[:4096]))
    name = _DIRECTORIES.sub("", name).strip(" .") if set(name) & set("/\\") else name.strip()
    if not name.strip(". "):
        return fallback + _extension(mimetype)
    stem, extension = splitext(name)
    if len(extension) > 20:
        stem, extension = name, ""
    return stem[: MAX_NAME - len(extension)] + extension


def _extension(mimetype):
    return EXTENSIONS.get(mimetype) or mimetypes.guess_extension(mimetype) or ""


def safe_mimetype(mimetype, name):
    """Return a well-formed type; an unknown or nonsensical one gives way to the name's."""
    mimetype = mimetype.strip().lower()
    if _TYPE.fullmatch(mimetype) and mimetype != UNKNOWN:
        return mimetype
    return mimetypes.types_map.get(splitext(name)[1].lower(), UNKNOWN)


def make_unique(attachments):
    """Give each attachment a name of its own: a second "scan.pdf" becomes "scan (2).pdf"."""
    counts, taken = {}, {attachment.name.lower() for attachment in attachments}
    seen = set()
    for attachment in attachments:
        if attachment.name.lower() in seen:
            attachment.name = _next_name(attachment.name, counts, taken)
        seen.add(attachment.name.lower())


def _next_name(name, counts, taken):
    stem, extension = splitext(name)
    while True:
        counts[name] = counts.get(name, 1) + 1
        number = f" ({counts[name]})"
        candidate = stem[: MAX_NAME - len(number + extension)] + number + extension
        if candidate.lower() not in taken:
            taken.add(candidate.lower())
            return candidate


def unpack_tnef(content):
    """Return the files in a winmail.dat and its body as (text, HTML); nothing where it is broken.

    Outlook wraps attachments so (MS-OXTNEF); nobody else can open them.
    """
    if _is_overloaded(content):
        return [], (None, None)
    try:
        from tnefparse import TNEF

        tnef = TNEF(content, do_checksum=False)
        files = [_tnef_file(attachment) for attachment in tnef.attachments[:MAX_FILES]]
        return files, (_as_text(tnef.body) or None, _as_text(tnef.htmlbody) or None)
    except Exception:  # whatever a third-party reader makes of hostile bytes, the mail goes on
        return [], (None, None)


def _is_overloaded(content):
    """Tell whether a winmail.dat has so many attributes that reading them would take minutes.

    It is a row of attributes: level (1 byte), id (4), length (4), data, checksum (2).
    """
    position = 6
    for _number in range(MAX_TNEF_ATTRIBUTES):
        identity = content[position + 1 : position + 5]
        length = int.from_bytes(content[position + 5 : position + 9], "little")
        if identity in TNEF_PROPERTIES:
            count = int.from_bytes(content[position + 9 : position + 13], "little")
            if count > MAX_TNEF_ATTRIBUTES:
                return True
        position += 11 + length
        if position >= len(content):
            return False
    return True


def _tnef_file(attachment):
    name = safe_name(attachment.long_filename() or "")
    content = attachment.data if isinstance(attachment.data, bytes) else b""
    return Attachment(name, content, safe_mimetype("", name))


def _as_text(body):
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    return clean(body or "")
