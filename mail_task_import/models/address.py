"""Further addresses of contacts, remembered by people: Odoo itself knows one address of each.

A remembered address makes its owner's mail that contact's, and nothing more: employees, and the own
companies, have the addresses of their users and companies alone.
"""

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ..mime.addresses import MAX_EMAIL
from ..remembered import forget

OUTSIDE = Domain("partner_id.partner_share", "=", True) & Domain(
    "partner_id.mail_import_company_ids", "=", False
)
"""Contacts that are neither an employee nor an own company, whenever they became one."""


class MailImportAddress(models.Model):
    _name = "mail.import.address"
    _inherit = ["mail.import.text.mixin", "mail.import.moved.mixin"]
    _description = "Further E-mail Address of a Contact"
    _order = "id"
    _rec_name = "address"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, index=True, ondelete="cascade"
    )
    address = fields.Char(required=True, index=True)
    create_uid = fields.Many2one("res.users", "Remembered By", readonly=True)
    create_date = fields.Datetime("Since", readonly=True)

    _once = models.Constraint(
        "UNIQUE(partner_id, address)", "This contact has this address already."
    )

    # -- who may, and what may not be -----------------------------------------------------------

    @api.model
    def _any(self):
        """Whether anybody has remembered an address: mostly there is nothing to look up."""
        return self.env["mail.import.mailbox"]._any() and self._is_any_stored()

    @api.model
    @tools.ormcache()
    def _is_any_stored(self):
        return bool(self.env.execute_query(SQL("SELECT FROM mail_import_address LIMIT 1")))

    @api.model_create_multi
    def create(self, vals_list):
        addresses = super().create([self._normalised(vals) for vals in vals_list])
        if not self._is_any_stored():
            forget(self.env)
        addresses._check_may_remember()
        return addresses

    def write(self, vals):
        self._check_may_write_contact()
        result = super().write(self._normalised(vals))
        self._check_may_remember()
        return result

    def unlink(self):
        self._check_may_write_contact()
        return super().unlink()

    @api.model
    def _normalised(self, vals):
        if "address" not in vals:
            return vals
        self._check_no_nul(vals)
        if len(vals["address"] or "") > MAX_EMAIL:
            raise ValidationError(
                self.env._("An e-mail address has at most %s characters.", MAX_EMAIL)
            )
        address = email_normalize(vals["address"])
        if not address:
            raise ValidationError(
                self.env._("“%s” is not an e-mail address.", vals["address"] or "")
            )
        return {**vals, "address": address}

    def _check_may_write_contact(self):
        """An address is a part of its contact: who may not write that, may not write this."""
        if not self.env.su:
            self.partner_id.check_access("write")

    def _check_may_remember(self):
        self._check_may_write_contact()
        # sudo: whose address it is; of people that the user may not see nothing but a refusal
        insiders = self.env["mail.import.target"].sudo()._insiders(self.mapped("address"))
        for remembered in self:
            if remembered.address in insiders:
                raise ValidationError(
                    self.env._(
                        "“%s” is an address of a colleague, an own company or a mailbox.",
                        remembered.address,
                    )
                )
            if not remembered.sudo().filtered_domain(OUTSIDE):
                raise ValidationError(
                    self.env._(
                        "“%s” is a colleague or an own company: they have no further addresses, "
                        "or else somebody could write in their name.",
                        remembered.partner_id.display_name,
                    )
                )
            remembered._check_is_free()

    def _check_is_free(self):
        """Not the address of another contact, as far as the user may know."""
        other = (
            self.env["res.partner"].search(
                [("email_normalized", "=", self.address), ("id", "!=", self.partner_id.id)], limit=1
            )
            or (self.search([("address", "=", self.address)]) - self).partner_id[:1]
        )
        if other:
            raise ValidationError(
                self.env._(
                    "%(address)s is the address of “%(contact)s”. If both are one person, merge "
                    "the two contacts.",
                    address=self.address,
                    contact=other.display_name,
                )
            )

    # -- remembering ----------------------------------------------------------------------------

    @api.model
    def _remember(self, address, partner):
        """Remember an address for a contact, and for no other one any more."""
        partner.check_access("write")
        address = email_normalize(address)
        others = self.search([("address", "=", address)])
        if not partner.filtered(lambda contact: contact.email_normalized == address) and (
            partner not in others.partner_id
        ):
            for contact in others.partner_id:
                if not contact.has_access("write"):
                    raise UserError(
                        self.env._(
                            "%(address)s is remembered for “%(contact)s”, whom you may not change.",
                            address=address,
                            contact=contact.display_name,
                        )
                    )
            others.unlink()
            self.create({"address": address, "partner_id": partner.id})

    # -- merging contacts -----------------------------------------------------------------------

    @api.model
    def _drop_doubles(self, sources, kept):
        """Each address once among contacts that become one."""
        seen = set(self.search([("partner_id", "=", kept.id)]).mapped("address"))
        for row in self.search([("partner_id", "in", sources.ids)]):
            if row.address not in seen:
                seen.add(row.address)
            else:
                row.unlink()
        self.env.flush_all()

    @api.model
    def _keep_merged(self, partner, addresses):
        """The addresses that the host has dropped; a colleague keeps none of them."""
        rows = self.search([("partner_id", "=", partner.id)])
        rows.invalidate_recordset()
        # sudo is the caller's: the same check as by hand, without an error in the merge
        insiders = self.env["mail.import.target"]._insiders(addresses)
        taken = self.env["res.partner"].search([("email_normalized", "in", list(addresses))])
        missing = addresses - insiders - set(rows.mapped("address"))
        missing -= set(taken.mapped("email_normalized"))
        if not (partner.partner_share and not partner.mail_import_company_ids):
            rows.unlink()
            return
        self.create([{"partner_id": partner.id, "address": a} for a in sorted(missing)])

    # -- finding --------------------------------------------------------------------------------

    @api.model
    def _partners(self, addresses):
        """``{address: partner}`` of remembered addresses, in one query; the oldest wins.

        Contacts of other companies than the current one do not count. Addresses of insiders are
        for the caller to leave out, as those of contacts are.
        """
        if not addresses or not self._any():
            return {}
        company = Domain("partner_id.company_id", "in", [False, self.env.company.id])
        # sudo: whoever asks first; which contact may be seen is for the caller to say
        rows = self.sudo().search_fetch(
            OUTSIDE
            & company
            & Domain("address", "in", list(addresses))
            & Domain("partner_id.active", "=", True),
            ["address", "partner_id"],
        )
        found = {}
        for row in rows:
            found.setdefault(row.address, row.partner_id.with_env(self.env))
        return found

    @api.model
    def _of_partners(self, partners):
        """``{partner id: remembered addresses}``, in one query."""
        found = {}
        if not partners or not self._any():
            return found
        # sudo: as above
        rows = self.sudo().search_fetch(
            OUTSIDE & Domain("partner_id", "in", partners.ids), ["address", "partner_id"]
        )
        for row in rows:
            found.setdefault(row.partner_id.id, set()).add(row.address)
        return found

    @api.model
    def _families(self, partners):
        """``{address: all addresses of its contact}``, where there are several.

        :param partners: ``{address: partner}``
        """
        contacts = self.env["res.partner"].union(*partners.values())
        others = self._of_partners(contacts)
        return {
            address: {address, *others[partner.id], partner.email_normalized} - {False}
            for address, partner in partners.items()
            if partner.id in others
        }
