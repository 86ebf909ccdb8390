"""Files of a mail: their names, which are names only, and their types."""

import mimetypes
import re
from os.path import splitext

from .charsets import clean_line
from .headers import parse_headers
from .parsed_mail import Attachment

MAX_NAME = 150
MAX_FILES = 500
UNKNOWN = "application/octet-stream"
EMBEDDED_MAILS = {"message/rfc822", "message/global", "message/news"}
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

# Old names of types that everybody knows by another.
SAME_TYPES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-jpeg": "image/jpeg",
    "image/x-jpg": "image/jpeg",
    "image/x-citrix-jpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/x-citrix-png": "image/png",
    "image/x-bmp": "image/bmp",
    "image/x-ms-bmp": "image/bmp",
    "image/vnd.microsoft.icon": "image/x-icon",
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
    if not _TYPE.fullmatch(mimetype) or mimetype == UNKNOWN:
        mimetype = mimetypes.types_map.get(splitext(name)[1].lower(), UNKNOWN)
    return SAME_TYPES.get(mimetype, mimetype)


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
