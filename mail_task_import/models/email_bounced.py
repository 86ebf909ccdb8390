"""E-mails that came back: from whom, and why."""

from odoo import api, fields, models
from odoo.tools import format_datetime


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    has_bounced = fields.Boolean("Came Back", readonly=True, copy=False)
    bounce_ids = fields.One2many(
        "mail.import.bounce.report", "email_id", groups=fields.NO_ACCESS, copy=False
    )
    bounced = fields.Text(compute="_compute_bounced", compute_sudo=True)

    @api.depends("bounce_ids", "has_bounced")
    def _compute_bounced(self):
        """A line for each address."""
        for email in self:
            reports = email.bounce_ids if email.has_bounced else ()
            email.bounced = "\n".join(email._bounce_words(report) for report in reports)

    def _bounce_words(self, report):
        return self.env._(
            "It could not be delivered to %(address)s: %(reason)s, %(date)s.",
            address=report.address,
            reason=report._words(),
            date=format_datetime(self.env, report.reported_at, dt_format="short"),
        )
