"""A mail in a file, for a record: dropped there, or chosen."""

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from ..models.mailbox_archive import SIZE_LIMIT


class MailImportArchive(http.Controller):
    @http.route("/mail_import/archive", type="http", auth="user", methods=["POST"])
    def archive(self, model, id_, file):
        """:return: JSON: ``{"words"}``, or ``{"error"}`` in words"""
        if not request.env.user._is_internal():
            raise request.not_found()
        # one byte more than may be, so that a larger one is told in words
        content = file.read(SIZE_LIMIT + 1)
        try:
            with request.env.cr.savepoint():
                words = request.env["mail.import.archive"].archive_file(
                    model, int(id_), file.filename or "", content
                )
        except (AccessError, MissingError):
            raise request.not_found() from None
        except (UserError, ValueError) as error:
            return request.make_json_response({"error": str(error)}, status=422)
        return request.make_json_response({"words": words})
