"""A message that is imported again keeps its one location, which learns the new outcome."""

from odoo import api, models


class MailImportLocation(models.Model):
    _inherit = "mail.import.location"

    @api.model
    def _write_down(self, vals_list):
        location = self._of_retried()
        if not location:
            return super()._write_down(vals_list)
        (vals,) = vals_list
        location.write({"outcome": vals["outcome"], "entry_id": vals["entry_id"]})
        return location

    @api.model
    def _of_retried(self):
        """The location of the quarantined mail that is being imported again, if any."""
        retried = self.env.context.get("mail_import_retried")
        return self.search([("quarantine_id", "=", retried)], limit=1) if retried else self
