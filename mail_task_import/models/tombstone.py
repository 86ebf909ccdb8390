"""Tombstones: what a deleted e-mail leaves behind, so that a reset position does not revive it."""

from odoo import api, fields, models


class MailImportTombstone(models.Model):
    _name = "mail.import.tombstone"
    _description = "Key of a Deleted E-mail"
    _log_access = False

    key = fields.Char(required=True)
    digest = fields.Char(required=True)

    _key_digest = models.UniqueIndex("(key, digest)")

    @api.model
    def _remember(self, emails):
        known = {
            (stone.key, stone.digest)
            for stone in self.search([("key", "in", [email.key for email in emails if email.key])])
        }
        fresh = {(email.key, email.digest) for email in emails if email.key} - known
        self.create([{"key": key, "digest": digest} for key, digest in sorted(fresh)])
