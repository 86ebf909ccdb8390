"""What the owner of a personal mailbox says of its addresses, and what others need not believe.

Anybody may set up a personal mailbox and name any address. That is good enough to tell the owner's
own mail in it, but makes nobody a colleague, and takes no address from anybody.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .mailbox_lookups import addresses_in

CLAIMS = ("address", "other_addresses")


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    confirmed_addresses = fields.Char(
        copy=False,
        readonly=True,
        help="Those of the addresses that an administrator has entered.",
    )

    # -- who has entered them -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if self._is_administrator():
            vals_list = [
                {**vals, "confirmed_addresses": _joined(addresses_in(*map(vals.get, CLAIMS)))}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if self._is_administrator() and not vals.keys().isdisjoint(CLAIMS):
            self._confirm(vals)
        return super().write(vals)

    def _confirm(self, vals):
        """What an administrator enters now, and what one has entered before beside it."""
        # sudo: administrators confirm by entering, nobody writes the field itself
        for mailbox in self.sudo():
            stays = addresses_in(*(mailbox[name] for name in CLAIMS if name not in vals))
            entered = addresses_in(*(vals[name] for name in CLAIMS if name in vals))
            mailbox.confirmed_addresses = _joined(
                entered | stays & addresses_in(mailbox.confirmed_addresses)
            )

    def _read_confirmed(self):
        """Addresses that are this mailbox's by more than its owner's word, among others.

        Of owners who have left, the address as well: nobody else is to write in their name. Those
        who are still here are known by it anyway.
        """
        if self.kind == "group":
            return self._read_addresses()
        left = self.owner_id.partner_id.email_normalized if not self.owner_id.active else ""
        # only administrators give virtual ones
        return addresses_in(self.confirmed_addresses, left, self._virtual_address())

    # -- whose they are -------------------------------------------------------------------------

    @api.constrains("kind", "owner_id", *CLAIMS)
    def _check_address_is_nobody_elses(self):
        for mailbox in self.filtered(lambda one: one.kind == "personal"):
            if others := mailbox._of_others(mailbox._read_addresses()):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be an address of this personal mailbox: it is that of another "
                        "user, of another mailbox, of an alias or of the company.",
                        min(others),
                    )
                )

    def _credible(self, senders):
        """Own addresses among ``senders`` in which mail of this mailbox is our own."""
        own = self._own_addresses() & set(senders)
        return own - self._of_others(own) if own and self.kind == "personal" else own

    def _of_others(self, addresses):
        """Those that a personal mailbox cannot have: somebody else has them already."""
        # sudo: whose address it is; nothing but that is told
        mailbox = self.sudo()
        owners = mailbox.owner_id.partner_id.email_normalized
        confirmed = addresses_in(mailbox.confirmed_addresses)
        of_house = mailbox._of_house(addresses) - confirmed - {owners}
        # one address of two people is the owner's where an administrator says so
        of_users = mailbox._of_other_users(addresses) - (confirmed & {owners})
        return of_house | of_users | mailbox._of_other_mailboxes(addresses)

    def _of_other_users(self, addresses):
        users = self.env["res.users"].search(
            Domain("partner_id.email_normalized", "in", list(addresses))
            & Domain("id", "!=", self.owner_id.id)
        )
        return set(users.partner_id.mapped("email_normalized"))

    def _of_other_mailboxes(self, addresses):
        """Group mailboxes', aliases', and what an administrator entered for another owner."""
        aliases = self.env["mail.alias"].search(
            [
                ("alias_full_name", "in", list(addresses)),
                ("id", "not in", self.alias_id.ids),
            ]
        )
        found = addresses_in(*aliases.mapped("alias_full_name"))
        known = self._known_addresses()
        others = self.with_context(active_test=False).search(
            [("id", "in", list(known)), ("owner_id", "!=", self.owner_id.id)]
        )
        return found.union(*(known[other.id][2] & addresses for other in others))

    @api.model
    def _of_house(self, addresses):
        """Own companies', and what the host sends from and takes back at."""
        companies = self.env["res.company"].search([]).mapped("partner_id.email_normalized")
        domains = self.env["mail.alias.domain"].search([])
        names = ("catchall_email", "bounce_email", "default_from_email")
        return addresses & set(companies).union(*map(domains.mapped, names))


def _joined(addresses):
    return ", ".join(sorted(addresses))
