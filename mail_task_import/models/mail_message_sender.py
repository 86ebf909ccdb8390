"""No borrowed From: nobody posts or sends as a colleague, a mailbox or a company of ours.

The host takes ``author_id`` and ``email_from`` from whoever calls it. An address that is one of
ours, and not the caller's, is replaced by the caller's own. What runs as superuser (the gateway,
the scheduler, automations) and what a template of somebody else says stays as the host has it; so
does a stranger's address, which fools nobody here.
"""

from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import email_normalize

GRANTED = "mail_import_granted"
"""In the context: ``Granted``, which no caller of RPC can send."""


@dataclass(frozen=True, slots=True)
class Granted:
    """Senders that a template of somebody else names; or all, as they are asked about later."""

    addresses: set = field(default_factory=set)
    all: bool = False

    def covers(self, address):
        return self.all or address in self.addresses


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model
    def _mail_import_asks_sender(self):
        """Whether senders that are given here are looked at."""
        caller = not self.env.su and self.env.uid != api.SUPERUSER_ID
        return caller and self._mail_import_is_used()

    @api.model
    def _mail_import_own_sender(self, values):
        """The values of a message, a mail or a post with a sender that is the user's to use."""
        address = email_normalize(values.get("email_from") or "")
        author = self.env["res.partner"].browse(values.get("author_id") or ())
        granted = self.env.context.get(GRANTED)
        if isinstance(granted, Granted) and granted.covers(address):
            return values
        user = self.env.user
        own_author = not author or author == user.partner_id or not author._mail_import_is_staff()
        if own_author and (not address or user._mail_import_may_write_as(address)):
            return values
        mine = {"author_id": user.partner_id.id, "email_from": user._mail_import_sender()}
        return {**values, **{name: mine[name] for name in mine if name in values}}

    @api.model_create_multi
    def create(self, vals_list):
        if self._mail_import_asks_sender():
            vals_list = [self._mail_import_own_sender(vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if {"email_from", "author_id"} & vals.keys() and self._mail_import_asks_sender():
            vals = self._mail_import_own_sender(vals)
        return super().write(vals)
