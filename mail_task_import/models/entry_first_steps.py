"""From an e-mail to an import rule for all that are like it."""

from odoo import models
from odoo.exceptions import UserError


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def action_make_rule(self):
        """A rule for mail like this one, tried at once."""
        self.check_access("read")
        entry = self[:1]
        if entry.direction != "incoming" or entry.mailbox_id.visibility != "linked":
            raise UserError(
                self.env._(
                    "Rules are for mail that came into a mailbox whose mail may be read where it "
                    "is linked."
                )
            )
        return self.env["mail.import.rule.maker"]._for_entry(entry)
