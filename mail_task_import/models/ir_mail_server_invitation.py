"""Where the answer to an invitation becomes a version of its text (RFC 6047, 2.4).

Calendar programs look for it there, with its method; as a file beside the text many show it only.
"""

from odoo import models

from .email_invitation import METHOD_HEADER


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _build_email__(self, *args, attachments=None, headers=None, **kwargs):
        if METHOD_HEADER not in (headers or {}):
            return super()._build_email__(*args, attachments=attachments, headers=headers, **kwargs)
        headers = dict(headers)
        method = headers.pop(METHOD_HEADER)
        calendar = [each for each in attachments or () if each[0].endswith(".ics")][:1]
        others = [each for each in attachments or () if each not in calendar]
        message = super()._build_email__(*args, attachments=others, headers=headers, **kwargs)
        for name, content, _mimetype in calendar:
            options = {"subtype": "calendar", "params": {"method": method}, "cte": "base64"}
            if message.get_content_type() == "multipart/alternative":
                message.add_alternative(content.decode(), **options)
            else:
                message.add_attachment(content.decode(), filename=name, **options)
        return message
