"""Known mail that is rehearsed is forgotten, within a transaction that is rolled back.

It bears other keys, it has no links, its threads are not claimed, and the records that it made are
archived.
"""

from odoo import api, models
from odoo.tools import SQL

from .reference import digest_of


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    @api.model
    def _forget_for_rehearsal(self, locations):
        emails = locations.entry_id.email_id.filtered(lambda email: email.direction == "incoming")
        links = emails.link_ids
        self._archive_made(links)
        named = {email.message_id for email in emails} - {False}
        named.update(*((email.references_text or "").split() for email in emails))
        self.env.flush_all()
        for statement, values in (
            ("UPDATE mail_message SET message_id = NULL WHERE id = ANY(%s)", links.message_id.ids),
            ("DELETE FROM mail_import_link WHERE id = ANY(%s)", links.ids),
            ("DELETE FROM mail_import_claim WHERE digest = ANY(%s)", list(map(digest_of, named))),
            ("DELETE FROM mail_import_reference WHERE email_id = ANY(%s)", emails.ids),
            ("DELETE FROM mail_import_location WHERE id = ANY(%s)", locations.ids),
            (
                """UPDATE mail_import_email
                      SET key = 'rehearsed ' || id, message_id = NULL, message_id_digest = NULL
                    WHERE id = ANY(%s)""",
                emails.ids,
            ),
        ):
            self.env.cr.execute(statement, [values])
        self.env.invalidate_all(flush=False)

    @api.model
    def _archive_made(self, links):
        """Nobody's mail joins a record that would not be there yet."""
        made = links.filtered(lambda link: link.made_record and link.res_model in self.env)
        for model, some in made.grouped("res_model").items():
            active = self.env[model]._fields.get("active")
            if active and active.store:
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET active = FALSE WHERE id = ANY(%s)",
                        SQL.identifier(self.env[model]._table),
                        some.mapped("res_id"),
                    )
                )
