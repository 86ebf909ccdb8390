"""*Make an Event*: the host's form of an event, filled in from an e-mail.

All employees find events in the host, so what comes from mail starts as private. The e-mail is not
linked to it: whoever reads an event would read the mail through the link.
"""

from odoo import models
from odoo.tools import plaintext2html

MAX_TEXT = 5_000


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    def action_make_event(self):
        """The form of a new event, in the user's own calendar; saved by the user, or not."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make an Event"),
            "res_model": "calendar.event",
            "views": [(False, "form")],
            "context": {**self._event_defaults(), "mail_import_private_event": True},
        }

    def _event_defaults(self):
        # nobody is invited along: who is, gets the host's invitation as soon as it is saved
        defaults = {
            "default_name": self.subject or "",
            "default_description": plaintext2html((self.body_text or "")[:MAX_TEXT]),
            "default_privacy": "private",
            "default_user_id": self.env.uid,
            "default_partner_ids": self.env.user.partner_id.ids,
        }
        # sudo: whoever reads the e-mail reads what its files say
        invitation = self.env["mail.import.invitation"].sudo()
        invitation = invitation.search([("email_id", "=", self.id)], limit=1)
        found = invitation._read_source() if invitation else None
        if found and found.event.start:
            values = invitation.with_env(self.env).sudo()._event_values(found.event)
            defaults |= {f"default_{name}": value for name, value in values.items()}
        return defaults
