"""Files: stored as they came, and what a killed worker had half written is in nobody's way."""

from pathlib import Path

from odoo import api, models

from ..rehearsing import notes_of

AS_IT_CAME = {
    "attachments_mime_plainxml": True,  # HTML and SVG do not open as pages of the host
    "image_no_postprocess": True,  # pictures are neither opened nor made smaller
}
"""The context in which files of mails are stored, byte for byte."""


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _storage(self):
        """What is rehearsed goes with the rollback, its files too."""
        return super()._storage() if notes_of(self.env) is None else "db"

    @api.model
    def _same_content(self, bin_data, filepath):
        """The host names files by content, writes them in place, and refuses others of the name.

        A worker that dies while it writes leaves the beginning of a file; it is taken away, and
        the host writes the whole one.
        """
        if super()._same_content(bin_data, filepath):
            return True
        file = Path(filepath)
        begun = file.read_bytes()
        if len(begun) < len(bin_data) and bin_data.startswith(begun):
            file.unlink(missing_ok=True)
            return True
        return False
