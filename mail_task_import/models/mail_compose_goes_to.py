"""Letters to many: to whom they will really go, as the host leaves out, before any is made.

The host asks of each batch of mails that it has made. Here it is asked once, of all, with no more
of a letter than it looks at: the addresses, and where two go to one address, the values in it.
"""

import re
from collections import Counter

from odoo import models

from ..placeholders.syntax import RESERVED, placeholders

COMPUTED = re.compile(r"\{\{|<t\b|\bt-[a-z]")
"""What the host works out for each record; no two such letters are taken for the same."""
ASKING = "mail_import_goes_to"
"""In the context: it is only asked who would be left out."""


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _mail_import_goes_to(self, ids):
        """Those of the ids that a letter will be sent to."""
        to = self._mail_import_addressed(ids)
        own = self.partner_ids.ids
        letters = {
            id_: {
                "email_to": to[id_].get("email_to"),
                "recipient_ids": [(4, one) for one in {*to[id_].get("partner_ids", ()), *own}],
                "attachment_ids": self.attachment_ids.ids,
            }
            for id_ in ids
        }
        recipients = self._get_recipients_data(letters)
        addresses = {id_: told["mail_to_normalized"] for id_, told in recipients.items()}
        self._mail_import_tell_apart(letters, addresses)
        told = self.with_context(**{ASKING: True})._process_mail_values_state(letters)
        return self._mail_import_going(
            {id_: addresses[id_] for id_ in ids if not told[id_].get("failure_type")}
        )

    def _mail_import_addressed(self, ids):
        """``{id: {"email_to", "partner_ids"}}``, as the host fills them in; makes no contacts."""
        if self.template_id:
            return self._generate_template_for_composer(
                ids, ["email_to", "email_cc", "partner_ids"], find_or_create_partners=False
            )
        if self.partner_ids:
            return {id_: {} for id_ in ids}
        return self.env[self.model].browse(ids)._message_get_default_recipients()

    def _mail_import_tell_apart(self, letters, addresses):
        """What differs in letters to one address: two that are the same are sent once."""
        known = Counter(address for found in addresses.values() for address in set(found))
        ids = [id_ for id_, found in addresses.items() if any(known[one] > 1 for one in found)]
        texts = (self.subject or "", str(self.body or ""))
        if any(COMPUTED.search(text) for text in texts):
            for id_ in ids:
                letters[id_]["body"] = id_
            return
        found = {*placeholders(texts[0]), *placeholders(texts[1], is_html=True)}
        found = [one for one in found if one.root not in RESERVED]
        if ids and found:
            values = self.env["mail.import.placeholder"]._values(
                found, self.model, ids, self._mail_import_sender(), self._mail_import_lang()
            )
            for id_ in ids:
                letters[id_]["body"] = values[id_]

    def _mail_import_going(self, addresses):
        """Ids of those that are not left out when their mail leaves.

        :param addresses: ``{id: normalized addresses}`` of mails that are made
        """
        out = frozenset()
        if self._mail_import_is_mailing():
            asked = {address for found in addresses.values() for address in found}
            out = self.env["mail.import.opt.out"]._left_out(asked)
        return {id_ for id_, found in addresses.items() if not out.issuperset(found)}
