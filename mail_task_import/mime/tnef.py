"""What Outlook packs into a winmail.dat (MS-OXTNEF); nobody else can open its files.

The reader is a library. It believes every number in the file, and writes a line of log for each
property that is claimed and not there; so the numbers are added up before it is called.
"""

import contextlib
import logging
import struct

from .attachments import MAX_FILES, file_name, safe_mimetype, safe_name
from .charsets import clean
from .parsed_mail import Attachment

TNEF_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
PACKED_NAME = "winmail.dat"
MAX_ATTRIBUTES = 5_000
MAX_VALUES = 50_000
"""Properties, and values of properties, that a file may claim to have, in all."""
MAX_DEPTH = 5
"""Of mails attached to mails."""

PROPERTIES = {0x9003, 0x9005}  # attMAPIProps and attAttachment
DATA_OBJECT = 0x3701
ATTACHED_MAIL = bytes.fromhex("0703020000000000c000000000000046")
NAMED = 0x8000
MULTIPLE = 0x1000
SIZES = {2: 2, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, 0x40: 8, 0x48: 16}
VARIABLE = {0, 0x0D, 0x1E, 0x1F, 0x102}

_logger = logging.getLogger("tnefparse")


class Packed(Exception):
    """The mail has a winmail.dat, and was not to be read if it had."""


class _Overloaded(Exception):
    """Reading it would take minutes, or all of the memory."""


def is_tnef(part):
    return part.content_type in TNEF_TYPES or file_name(part).lower() == PACKED_NAME


def refuse(_content):
    """Unpack nothing: the mail is to be read elsewhere."""
    raise Packed


def leave_packed(_content):
    """Unpack nothing: the file stays as it is."""
    return [], (None, None)


def unpack(content):
    """Return the files in a winmail.dat and its body as (text, HTML); nothing of a broken one."""
    if _is_overloaded(content):
        return leave_packed(content)
    try:
        from tnefparse import TNEF

        with _restrained(TNEF):
            tnef = TNEF(content, do_checksum=False)
            files = [_file(attachment) for attachment in tnef.attachments[:MAX_FILES]]
            return files, (_as_text(tnef.body) or None, _as_text(tnef.htmlbody) or None)
    except Exception:  # whatever a third-party reader makes of hostile bytes, the mail goes on
        return leave_packed(content)


@contextlib.contextmanager
def _restrained(reader):
    """It logs nothing, and leaves the table of recipients alone, which the mail names as well."""
    before = _logger.disabled, reader.ATTRECIPTABLE
    _logger.disabled, reader.ATTRECIPTABLE = True, None
    try:
        yield
    finally:
        _logger.disabled, reader.ATTRECIPTABLE = before


def _file(attachment):
    name = safe_name(attachment.long_filename() or "")
    content = attachment.data if isinstance(attachment.data, bytes) else b""
    return Attachment(name, content, safe_mimetype("", name))


def _as_text(body):
    if isinstance(body, bytes):
        body = body.decode("utf-8", "replace")
    return clean(body or "")


def _is_overloaded(content):
    try:
        _Claims().count(content)
    except _Overloaded:
        return True
    return False


class _Claims:
    """Adds up what a file claims to hold, in the way the reader goes through it."""

    def __init__(self):
        self.left = MAX_VALUES

    def count(self, content, depth=1):
        """A row of attributes: level (1 byte), id (2), type (2), length (4), data, checksum (2)."""
        position = 6
        for _number in range(MAX_ATTRIBUTES):
            if position + 9 > len(content):
                return
            identity, _type, length = struct.unpack_from("<HHI", content, position + 1)
            data = content[position + 9 : position + 9 + length]
            if identity in PROPERTIES:
                with contextlib.suppress(struct.error):  # what breaks off claims no more
                    self._count_properties(data, depth)
            position += 11 + length
        raise _Overloaded

    def _take(self, claimed):
        self.left -= claimed
        if self.left < 0:
            raise _Overloaded

    def _count_properties(self, data, depth):
        (claimed,) = struct.unpack_from("<I", data)
        self._take(claimed)
        offset = 4
        for _number in range(claimed):
            offset = self._count_property(data, offset, depth)

    def _count_property(self, data, offset, depth):
        """Return where the next property begins."""
        kind, name = struct.unpack_from("<HH", data, offset)
        offset = _behind_name(data, offset + 4, name)
        values = 0
        if kind & MULTIPLE:
            (values,) = struct.unpack_from("<I", data, offset)
            offset += 4
        self._take(values)
        kind &= ~MULTIPLE
        if size := SIZES.get(kind):
            length = size * (values or 1)
            return offset + length + length % 4
        if kind not in VARIABLE:
            raise struct.error
        if not values:
            (values,) = struct.unpack_from("<I", data, offset)
            offset += 4
            self._take(values)
        if name == DATA_OBJECT and values > 1:
            raise _Overloaded  # the reader joins the pieces, and may find a mail in them
        for _value in range(values):
            offset = self._count_value(data, offset, name, depth)
        return offset

    def _count_value(self, data, offset, name, depth):
        """A length, and as many bytes, filled up to four; it may be a mail, packed as well."""
        (length,) = struct.unpack_from("<I", data, offset)
        offset += 4
        end = offset + length + -length % 4
        if name == DATA_OBJECT and data.startswith(ATTACHED_MAIL, offset):
            if depth >= MAX_DEPTH:
                raise _Overloaded
            self.count(data[offset + len(ATTACHED_MAIL) : end], depth + 1)
        return end


def _behind_name(data, offset, name):
    """A named property has a GUID, a kind, and a number or a name."""
    if name < NAMED:
        return offset
    kind, length = struct.unpack_from("<II", data, offset + 16)
    return offset + 24 + (length + -length % 4 if kind else 0)
