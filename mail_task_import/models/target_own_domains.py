"""Which domains are our own: a stranger's address at one of them, or at one like it, says that the
sender is a colleague.
"""

from odoo import api, models

from ..mime.addresses import domain_of
from ..mime.free_mail import is_free_mail
from ..mime.likeness import Domains


class MailImportTarget(models.Model):
    _inherit = "mail.import.target"

    @api.model
    def _own_domains(self):
        """Domains of mailboxes, companies and aliases.

        Not those that the owner of a personal mailbox names, nor those of employees' addresses:
        they may be at a service that nobody here knows, beside customers'.
        """
        found = set()
        for _fetched, _own, certain in self.env["mail.import.mailbox"]._known_addresses().values():
            found.update(map(domain_of, certain))
        companies = self.env["res.company"].search([]).mapped("partner_id.email_normalized")
        found.update(domain_of(email or "") for email in companies)
        anybodys = self.env["mail.import.provider"]._all_domains()
        found = {domain for domain in found if not (domain in anybodys or is_free_mail(domain))}
        # what an alias is made of is ours, whatever it is
        found.update(self.env["mail.alias.domain"].search([]).mapped("name"))
        return Domains(domain for domain in found if domain and "." in domain)

    @api.model
    def _staff(self):
        """``[(name, address)]`` of all employees, in one query: what looks alike, the database
        cannot tell.
        """
        users = self.env["res.users"]
        query = users._search([("share", "=", False)])
        fields = ("name", "email_normalized")
        columns = [users._field_to_sql(users._table, field, query) for field in fields]
        return self.env.execute_query(query.select(*columns))
