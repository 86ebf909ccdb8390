"""Mail that somebody archives by hand goes where its archiver says, and nowhere else."""

from odoo import api, models

from .email_archived import is_archiving


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _decide_links(self, batch):
        """It decides nothing: when the mail itself comes, rules are asked as if it were new."""
        if is_archiving(self.env):
            for mail in batch.under_way:
                mail.set_aside = True
        return super()._decide_links(batch)

    @api.model
    def _first_answer(self, batch, mail):
        return [] if is_archiving(self.env) else super()._first_answer(batch, mail)

    @api.model
    def _know_who_wrote(self, batch, mail):
        """Whoever it names: the archiver says so, nobody else."""
        result = super()._know_who_wrote(batch, mail)
        if is_archiving(self.env):
            mail.author = mail.employee = None
        return result
