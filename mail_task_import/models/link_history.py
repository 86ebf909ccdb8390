"""The e-mails of a record, as its *E-mails* button shows them: which ones, and of whom."""

import re
from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import email_split_tuples

from ..row_by_row import one_of

LOOKED_AT = 300
"""E-mails of a record by which people are found."""
PEOPLE = 12


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    person = fields.Char(
        store=False,
        search="_search_person",
        help="Address in From, To or Cc.",
    )

    is_listed = fields.Boolean(
        store=False,
        search="_search_is_listed",
        help="Neither a proposal nor what a colleague is still writing.",
    )

    @api.model
    def _search_is_listed(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        others = Domain("create_uid", "!=", self.env.uid) | Domain("unwritten", "=", True)
        written_by_others = Domain("state", "=", "draft") & others
        return Domain("suggested", "=", False) & Domain("email_id", "not any!", written_by_others)

    # -- people ---------------------------------------------------------------------------------

    @api.model
    def _search_person(self, operator, value):
        if operator != "in":
            return NotImplemented
        addresses = [address.lower() for address in value if isinstance(address, str) and address]
        if not addresses:
            return Domain.FALSE
        named = Domain.OR(_names(column, one) for one in addresses for column in ("to", "cc"))
        # sudo: who reads a link reads its e-mail
        emails = self.env["mail.import.email"].sudo()
        return one_of(emails._search(Domain("from_email", "in", addresses) | named), "email_id")

    @api.model
    def people(self, domain):
        """Who wrote these e-mails or got them, the busiest first; by the newest of them.

        :return: ``[{"address", "name", "count"}]``; our own addresses are left out
        """
        links = self.search(domain, limit=LOOKED_AT)
        counts, names = Counter(), {}
        # sudo: who reads a link reads its e-mail
        for email in links.sudo().email_id:
            found = _people_of(email)
            counts.update(found.keys())
            for address, name in found.items():
                names[address] = names.get(address) or name
        ours = self._our_addresses(counts)
        return [
            {"address": address, "name": names[address] or address, "count": count}
            for address, count in counts.most_common()
            if address not in ours
        ][:PEOPLE]

    @api.model
    def _our_addresses(self, addresses):
        """Of mailboxes: everything went through one."""
        # sudo: the user reads these addresses in the e-mails
        mailboxes = self.env["mail.import.mailbox"].sudo().with_context(active_test=False)
        return set(mailboxes.search([("address", "in", list(addresses))]).mapped("address"))

    # -- writing --------------------------------------------------------------------------------

    def action_compose(self):
        """A new e-mail about the record whose list this is.

        Not of the model alone: a button above a list hands over the selected links.
        """
        emails = self.env["mail.import.email"]
        model, res_id = self.env.context.get("mail_import_record") or (None, None)
        if model:
            return emails.begin(model, res_id)
        return emails.action_compose()

    def action_edit_draft(self):
        self.ensure_one()
        self.check_access("read")
        # sudo: to get from the link to its e-mail, which is asked as the user
        return self.sudo().email_id.with_env(self.env)._open_draft()


def _people_of(email):
    """``{address: name}``"""
    found = {}
    for text in (email.to, email.cc):
        for name, address in email_split_tuples((text or "")[:10_000]):
            found[address.lower()] = name
    if email.from_email:
        found[email.from_email.lower()] = email.from_name
    return found


def _names(column, address):
    """A list of recipients names this address, and not one that ends in it."""
    pattern = rf"(^|[\s<,;:]){re.escape(address)}($|[\s>,;])"

    def to_sql(model, alias, _query):
        return SQL("%s ~* %s", model._field_to_sql(alias, column), pattern)

    return Domain.custom(to_sql=to_sql)
