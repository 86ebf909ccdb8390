"""Mail whose record was withdrawn may make another one."""

from odoo import models


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    def _forget_record(self):
        """Their threads may make a record again, by hand or by a rule that is right now."""
        ids = [name for email in self for name in email._claimed_ids()]
        self.env["mail.import.claim"]._give_up(ids)

    def _claimed_ids(self):
        """As ``IncomingMail.claim_ids``."""
        own = [self.message_id] if self.message_id else []
        return [*own, *(self.references_text or "").split()]
