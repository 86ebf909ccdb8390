"""Pictures in the text of what a mailbox sends: parts of the mail itself (RFC 2387).

The host sends addresses of its own server instead, which recipients' programs refuse to load.
"""

import re

from odoo import models
from odoo.tools import html2plaintext

SENT_PICTURE = re.compile(r"""(?:https?://[^"'\s<>]{1,200})?/web/image/(\d+)[^"'\s<>)]*""")


class Picture(tuple):
    """``(name, content, mimetype)`` as the host has attachments, with a ``cid`` beside it."""

    @classmethod
    def of(cls, file, cid):
        picture = cls((file.name, file.raw, file.mimetype or "image/png"))
        picture.cid = cid
        return picture


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _mail_import_enclose_pictures(self, results):
        if self.mail_import_mailbox_id:
            for values in results:
                self._enclose_pictures(values)

    def _enclose_pictures(self, values):
        """Only the mail's own files: any other number in a text would give a stranger's away."""
        # sudo: the queue sends what its author attached
        own = {file.id: file for file in self.sudo().attachment_ids}
        shown = {int(match[1]) for match in SENT_PICTURE.finditer(values["body"] or "")}
        pictures = [own[id_] for id_ in sorted(shown & set(own)) if own[id_].raw]
        if not pictures:
            return
        cids = {file.id: f"{file.checksum or file.id}@mail-import" for file in pictures}
        values["body"] = SENT_PICTURE.sub(
            lambda match: f"cid:{cids[int(match[1])]}" if int(match[1]) in cids else match[0],
            values["body"],
        )
        values["body_alternative"] = html2plaintext(values["body"])
        values["attachments"] = [
            *values["attachments"],
            *(Picture.of(file, cids[file.id]) for file in pictures),
        ]
