"""Where pictures become parts of the mail that shows them; see ``mail_mail_pictures.py``."""

from odoo import models

from .mail_mail_pictures import Picture


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _build_email__(self, *args, attachments=None, **kwargs):
        pictures = [each for each in attachments or () if isinstance(each, Picture)]
        others = [each for each in attachments or () if not isinstance(each, Picture)]
        message = super()._build_email__(*args, attachments=others, **kwargs)
        text = message.get_body(("html",)) if pictures else None
        if text is not None:
            for picture in pictures:
                name, content, mimetype = picture
                maintype, _slash, subtype = mimetype.partition("/")
                text.add_related(
                    content,
                    maintype,
                    subtype,
                    cid=f"<{picture.cid}>",
                    filename=name,
                    disposition="inline",
                )
        return message
