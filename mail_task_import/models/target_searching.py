"""Finding the record that a mail belongs to: one search over all targets, for whoever looks.

Everything is asked as that user: of what the user may not read neither name nor number is told.
Each question is bounded, for it is asked while somebody types.
"""

import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

SHORTEST = 2
"""Letters that are looked for; fewer are in every name."""
LONGEST = 100
PER_KIND = 6
CUSTOMERS = 50
"""Contacts of a name whose records are looked for."""
NUMBER = re.compile(r"\[?(?:([A-Za-z]{2,12})[\s#-]{0,2}|#)?(\d{1,9})\]?")


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def search_records(self, term, limit=PER_KIND):
        """Records whose name, number or customer is like ``term``, by kinds.

        :return: ``[{"kind": name, "records": [what _shown tells]}]``, kinds without any left out
        """
        self.browse().check_access("read")
        term = str(term or "").strip()[:LONGEST]
        self._check_no_nul([term])
        number = NUMBER.fullmatch(term)
        if len(term) < SHORTEST and not number:
            return []
        limit = max(1, min(int(limit), PER_KIND))
        customers = self._customers_like(term)
        kinds = []
        for target in self._readable_targets():
            records = target._like_term(term, number, customers, limit)
            if records:
                kinds.append({"kind": target.name, "records": target._shown(records)})
        return kinds

    @api.model
    def _readable_targets(self):
        targets = self.search([])._installed()
        return targets.filtered(lambda target: self.env[target.model].has_access("read"))

    def _like_term(self, term, number, customers, limit):
        Model, ours = self.env[self.model], self._records()
        asked = [Domain("display_name", "ilike", term)]
        if number and (number[1] or self.code).upper() == self.code:
            asked.insert(0, Domain("id", "=", int(number[2])))
        if self.partner_field and not self.is_account and customers:
            asked.append(Domain(self.partner_field, "in", customers))
        if "@" in term and self.address_field:
            asked.append(Domain(self.address_field, "=ilike", f"{escape_psql(term)}%"))
        found = Model
        for domain in asked:
            if len(found) < limit:
                found |= Model.search(ours & domain, limit=limit)
        return found[:limit]

    @api.model
    def _customers_like(self, term):
        partners = self.env["res.partner"]
        if len(term) <= SHORTEST or not partners.has_access("read"):
            return []
        return partners.search([("display_name", "ilike", term)], limit=CUSTOMERS).ids

    def _shown(self, records):
        """What is told of records: ``model``, ``id``, ``name``, ``number`` and whose they are."""
        self.ensure_one()
        return [
            {
                "model": record._name,
                "id": record.id,
                "name": record.display_name,
                "number": f"{self.code}-{record.id}" if self.can_create else "",
                "kind": self.name,
                "detail": self._detail(record),
            }
            for record in records
        ]

    def _detail(self, record):
        """The customer, or the address that there is of one."""
        if self.partner_field and not self.is_account:
            customer = record.mapped(self.partner_field)[:1]._filtered_access("read")
            if customer:
                return customer.display_name
        if not self.address_field or self.address_field.startswith(f"{self.partner_field}."):
            return ""
        return next(filter(None, record.mapped(self.address_field)), "")
