"""Who a record is from: what a rule does with senders that nobody knows."""

from odoo import models


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    def _refuses(self, mail, match):
        """Unknown senders, where the rule says so; the next rule is tried."""
        refused = match.rule.unknown_sender == "refuse" and not (mail.author or mail.employee)
        if refused:
            mail.note("rule", "refused_sender", rule=self.id, name=match.rule.name)
        return refused
