"""*Fetch What It Skipped*: the mail is still on the server, and comes in by the way of an audit."""

from odoo import models
from odoo.exceptions import UserError

from ..actions import notice


class MailImportFilter(models.Model):
    _inherit = "mail.import.filter"

    def action_fetch_skipped(self):
        """Forget that these messages are done: an audit finds them missing, and fetches them."""
        self.ensure_one()
        self.check_access("write")
        if self.active:
            raise UserError(
                self.env._("Switch the filter off first, or it skips the same e-mails again.")
            )
        locations = self._skipped_locations()
        mailboxes = locations.mailbox_id
        if not mailboxes:
            raise UserError(
                self.env._("There is nothing to fetch: no active mailbox knows where it lies.")
            )
        locations.unlink()
        self._forget_caught()
        mailboxes.action_audit()
        return notice(self.env._("They are fetched with the next look at the mailbox."))

    def _skipped_locations(self):
        # sudo: the ledger is the importer's; whoever may change a filter takes back what it did
        locations = self.env["mail.import.location"].sudo()
        found = locations.search([("filter_id", "=", self.id), ("outcome", "=", "filtered")])
        return found.filtered(
            lambda one: (
                one.mailbox_id.active
                and one.mailbox_id.state == "active"
                and one.uidvalidity == one.remote_folder_id.uidvalidity
            )
        )

    def _forget_caught(self):
        """They are counted, and listed no more."""
        # sudo: also those of mailboxes that the user does not read
        catches = self.env["mail.import.filter.catch"].sudo()
        catches.search([("filter_id", "=", self.id)])._forget_all()
