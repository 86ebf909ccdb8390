"""The mailbox's signature below answers from chatters: filled in for each that it goes to."""

from odoo import models

from ..placeholders.letters import Letter
from ..placeholders.syntax import may_hold_some


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_get_classified_recipients_iterator(self, message, recipients_data, **options):
        letters = super()._notify_get_classified_recipients_iterator(
            message, recipients_data, **options
        )
        for lang, values, group in letters:
            signature = values.get("signature") or ""
            # the user's own signature is the host's, and takes none
            if values.get("mail_import_signed") and may_hold_some(str(signature)):
                signed = self._mail_import_signed(signature, group["recipients_data"], lang)
                yield lang, {**values, "signature": signed}, group
            else:
                yield lang, values, group

    def _mail_import_signed(self, signature, people, lang):
        """Those of a group get the same text: of several, none is told of another."""
        placeholder = self.env["mail.import.placeholder"]
        letter = Letter()
        if len(people) == 1:
            (one,) = people
            letter = Letter(one["name"] or "", one["email_normalized"] or "", one["id"] or 0)
        signed, _empty = placeholder._signed(signature, self, self.env.user, letter, lang)
        return signed
