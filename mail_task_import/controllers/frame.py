"""Full mails in a sandboxed frame, their files, and their originals; each for who may read it.

A mail is shown by a document of its own, whose policy lets nothing run, load or leave it.
"""

import base64

from markupsafe import Markup

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from ..answering import LOCAL_IMAGE, REMOTE_PICTURE
from ..mime.images import MAX_SHOWN, PICTURE_TYPE
from ..receivers.mbox_writing import file_name

SHOWN = {"entry": "mail.import.entry", "link": "mail.import.link", "email": "mail.import.email"}
POLICY = (
    "default-src 'none'; img-src data:%s; style-src 'unsafe-inline'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'; "
    "form-action 'none'; base-uri 'none'"
)
STYLE = """
body { margin: 12px 16px; font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
       color: #212529; background: #fff; overflow-wrap: anywhere; }
img { max-width: 100%; height: auto; } pre { white-space: pre-wrap; }
blockquote { margin: 0 0 0 8px; padding-left: 12px; color: #495057;
             border-left: 2px solid #ced4da; }
"""
DOCUMENT = Markup(
    '<!DOCTYPE html><html><head><meta charset="utf-8"><base target="_blank">'
    "<title>%s</title><style>%s</style></head><body>%s</body></html>"
)


class MailImportFrame(http.Controller):
    @http.route("/mail_import/<string:kind>/<int:id_>/body", type="http", auth="user")
    def body(self, kind, id_, pictures=None):
        """The mail as its sender meant it; with pictures from the internet only when asked."""
        email = self._email(kind, id_)
        body = email.body or Markup("<pre>%s</pre>") % (email.body_text or "")
        if pictures:
            body = Markup(REMOTE_PICTURE.sub(r"\1=", str(body)))
        document = DOCUMENT % (email.subject or "", Markup(STYLE), _with_inline(email, body))
        return request.make_response(
            document,
            headers=[
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Security-Policy", POLICY % (" https: http:" if pictures else "")),
                ("Referrer-Policy", "no-referrer"),
                # the name of a link's host would be looked up before anybody follows it
                ("X-DNS-Prefetch-Control", "off"),
                *_PRIVATE,
            ],
        )

    @http.route(
        "/mail_import/<string:kind>/<int:id_>/attachment/<int:attachment_id>",
        type="http",
        auth="user",
    )
    def attachment(self, kind, id_, attachment_id):
        """A file of the mail, always as a download: HTML and SVG would run in the host's name."""
        email = self._email(kind, id_)
        file = email.attachment_ids.filtered(lambda file: file.id == attachment_id)
        if not file:
            raise request.not_found()
        return _download(file.raw or b"", file.name, file.mimetype)

    @http.route("/mail_import/entry/<int:id_>/original.eml", type="http", auth="user")
    def original(self, id_):
        """The mail byte for byte as this owner received it; nobody else has this copy."""
        entry = self._readable("entry", id_)
        if not entry.original:
            raise request.not_found()
        name = file_name(entry.subject, "eml")
        return _download(base64.b64decode(entry.original), name, "message/rfc822")

    def _email(self, kind, id_):
        """The e-mail behind what the user may read, as superuser."""
        shown = self._readable(kind, id_)
        # sudo: who reads an entry, or a record that the mail is linked to, reads the mail
        return shown.sudo() if kind == "email" else shown.sudo().email_id

    def _readable(self, kind, id_):
        """What exists but may not be read is as if it did not exist."""
        if kind not in SHOWN:
            raise request.not_found()
        record = request.env[SHOWN[kind]].browse(id_)
        try:
            record.check_access("read")
            if not record.exists():
                raise request.not_found()
        except (AccessError, MissingError):
            raise request.not_found() from None
        return record


_PRIVATE = (("X-Content-Type-Options", "nosniff"), ("Cache-Control", "private, no-store"))


def _download(content, name, mimetype):
    return request.make_response(
        content,
        headers=[
            ("Content-Type", mimetype or "application/octet-stream"),
            ("Content-Length", str(len(content))),
            ("Content-Disposition", content_disposition(name or "file")),
            ("Content-Security-Policy", "default-src 'none'; sandbox"),
            *_PRIVATE,
        ],
    )


def _with_inline(email, body):
    """Pictures of the mail written into it: a sandboxed document sends no cookies to fetch them."""
    pictures = {file.id: file for file in email.attachment_ids}
    left = MAX_SHOWN

    def written_out(match):
        nonlocal left
        file = pictures.get(int(match[1]))
        if not file or not PICTURE_TYPE.fullmatch(file.mimetype or ""):
            return ""
        if file.file_size > left:
            return ""
        left -= file.file_size
        return f"data:{file.mimetype};base64,{base64.b64encode(file.raw or b'').decode()}"

    return Markup(LOCAL_IMAGE.sub(written_out, str(body)))
