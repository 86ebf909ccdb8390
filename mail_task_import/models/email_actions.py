"""What is shown of an e-mail, and its files; what people do with it is asked of their entry."""

from odoo import api, fields, models

from ..answering import REMOTE_PICTURE, names_of, picture_ids
from ..mime.images import PICTURE_TYPE


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    files = fields.Json(
        compute="_compute_files",
        compute_sudo=True,
        help="Name, size and kind of each file that is no picture in the text.",
    )

    has_remote_pictures = fields.Boolean(
        compute="_compute_has_remote_pictures",
        compute_sudo=True,
        help="Pictures that would be loaded from the internet: their sender would learn of it.",
    )
    correspondent = fields.Char(
        compute="_compute_correspondent",
        compute_sudo=True,
        help="The sender's name, or those of the recipients of what we wrote.",
    )

    @api.depends("body")
    def _compute_has_remote_pictures(self):
        for email in self:
            email.has_remote_pictures = bool(REMOTE_PICTURE.search(email.body or ""))

    @api.depends("direction", "from_name", "from_email", "to")
    def _compute_correspondent(self):
        for email in self:
            if email.direction == "outgoing":
                names = ", ".join(names_of(email.to)[:5])
                email.correspondent = self.env._("To: %s", names or "…")
            else:
                email.correspondent = (
                    email.from_name or email.from_email or self.env._("(unknown sender)")
                )

    @api.depends("attachment_ids", "body")
    def _compute_files(self):
        for email in self:
            shown = picture_ids(email.body)
            email.files = [
                {
                    "id": file.id,
                    "name": file.name,
                    "size": file.file_size,
                    "mimetype": file.mimetype,
                }
                for file in email.attachment_ids
                if file.id not in shown or not PICTURE_TYPE.fullmatch(file.mimetype or "")
            ]

    def _thread(self):
        """Every known e-mail of the same thread, both ways, itself left out. As superuser."""
        thread, fresh = self, self
        while fresh and len(thread) < 500:
            named = self.search([("message_id_digest", "in", fresh.reference_ids.mapped("digest"))])
            own = [digest for digest in fresh.mapped("message_id_digest") if digest]
            answers = self.env["mail.import.reference"].search([("digest", "in", own)]).email_id
            fresh = (named | answers) - thread
            thread |= fresh
        return thread - self

    def _thread_to_take_along(self):
        """What a person links along with these: mail of the thread that the person reads, and that
        belongs to nothing yet. As superuser.
        """
        # sudo: the thread is found by references, which nobody reads
        thread = self.sudo()._thread().sudo(False)._filtered_access("read").sudo()
        return thread.filtered(
            lambda email: not email.link_ids.filtered(lambda link: not link.suggested)
        )
