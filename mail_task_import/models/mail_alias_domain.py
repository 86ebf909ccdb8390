"""The host's own addresses: where recipients are proposed, those of group mailboxes are some."""

from odoo import api, models

from ..remembered import forget


class MailAliasDomain(models.Model):
    _inherit = "mail.alias.domain"

    def write(self, vals):
        """Virtual addresses of mailboxes are remembered whole."""
        result = super().write(vals)
        if "name" in vals and self.env["mail.import.mailbox"]._any():
            forget(self.env)
        return result

    @api.model
    def _find_aliases(self, email_list):
        found = super()._find_aliases(email_list)
        if not self.env.context.get("mail_import_proposing"):
            return found
        # sudo: which addresses are mailboxes is asked for everybody's mail
        mailboxes = self.env["mail.import.mailbox"].sudo()._by_address(email_list)
        return [*found, *(a for a, mailbox in mailboxes.items() if mailbox.kind == "group")]
