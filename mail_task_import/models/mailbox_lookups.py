"""What the importer asks a mailbox: which addresses are its own, and whose word it trusts."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import email_normalize


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    # -- own addresses --------------------------------------------------------------------------

    def _own_addresses(self):
        """Every address that delivers into these mailboxes, lower case."""
        self_sudo = self.sudo()
        raw = ",".join(f"{m.address or ''},{m.other_addresses or ''}" for m in self_sudo)
        return {address for part in raw.split(",") if (address := email_normalize(part))}

    @api.model
    def _by_address(self, addresses):
        """``{address: mailbox}`` of the active mailboxes with one of these addresses."""
        found = {}
        wanted = (
            Domain.OR(
                Domain("address", "=ilike", address) | Domain("other_addresses", "ilike", address)
                for address in addresses
            )
            if addresses
            else Domain.FALSE
        )
        for mailbox in self.search(wanted & Domain("state", "=", "active")):
            for address in mailbox._own_addresses() & set(addresses):
                found.setdefault(address, mailbox)
        return found

    def _trusted_verdict(self, parsed):
        """What the server on top says about the sender, where it is trusted; else None.

        A server writes its header on top (RFC 8601, 5); the ones below may be the sender's own,
        whatever name they bear: a server that is not trusted has not taken forged ones out.
        """
        trusted = {
            name.strip().lower() for name in (self.trusted_authserv_ids or "").split(",")
        } - {""}
        topmost = next(iter(parsed.authentication), None)
        return topmost if topmost and topmost.server in trusted else None
