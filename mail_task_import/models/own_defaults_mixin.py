"""Rows that nobody enters in a form: what they hold is what the add-on writes."""

from odoo import api, models

from ..access import in_own_context


class MailImportOwnDefaultsMixin(models.AbstractModel):
    """For models that users do not create; the superuser does, in the middle of a user's call."""

    _name = "mail.import.own.defaults.mixin"
    _description = "Rows Without a Caller's Default Values"

    @api.model
    def default_get(self, fields):
        """A caller of RPC may have put ``default_message_id`` and the like into the context."""
        records = in_own_context(self) if self.env.su else self
        return super(MailImportOwnDefaultsMixin, records).default_get(fields)
