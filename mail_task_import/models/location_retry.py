"""A message that is imported again keeps its one location, which learns the new outcome."""

from odoo import api, models


class Retried(int):
    """Number of the quarantine that is tried again; a caller of RPC can bring no such object."""

    @classmethod
    def in_context(cls, env):
        number = env.context.get("mail_import_retried")
        return int(number) if isinstance(number, cls) else None


class MailImportLocation(models.Model):
    _inherit = "mail.import.location"

    @api.model
    def _write_down(self, vals_list):
        locations = self._of_retried()
        if not locations:
            return super()._write_down(vals_list)
        (vals,) = vals_list
        names = ("outcome", "entry_id", "entry_deleted", "filter_id")
        locations.write({name: vals[name] for name in names})
        return locations[:1]

    @api.model
    def _of_retried(self):
        """Locations of the quarantined mail that is being imported again, if any.

        The newest comes first; others are from before the folder was renumbered.
        """
        retried = Retried.in_context(self.env)
        return self.search([("quarantine_id", "=", retried)]) if retried else self
