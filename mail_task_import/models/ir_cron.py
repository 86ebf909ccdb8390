"""Waking the host's scheduler: once a transaction, however many mails ask for it."""

from odoo import api, models


class IrCron(models.Model):
    _inherit = "ir.cron"

    @api.model
    def _notifydb(self):
        """The host opens a database connection for each call, after the commit; one is enough."""
        told = self.env.cr.postcommit.data
        if not told.setdefault("mail_task_import.notified", False):
            told["mail_task_import.notified"] = True
            super()._notifydb()
