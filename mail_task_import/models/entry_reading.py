"""An inbox of 100,000 e-mails: which rows PostgreSQL has to look at for one person's."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

NEWEST = 10_000
"""Entries whose e-mails are looked through: one after the other, at some 15 µs each."""

IN_EMAIL = ("to", "cc", "body_text")


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    all_text = fields.Char(
        store=False,
        search="_search_all_text",
        help="Subject and sender of all e-mails; recipients and text of the newest 10,000.",
    )

    _newest = models.Index("(date DESC, id DESC)")
    _unread = models.Index("(mailbox_id, folder_id) WHERE is_read IS NOT TRUE")

    @api.model
    def _search(self, domain, *args, bypass_access=False, **options):
        """The record rule says whose they are; that only these mailboxes matter PostgreSQL would
        find out row by row.
        """
        domain = Domain(domain)
        # what is read by its id, as the host reads all fields, is found by it
        by_id = any(condition.field_expr == "id" for condition in domain.iter_conditions())
        if not (self.env.su or bypass_access or by_id):
            domain &= Domain("mailbox_id", "in", self._own_mailboxes().ids) | Domain(
                "user_id", "=", self.env.uid
            )
        return super()._search(domain, *args, bypass_access=bypass_access, **options)

    @api.model
    def _own_mailboxes(self):
        # sudo: whose mailboxes they are, archived ones and those of other companies too
        Mailbox = self.env["mail.import.mailbox"].sudo().with_context(active_test=False)
        return Mailbox.search([("reader_ids", "in", [self.env.uid])], order="id")

    @api.model
    def _search_all_text(self, operator, value):
        if operator != "ilike":
            return NotImplemented
        said = Domain.OR(Domain(name, operator, value) for name in IN_EMAIL)
        return (
            Domain("subject", operator, value)
            | Domain("sender", operator, value)
            | Domain("id", "in", self._newest_of(said))
        )

    @api.model
    def _newest_of(self, domain):
        """Ids of the user's newest entries whose e-mails are like that; no others."""
        newest = self._search([], order="date desc, id desc", limit=NEWEST)
        # sudo: e-mails of the user's own entries
        emails = self.env["mail.import.email"].sudo()._search(domain)
        rows = self.env.execute_query(
            SQL(
                # a value that is selected, or PostgreSQL looks through all texts first
                "SELECT newest.id FROM %s AS newest(id, email_id) "
                "WHERE (SELECT TRUE FROM %s WHERE %s AND %s = newest.email_id LIMIT 1)",
                newest.subselect(
                    SQL.identifier(newest.table, "id"), SQL.identifier(newest.table, "email_id")
                ),
                emails.from_clause,
                emails.where_clause,
                SQL.identifier(emails.table, "id"),
            )
        )
        return [id_ for [id_] in rows]
