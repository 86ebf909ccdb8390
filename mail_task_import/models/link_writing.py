"""Drafts among the e-mails of a record: their writer goes on from there."""

from odoo import models


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    def action_edit_draft(self):
        self.ensure_one()
        self.check_access("read")
        # sudo: a link that is read does not mean that its e-mail is; that is asked next
        draft = self.sudo().email_id.sudo(False)
        draft.check_access("write")
        return draft._open_draft()
