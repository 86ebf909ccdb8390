"""The original below an answer: on or off, as its writer likes, and never twice.

What is taken out is kept until the answer is sent, with what was written between its lines.
"""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..answering import picture_ids
from ..quoting import quote_block, without_quote


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    quote_kept = fields.Text(readonly=True, copy=False, groups=fields.NO_ACCESS)
    can_quote = fields.Boolean(compute="_compute_can_quote", compute_sudo=True)
    is_quoting = fields.Boolean(compute="_compute_is_quoting", compute_sudo=True)

    @api.depends("parent_id", "written_as", "quote_kept")
    def _compute_can_quote(self):
        """A forwarded mail is nothing without what it forwards."""
        for email in self:
            answers = email.written_as in ("reply", "reply_all")
            email.can_quote = answers and bool(email.parent_id or email.quote_kept)

    @api.depends("body")
    def _compute_is_quoting(self):
        for email in self:
            email.is_quoting = bool(without_quote(email.body)[1])

    # -- writing --------------------------------------------------------------------------------

    @api.model
    def _answer(self, entry, written_as):
        draft = super()._answer(entry, written_as)
        if draft.can_quote and not self.env.user.mail_import_quotes:
            # sudo: of the draft that was just made for the user
            draft.sudo()._take_quote_out()
        return draft

    def _quote(self, parent):
        return quote_block(super()._quote(parent))

    def switch_quote(self, quoted):
        """Quote the original, or do not; the next answers of the user begin alike."""
        self.ensure_one()
        self._check_is_draft()
        if not self.can_quote:
            raise UserError(self.env._("There is nothing that this e-mail could quote."))
        # sudo: a choice of the user's own
        self.env.user.sudo().mail_import_quotes = bool(quoted)
        if quoted and not self.is_quoting:
            self._put_quote_back()
        elif not quoted:
            # sudo: the draft is the user's, what is kept of it is not shown
            self.sudo()._take_quote_out()

    def _take_quote_out(self):
        """As superuser; its pictures stay with it, and do not become files of the answer."""
        body, quote = without_quote(self.body)
        if not quote:
            return
        pictures = picture_ids(quote) - picture_ids(body)
        files = self.attachment_ids.filtered(lambda file: file.id not in pictures)
        self.write({"body": body, "quote_kept": quote, "attachment_ids": [(6, 0, files.ids)]})

    def _put_quote_back(self):
        # sudo: see _take_quote_out; a mail that is quoted anew is read as the user
        draft = self.sudo()
        files = draft.attachment_ids
        if draft.quote_kept:
            quote = draft.quote_kept
            files |= draft._pictures_kept()
        else:
            draft.parent_id.sudo(False).check_access("read")
            quote = draft._quote(draft.parent_id)
            files |= draft.attachment_ids
        draft.write(
            {
                "body": Markup(draft.body or "") + Markup(quote),
                "quote_kept": False,
                "attachment_ids": [(6, 0, files.ids)],
            }
        )

    def _pictures_kept(self):
        files = self.env["ir.attachment"].browse(picture_ids(self.quote_kept)).exists()
        return files.filtered(lambda file: (file.res_model, file.res_id) == (self._name, self.id))

    # -- sending --------------------------------------------------------------------------------

    def _do_send(self):
        if self.quote_kept:
            (self._pictures_kept() - self.attachment_ids).unlink()
            self.quote_kept = False
        return super()._do_send()
