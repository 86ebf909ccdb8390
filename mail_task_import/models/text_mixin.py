"""Texts that come by form or RPC: PostgreSQL takes any character but NUL, and says so badly."""

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class MailImportTextMixin(models.AbstractModel):
    """For models that people write or search; what the importer writes is cleaned by ``mime``."""

    _name = "mail.import.text.mixin"
    _description = "Texts Without NUL"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_no_nul(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_no_nul(vals)
        return super().write(vals)

    @api.model
    def _search(self, domain, *args, **options):
        self._check_no_nul(domain)
        return super()._search(domain, *args, **options)

    @api.model
    def _check_no_nul(self, values):
        if not self.env.su and _holds_nul(values):
            raise ValidationError(
                self.env._(
                    "A text holds a character that cannot be stored (NUL). Type it again "
                    "instead of pasting it."
                )
            )


def _holds_nul(values):
    if isinstance(values, str):
        return "\0" in values
    if isinstance(values, dict):
        return any(map(_holds_nul, values.values()))
    if isinstance(values, Domain):
        return any(_holds_nul(condition.value) for condition in values.iter_conditions())
    if isinstance(values, (list, tuple, set, frozenset)):
        return any(map(_holds_nul, values))
    return False
