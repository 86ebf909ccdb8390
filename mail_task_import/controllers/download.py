"""E-mails out as files: an ``.mbox``, or a ``.zip`` of ``.eml``, written while it is sent."""

import os
import zipfile
from contextlib import suppress

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from ..receivers.mbox_writing import PIECE_BYTES, file_name, mbox_mail

TYPES = {"mbox": "application/mbox", "zip": "application/zip"}


class MailImportDownload(http.Controller):
    @http.route("/mail_import/download/<int:id_>", type="http", auth="user", readonly=True)
    def download(self, id_):
        """The originals of the user's own e-mails; nothing of it is held in memory at once."""
        wanted = request.env["mail.import.download"].browse(id_)
        try:
            wanted.check_access("read")
            if not wanted.exists():
                raise request.not_found()
            originals = wanted._originals()
        except (AccessError, MissingError):
            raise request.not_found() from None
        written = _mbox if wanted.kind == "mbox" else _zip
        return request.make_response(
            written(originals, request.env.registry),
            headers=[
                ("Content-Type", TYPES[wanted.kind]),
                ("Content-Disposition", content_disposition(wanted._file_name())),
                ("Content-Security-Policy", "default-src 'none'; sandbox"),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "private, no-store"),
            ],
        )


def _mbox(originals, registry):
    for _subject, sender, date, path, id_ in originals:
        # one that went meanwhile leaves no empty mail behind
        if not path or os.path.exists(path):
            yield from mbox_mail(sender, date, _pieces(path, id_, registry))


def _zip(originals, registry):
    sink, names = _Sink(), {}
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for subject, _sender, date, path, id_ in originals:
            info = zipfile.ZipInfo(_unlike(file_name(subject, "eml"), names), _moment(date))
            info.compress_type = zipfile.ZIP_DEFLATED
            with suppress(FileNotFoundError), archive.open(info, "w", force_zip64=True) as file:
                for piece in _pieces(path, id_, registry):
                    file.write(piece)
                    yield sink.taken()
    yield sink.taken()


def _moment(date):
    """As an archive can say it: from 1980 on."""
    return date.timetuple()[:6] if date and date.year >= 1980 else (1980, 1, 1, 0, 0, 0)


def _unlike(name, names):
    """Two files of one archive have two names, on systems that see no capitals too."""
    key = name.casefold()
    names[key] = number = names.get(key, 0) + 1
    if number == 1:
        return name
    stem, _dot, ending = name.rpartition(".")
    return _unlike(f"{stem} ({number}).{ending}", names)


def _pieces(path, id_, registry):
    """The bytes of an original: from its file, or from the database where files are kept there.

    The request's own cursor is closed while the answer is sent.
    """
    if path:
        with open(path, "rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece
        return
    with registry.cursor(readonly=True) as cr:
        cr.execute("SELECT db_datas FROM ir_attachment WHERE id = %s", [id_])
        row = cr.fetchone()
    if row and row[0]:
        yield bytes(row[0])


class _Sink:
    """What a ``ZipFile`` writes to: it is sent on, never sought in."""

    def __init__(self):
        self._written = []

    def write(self, content):
        self._written.append(bytes(content))
        return len(content)

    def flush(self):
        pass

    def taken(self):
        content, self._written = b"".join(self._written), []
        return content
