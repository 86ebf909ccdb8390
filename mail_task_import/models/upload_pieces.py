"""Files that come in pieces: they may be larger than what Odoo, or a proxy, takes at once."""

import io
import os

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..receivers.joined_file import JoinedFile

MAX_PIECE = 32 * 1024 * 1024
"""Bytes; it is held in memory."""
MAX_BYTES = 32 * 1024**3
"""Of all files of an import."""
MIMETYPE = "application/mbox"
"""Odoo would read any text for its search."""


class MailImportUpload(models.Model):
    """A file is its first attachment, and those that follow it."""

    _inherit = "mail.import.upload"

    pieces = fields.Json(readonly=True, copy=False)
    """``{id of the first attachment: {"size": bytes to come in all, "more": [ids]}}``"""
    files = fields.Json("Put In", compute="_compute_files")
    """What is shown: ``[{"id", "name", "size", "here"}]``."""

    @api.depends("attachment_ids", "pieces")
    def _compute_files(self):
        for upload in self:
            # sudo: names and sizes of what this record's owner has put in
            upload.files = [
                {
                    "id": file.id,
                    "name": file.name,
                    "size": upload._size_to_come(file),
                    "here": upload._size_of(file),
                }
                for file in upload.sudo().attachment_ids.sorted("id")
            ]

    def _take_piece(self, name, content, first_id, at, size):
        """The next piece of a file; once more, if the answer was lost on its way.

        :param first_id: of the file, as it was answered for its first piece; 0: this is the first
        :param at: bytes of the file before this piece
        :param size: bytes of the whole file
        :return: ``{"id": first_id, "here": bytes that are here}``
        """
        self.ensure_one()
        self.check_access("write")
        # sudo: what has come is not for users to write
        upload = self.sudo()
        upload.lock_for_update()
        upload._check_is_being_chosen()
        if not 0 <= at <= at + len(content) <= size or len(content) > MAX_PIECE:
            raise ValidationError(self.env._("This is no piece of a file."))
        if not first_id:
            first = self._new_piece(name, content, size)
            return {"id": first.id, "here": first.file_size}
        first = upload.attachment_ids.filtered(lambda file: file.id == first_id)
        here = upload._size_of(first)
        if not first or at > here or size != upload._size_to_come(first):
            raise ValidationError(self.env._("This is no piece of a file."))
        if at == here and content:
            more = self._attach(first.name, content)
            upload._note_piece(first, size, more)
            here += len(content)
        return {"id": first_id, "here": here}

    def action_remove_file(self, first_id):
        """The user has chosen another one."""
        self.ensure_one()
        self.check_access("write")
        # sudo: as above
        upload = self.sudo()
        upload._check_is_being_chosen()
        upload._drop_file(upload.attachment_ids.filtered(lambda file: file.id == first_id))

    def _check_is_being_chosen(self):
        if self.state != "draft":
            raise UserError(self.env._("These files are being imported already."))
        self._check_is_reader()

    def _new_piece(self, name, content, size):
        # sudo: as above
        upload = self.sudo()
        if size + sum(map(upload._size_to_come, upload.attachment_ids)) > MAX_BYTES:
            raise UserError(self.env._("That is too much at once: import these files one by one."))
        first = self._attach(name, content)
        upload.attachment_ids += first.sudo()
        upload._note_piece(first, size)
        return first

    def _attach(self, name, content):
        return self.env["ir.attachment"].create(
            {
                "name": name or "mail",
                "raw": content,
                "mimetype": MIMETYPE,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _note_piece(self, first, size, more=None):
        pieces = dict(self.pieces or {})
        before = pieces.get(str(first.id), {}).get("more", [])
        pieces[str(first.id)] = {"size": size, "more": [*before, *(more.ids if more else [])]}
        self.pieces = pieces

    # -- whole files ----------------------------------------------------------------------------

    def _parts_of(self, first):
        more = (self.pieces or {}).get(str(first.id), {}).get("more", [])
        return first | first.browse(more).exists()

    def _size_of(self, first):
        return sum(self._parts_of(first).mapped("file_size"))

    def _size_to_come(self, first):
        return (self.pieces or {}).get(str(first.id), {}).get("size", first.file_size)

    def _drop_file(self, first):
        parts = self._parts_of(first)
        self.pieces = {id_: of for id_, of in (self.pieces or {}).items() if id_ != str(first.id)}
        self.attachment_ids -= first
        parts.unlink()

    def _check_are_whole(self):
        for file in self.attachment_ids:
            if self._size_of(file) != self._size_to_come(file):
                raise UserError(
                    self.env._("“%s” has not come whole: wait, or choose it again.", file.name)
                )

    def _opened(self, first):
        """The content of a file; it is not read into memory, but by pieces."""
        parts = [
            (part.file_size, lambda part=part: _opened(part)) for part in self._parts_of(first)
        ]
        return io.BufferedReader(JoinedFile(parts))


def _opened(attachment):
    if attachment.store_fname and os.path.exists(
        path := attachment._full_path(attachment.store_fname)
    ):
        return open(path, "rb")
    return io.BytesIO(attachment.raw or b"")
