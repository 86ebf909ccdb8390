"""What filters have skipped: sender, subject and date of the last mails, and how many in all.

Importers only add rows here: several at once would conflict if they counted in the filter's row.
"""

from odoo import api, fields, models

KEPT = 50
"""Mails that a filter shows."""


class MailImportFilterCatch(models.Model):
    _name = "mail.import.filter.catch"
    _inherit = ["mail.import.private.name.mixin"]
    _description = "Skipped E-mail"
    _order = "id desc"
    _rec_name = "subject"

    filter_id = fields.Many2one(
        "mail.import.filter", required=True, index=True, ondelete="cascade", readonly=True
    )
    filter_name = fields.Char("Skipped By", compute="_compute_filter_name", compute_sudo=True)
    mailbox_id = fields.Many2one(
        "mail.import.mailbox", required=True, index=True, ondelete="cascade", readonly=True
    )
    date = fields.Datetime(readonly=True)
    sender = fields.Char("From", readonly=True)
    subject = fields.Char(readonly=True)
    key = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    """Of the e-mail, which another mailbox may have."""

    @api.depends("filter_id")
    def _compute_filter_name(self):
        """As superuser: who reads the mailbox may know why a mail is not in it."""
        for catch in self:
            catch.filter_name = catch.filter_id._name_to_all()

    @api.model
    def _write_down(self, batch, mails):
        self.create(
            [
                {
                    "filter_id": mail.filter.id,
                    "mailbox_id": batch.mailbox.id,
                    "date": mail.raw.received_at or mail.parsed.date or self.env.cr.now(),
                    "sender": str(mail.parsed.sender),
                    "subject": mail.parsed.subject,
                    "key": mail.parsed.key,
                }
                for mail in mails
            ]
        )

    @api.model
    def _forget(self, emails):
        """E-mails that are deleted for everyone: they are counted, and listed no more.

        Called as superuser. Copies that a relay has changed bear the same key, and go, too.
        """
        keys = [email.key for email in emails if email.key]
        self.search([("key", "in", keys)])._forget_all()

    def _forget_all(self):
        """As superuser."""
        for one, catches in self.grouped("filter_id").items():
            one.trimmed += len(catches)
        self.unlink()

    @api.autovacuum
    def _gc_old(self):
        """Only the last ones of each filter stay; the others are counted there."""
        self.env.cr.execute(
            """WITH numbered AS (
                   SELECT id, row_number() OVER (PARTITION BY filter_id ORDER BY id DESC) AS n
                     FROM mail_import_filter_catch
               ), gone AS (
                   DELETE FROM mail_import_filter_catch AS catch USING numbered
                    WHERE catch.id = numbered.id AND numbered.n > %s
                RETURNING catch.filter_id
               )
               UPDATE mail_import_filter AS filter SET trimmed = filter.trimmed + counted.n
                 FROM (SELECT filter_id, count(*) AS n FROM gone GROUP BY filter_id) AS counted
                WHERE filter.id = counted.filter_id""",
            [KEPT],
        )
        self.env.invalidate_all()
