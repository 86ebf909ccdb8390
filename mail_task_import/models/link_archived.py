"""Mail that was archived by hand says so in a chatter, too."""

from markupsafe import Markup

from odoo import models


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    def _body_for(self, record):
        body = super()._body_for(record)
        words = self.email_id.archived_by
        return Markup('<p class="text-muted small">%s</p>%s') % (words, body) if words else body
