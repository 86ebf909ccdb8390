"""Which models have linked records: others are no concern of ours."""

from odoo import api, models, tools
from odoo.tools import SQL

from ..remembered import forget


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    @api.model
    def _any_of(self, model):
        """Whether an e-mail is, or was, linked to a record of that model."""
        return model in self._linked_models()

    @api.model
    @tools.ormcache()
    def _linked_models(self):
        """Walks the index from model to model: there may be a million links."""
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE found AS (
                       (SELECT res_model FROM mail_import_link ORDER BY res_model LIMIT 1)
                       UNION ALL
                       SELECT (SELECT link.res_model FROM mail_import_link link
                               WHERE link.res_model > found.res_model
                               ORDER BY link.res_model LIMIT 1)
                       FROM found WHERE found.res_model IS NOT NULL
                   )
                   SELECT res_model FROM found WHERE res_model IS NOT NULL"""
            )
        )
        return frozenset(model for [model] in rows)

    @api.model_create_multi
    def create(self, vals_list):
        links = super().create(vals_list)
        self._remember(set(links.mapped("res_model")))
        return links

    def write(self, vals):
        result = super().write(vals)
        if "res_model" in vals:
            self._remember({vals["res_model"]})
        return result

    @api.model
    def _remember(self, names):
        if not names <= self._linked_models():
            self.flush_model(["res_model"])
            forget(self.env)
