"""Contacts with several addresses: found by each of them, whichever part of Odoo asks."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.mail import parse_contact_from_email


class ResPartner(models.Model):
    _inherit = "res.partner"

    # the host looks every sender up by it, and has no index
    email_normalized = fields.Char(index="btree_not_null")
    mail_import_address_ids = fields.One2many(
        "mail.import.address",
        "partner_id",
        "Further Addresses",
        copy=False,
        groups="base.group_user",
    )

    mail_import_company_ids = fields.One2many(
        "res.company", "partner_id", "Own Company", groups=fields.NO_ACCESS
    )

    @api.model
    def find_or_create(self, email, assert_valid_email=False):
        """As ``_find_or_create_from_emails``, which the host's own add-ons call."""
        address = parse_contact_from_email(email or "")[1]
        remembered = self._mail_import_remembered({address} - {False, ""})
        return remembered.get(address) or super().find_or_create(email, assert_valid_email)

    @api.model
    def _find_or_create_from_emails(self, emails, ban_emails=None, filter_found=None, **options):
        """Remembered addresses go before making a contact, and after the contacts' own."""
        if not self.env["mail.import.address"]._any():
            return super()._find_or_create_from_emails(
                emails, ban_emails=ban_emails, filter_found=filter_found, **options
            )
        keys = [parse_contact_from_email(email)[1] for email in emails]
        remembered = self._mail_import_remembered(set(keys) - {False, "", *(ban_emails or ())})
        if filter_found:
            remembered = {a: p for a, p in remembered.items() if p.filtered(filter_found)}
        others = [email for email, key in zip(emails, keys, strict=True) if key not in remembered]
        found = iter(
            super()._find_or_create_from_emails(
                others, ban_emails=ban_emails, filter_found=filter_found, **options
            )
        )
        return [remembered[key] if key in remembered else next(found) for key in keys]

    @api.model
    def _mail_import_remembered(self, addresses):
        """``{address: partner}`` of contacts that this user may see; mostly nothing to do."""
        found = self.env["mail.import.address"]._partners(addresses)
        if not found:
            return {}
        # sudo: addresses of colleagues and of contacts come first, whoever asks
        inside = self.env["mail.import.target"].sudo()._insiders(list(found))
        own = self.sudo().search([("email_normalized", "in", list(found))])
        taken = inside | set(own.mapped("email_normalized"))
        partners = self.env["res.partner"].union(*found.values())._filtered_access("read")
        return {a: p for a, p in found.items() if a not in taken and p in partners}

    @api.model
    def _search_display_name(self, operator, value):
        """Whoever types an address finds its contact, in every field that asks for one."""
        domain = super()._search_display_name(operator, value)
        any_address = self.env["mail.import.address"]._any()
        is_address = any_address and isinstance(value, str) and "@" in value
        # for employees only: others may not read the addresses at all
        if is_address and operator in ("ilike", "like", "=") and self.env.user._is_internal():
            domain = Domain(domain) | Domain("mail_import_address_ids.address", operator, value)
        return domain

    def action_mail_import_remember(self):
        """Of a proposal in the dialog *Remember this address for…*."""
        self.ensure_one()
        dialog = self.env["mail.import.remember.address"].browse(
            self.env.context.get("mail_import_remember_id")
        )
        dialog.partner_id = self
        return dialog.action_remember()
