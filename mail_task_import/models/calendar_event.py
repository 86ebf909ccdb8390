"""Events that were made from mail: what they say is found by nobody who may not read it.

The host hides the words of a private event, and finds it by them all the same.
"""

from odoo import api, fields, models
from odoo.fields import Domain

TEXTS = ("char", "text", "html")
OPEN = {"res_model", "recurrence_update"}
"""Texts that name no content."""


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    mail_import_private = fields.Boolean(
        "Made From Mail",
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="While it is private, only who takes part finds it by its words.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if self.env.context.get("mail_import_private_event"):
            # sudo: nobody reads or writes the mark, whoever makes the event
            marked = events.sudo().with_context(tracking_disable=True, dont_notify=True)
            marked.mail_import_private = True
        return events

    def copy(self, default=None):
        """What is copied from it is as private as it is."""
        copies = super().copy(default)
        # sudo: as above
        for event, copied in zip(self.sudo(), copies.sudo(), strict=True):
            if event.mail_import_private:
                copied.with_context(dont_notify=True).mail_import_private = True
        return copies

    def _attendees_by_address(self, address):
        return self.attendee_ids.filtered(
            lambda attendee: attendee.partner_id.email_normalized == address
        )

    # -- who finds it ---------------------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        if not self.env.su and self.env["mail.import.mailbox"]._any():
            domain = Domain(domain)
            if self._mail_import_asks_words(domain, order):
                domain &= self._mail_import_readable()
        return super()._search(domain, offset=offset, limit=limit, order=order, **options)

    @api.model
    def _mail_import_asks_words(self, domain, order):
        """Whether what is found, or its order, tells something of the words."""
        asked = [condition.field_expr for condition in domain.iter_conditions()]
        asked += [part.split()[0] for part in (order or "").split(",") if part.strip()]
        return any(self._mail_import_is_private(name.split(".")[0]) for name in asked)

    @api.model
    def _mail_import_is_private(self, name):
        name = name.split(":")[0]
        field = self._fields.get(name)
        if field is None or name in self._get_public_fields() | OPEN:
            return False
        messages = name.startswith(("message_", "website_message", "activity_"))
        return messages or name == "display_name" or field.type in TEXTS

    @api.model
    def _mail_import_readable(self):
        """All but what was made from mail, is private, and is others' alone."""
        mark = Domain("mail_import_private", "=", True)
        # the host makes further times of a series by itself
        marked = mark | Domain("recurrence_id.calendar_event_ids", "any", mark)
        # what is private by its own word, or by the default of whose calendar it is
        closed = marked & ~Domain(self._get_default_privacy_domain())
        theirs = Domain("user_id", "=", self.env.uid) | Domain(
            "partner_ids", "in", self.env.user.partner_id.ids
        )
        # sudo: the mark is nobody's to read; what is archived can be asked for as well
        hidden = self.sudo().with_context(active_test=False)._search(closed & ~theirs)
        return Domain("id", "not in", hidden)
