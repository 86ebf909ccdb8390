"""What is said of an address that mail came back from: when, how often and in the server's words to
readers of the mail, that it fails to those who see the address.
"""

from odoo import api, fields, models
from odoo.tools import format_date


class MailImportAddressState(models.Model):
    _inherit = "mail.import.address.state"

    told = fields.Text("What Came Back", compute="_compute_told", compute_sudo=True)

    @api.depends_context("uid", "lang")
    @api.depends("report_ids", "reason")
    def _compute_told(self):
        for state in self:
            state.told = state._came_back_words()

    def _words(self):
        """For those who see the address anyway."""
        self.ensure_one()
        if not self.is_left_out:
            return self.told
        return f"{self.told} {self.env._('Mailings do not go there any more.')}"

    def _came_back_words(self):
        reports = self.report_ids._told_to_user()
        last = reports[-1:]
        if not last:
            return self.env._(
                "E-mails to %(address)s come back: %(reason)s.",
                address=self.address,
                reason=self.env["mail.import.bounce.report"]._reason_words(self.reason),
            )
        words = {
            "address": self.address,
            "count": len(reports),
            "date": format_date(self.env, last.reported_at),
            "reason": last._words(),
        }
        if len(reports) == 1:
            return self.env._(
                "An e-mail to %(address)s came back on %(date)s: %(reason)s.", **words
            )
        return self.env._(
            "%(count)s e-mails to %(address)s came back, the last on %(date)s: %(reason)s.",
            **words,
        )
