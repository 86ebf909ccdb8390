"""Files with mail, piece by piece."""

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request


class MailImportUpload(http.Controller):
    @http.route("/mail_import/upload/<int:id_>", type="http", auth="user", methods=["POST"])
    def upload(self, id_, name, piece, at, size, first="0"):
        """:return: JSON: ``{"id", "here"}``, or ``{"error"}`` in words"""
        upload = request.env["mail.import.upload"].browse(id_).exists()
        try:
            answer = upload._take_piece(name, piece.read(), int(first), int(at), int(size))
        except (AccessError, MissingError):
            raise request.not_found() from None
        except (UserError, ValueError) as error:
            return request.make_json_response({"error": str(error)}, status=422)
        return request.make_json_response(answer)
