"""Link targets: what a mailbox fixes for the cases that its mail becomes."""

from odoo import models


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    def _mailbox_values(self, mailbox):
        values = super()._mailbox_values(mailbox)
        if self.model == "helpdesk.ticket":
            # the host would assign whoever creates the case, which is the importer
            values["user_id"] = False
        if self.model == "helpdesk.ticket" and mailbox.default_helpdesk_team_id:
            values["team_id"] = mailbox.default_helpdesk_team_id.id
        return values
