"""What the importer asks a mailbox: which addresses are its own, and whose word it trusts."""

from odoo import api, models, tools
from odoo.tools import email_normalize
from odoo.tools.mail import email_split

from ..remembered import forget

ADDRESSED = {
    "address", "other_addresses", "state", "active", "kind", "sequence", "name", "owner_id",
    "confirmed_addresses",
}  # fmt: skip
"""Fields that say which mailbox an address belongs to, and which comes first."""


def addresses_in(*texts):
    parts = ",".join(text or "" for text in texts).split(",")
    return frozenset(email for part in parts if (email := email_normalize(part)))


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    # -- own addresses --------------------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _known_addresses(self):
        """``{mailbox id: (whether it is fetched, its addresses in lower case, those of them that
        are more than its owner's word)}``, archived ones too.
        """
        # sudo: which addresses are mailboxes is asked for everybody's mail
        mailboxes = self.sudo().with_context(active_test=False).search([])
        return {
            mailbox.id: (
                mailbox.active and mailbox.state == "active",
                mailbox._read_addresses(),
                mailbox._read_addresses() & mailbox._read_confirmed(),
            )
            for mailbox in mailboxes
        }

    def _read_addresses(self):
        return addresses_in(self.address, self.other_addresses, self._virtual_address())

    def _own_addresses(self):
        """Every address that delivers into these mailboxes, lower case."""
        known = self._known_addresses()
        return {
            address
            for mailbox in self
            # one that is being written in a form is not known yet
            for address in (
                known[mailbox.id][1] if mailbox.id in known else mailbox._read_addresses()
            )
        }

    @api.model
    def _by_address(self, addresses):
        """``{address: mailbox}`` of the active mailboxes with one of these addresses."""
        found = {}
        for id_, (is_fetched, own, _certain) in self._known_addresses().items():
            for address in own & set(addresses) if is_fetched else ():
                found.setdefault(address, self.browse(id_))
        return found

    @api.model
    def _with_plain_address(self, vals):
        """It is sent from, and compared with recipients: a name pasted with it is left away."""
        found = email_split(vals.get("address") or "")
        return {**vals, "address": found[0]} if len(found) == 1 else vals

    @api.model_create_multi
    def create(self, vals_list):
        mailboxes = super().create([self._with_plain_address(vals) for vals in vals_list])
        forget(self.env)
        return mailboxes

    def write(self, vals):
        result = super().write(self._with_plain_address(vals))
        if ADDRESSED & vals.keys():
            forget(self.env)
        return result

    def unlink(self):
        result = super().unlink()
        forget(self.env)
        return result

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
