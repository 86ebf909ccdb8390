"""What came back: for each mail of ours and each address once, with the server's reason.

It holds no subject and no text. Nobody reads these rows themselves; readers of the e-mail read in
it what became of it.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from .reference import digest_of

KINDS = [
    ("hard", "Nobody is there"),
    ("soft", "Not this time"),
    ("refused", "This mail was not wanted"),
]
REASONS = [
    ("no_mailbox", "no such mailbox"),
    ("disabled", "the mailbox is disabled"),
    ("no_domain", "no such domain"),
    ("full", "the mailbox is full"),
    ("size", "the e-mail is too big"),
    ("content", "its content was refused"),
    ("policy", "refused by a rule there, as spam for example"),
    ("sender", "the sender was refused"),
    ("unreached", "the mail server there was not reached"),
]


class MailImportBounceReport(models.Model):
    _name = "mail.import.bounce.report"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "E-mail That Came Back"
    _order = "id"
    _log_access = False

    digest = fields.Char(required=True, help="Of the Message-ID.")
    address = fields.Char(required=True)
    email_id = fields.Many2one("mail.import.email", ondelete="set null", index="btree_not_null")
    has_email = fields.Boolean(
        help="It was a mailbox's e-mail: when and why is told to its readers alone."
    )
    state_id = fields.Many2one(
        "mail.import.address.state",
        ondelete="set null",
        index="btree_not_null",
        help="It is counted there; empty: it never was, or the address has worked since.",
    )
    reported_at = fields.Datetime(required=True)
    kind = fields.Selection(KINDS)
    reason = fields.Selection(REASONS)
    status = fields.Char()
    said = fields.Char(help="By the mail server, without anybody else's address.")

    _mail_and_address_once = models.UniqueIndex("(digest, address)")

    @api.model
    def _once(self, message_id, values):
        """The new row; none where this mail to this address has come back already.

        Whoever writes it at the same moment in another worker is waited for, and then begins anew.
        """
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO mail_import_bounce_report (digest, address, reported_at)
                   VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING id""",
                digest_of(message_id),
                values["address"],
                fields.Datetime.now(),
            )
        )
        report = self.browse(row[0] for row in rows)
        if report:
            report.write({**values, "reason": values["reason"] or False})
        return report

    def _told_to_user(self):
        """Those of e-mails that the user may read, and of mailings and the like."""
        emails = self.email_id.sudo(False)._filtered_access("read").ids  # the user's own rights
        return self.filtered(lambda report: not report.has_email or report.email_id.id in emails)

    def _words(self):
        """Why, in words for people, with what the server said."""
        reason = self._reason_words(self.reason)
        return f"{reason} ({self.said})" if self.said else reason

    @api.model
    def _reason_words(self, reason):
        words = dict(self._fields["reason"]._description_selection(self.env))
        return words.get(reason) or self.env._("no reason that we know")
