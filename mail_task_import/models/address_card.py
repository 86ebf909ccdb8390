"""Whom addresses belong to, as far as the user may know: colleague, mailbox, contact, lead.

One look-up a kind for all addresses of a mail, by the user's own rights. Another add-on adds a kind
to ``_card_steps``.
"""

from odoo import api, models


class MailImportAddressCard(models.AbstractModel):
    _name = "mail.import.address.card"
    _description = "Whom an Address Belongs To"

    @api.model
    def _cards(self, addresses):
        """``{address: {"kind", "label", "name", "model", "id"}}``; an unknown one is of no kind.

        :param addresses: normalised
        """
        found, left = {}, {address for address in addresses if address}
        for step in self._card_steps():
            if left:
                some = step(left)
                found.update(some)
                left = left - set(some)
        unknown = {"kind": "unknown", "label": self.env._("Unknown"), "name": "", "id": False}
        return found | {address: {**unknown, "model": False} for address in left}

    @api.model
    def _card_steps(self):
        return [
            self._cards_of_employees,
            self._cards_of_mailboxes,
            self._cards_of_contacts,
            self._cards_of_further_addresses,
            self._cards_of_records,
            self._cards_of_ours,
        ]

    def _card(self, kind, label, record, name=None):
        return {
            "kind": kind,
            "label": label,
            "name": name or record.display_name or "",
            "model": record._name,
            "id": record.id,
        }

    def _cards_of_employees(self, addresses):
        users = self.env["res.users"].search(
            [("share", "=", False), ("partner_id.email_normalized", "in", list(addresses))],
            order="id desc",
        )
        return {
            user.partner_id.email_normalized: self._card(
                "employee", self.env._("Colleague"), user.partner_id
            )
            for user in users
            if user.partner_id in user.partner_id._filtered_access("read")
        }

    def _cards_of_mailboxes(self, addresses):
        """Group mailboxes that the user reads; of others only that the address is ours."""
        found = self.env["mail.import.mailbox"]._by_address(addresses)
        mailboxes = self.env["mail.import.mailbox"].union(*found.values())._filtered_access("read")
        return {
            address: self._card("mailbox", self.env._("Mailbox"), mailbox)
            for address, mailbox in found.items()
            if mailbox in mailboxes
        }

    def _cards_of_contacts(self, addresses):
        partners = self.env["res.partner"].search_fetch(
            [("email_normalized", "in", list(addresses))],
            ["name", "email_normalized", "is_company", "parent_id"],
            order="id",
            limit=1000,
        )
        found = {}
        for partner in partners.sorted(lambda p: (not p.is_company and bool(p.parent_id), p.id)):
            if partner.email_normalized not in found:
                found[partner.email_normalized] = self._card_of_contact(partner)
        return found

    def _cards_of_further_addresses(self, addresses):
        if not self.env["mail.import.address"]._any():
            return {}
        rows = self.env["mail.import.address"].search(
            [("address", "in", list(addresses)), ("partner_id.active", "=", True)], order="id desc"
        )
        readable = rows.partner_id._filtered_access("read")
        return {
            row.address: self._card_of_contact(row.partner_id)
            for row in rows
            if row.partner_id in readable
        }

    def _card_of_contact(self, partner):
        if partner.is_company:
            return self._card("company", self.env._("Company"), partner)
        return self._card("contact", self.env._("Contact"), partner)

    def _cards_of_records(self, addresses):
        """Leads, and what else keeps an address of its own: the newest one of each address."""
        # sudo: targets are settings
        targets = self.env["mail.import.target"].sudo().search([("is_account", "=", False)])
        found = {}
        for model, field in dict.fromkeys(
            (target.model, target.address_field)
            for target in targets._installed()
            if target.address_field and "." not in target.address_field
        ):
            if self.env[model].has_access("read"):
                found |= self._cards_of_model(model, field, addresses - set(found))
        return found

    def _cards_of_model(self, model, field, addresses):
        groups = self.env[model]._read_group([(field, "in", list(addresses))], [field], ["id:max"])
        records = self.env[model].browse(id_ for _address, id_ in groups)
        kind = "lead" if model == "crm.lead" else "record"
        return {
            address: self._card(kind, self._label_of(record), record)
            for (address, _id), record in zip(groups, records, strict=True)
        }

    def _label_of(self, record):
        target = self.env["mail.import.target"]._of_record(record)
        # sudo: the name of a setting
        return target.sudo().name or self.env["ir.model"]._get(record._name).name

    def _cards_of_ours(self, addresses):
        """Whose address it is, is not told; only that nobody makes a contact of it."""
        # sudo: as where addresses are remembered
        inside = self.env["mail.import.target"].sudo()._insiders(list(addresses))
        card = {"kind": "own", "label": self.env._("One of our addresses"), "name": ""}
        return {address: {**card, "model": False, "id": False} for address in inside & addresses}
