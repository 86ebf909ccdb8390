"""The journal in words: a mail that was here already when another mailbox received it, too."""

from odoo import models


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def _words_of_known(self, _note):
        """Nobody learns here of a copy of others of which no link tells."""
        # sudo: which copies there are; what is told of them follows from what the user reads
        email = self.sudo().email_id
        if not email:
            return ""
        if email.direction == "outgoing":
            return self.env._(
                "It was sent from one of our mailboxes; where it belongs was decided then."
            )
        first = self._decided_with(email)
        if first.has_access("read") and first:
            # sudo: the mailbox of what one reads, also after it was archived
            mailbox = first.sudo().mailbox_id.name
            return self.env._("It was decided already, when it came into “%s”.", mailbox)
        if self.link_ids.filtered(lambda link: not link.suggested):
            return self.env._("It was decided already, when it came into another mailbox.")
        return self.env._("Nothing says where it belongs.")

    def _decided_with(self, email):
        """The first copy whose mailbox could decide, as the user; none where it is gone."""
        copies = email.entry_ids.filtered(lambda one: one.visibility == "linked") - self.sudo()
        return copies.sorted("id")[:1].with_env(self.env)
