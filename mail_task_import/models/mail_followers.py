"""Followers: whom to notify of the mails of a batch is asked once, not once a mail."""

from odoo import api, models
from odoo.tools import groupby

FOUND = "mail_task_import.recipients"


class MailFollowers(models.Model):
    _inherit = "mail.followers"

    @api.model
    def _mail_import_look_up(self, records, values_list, notifying):
        """Look up who will be notified of messages that were just made, for the next question.

        :param values_list: values of one message for each of ``records``
        :param notifying: parameters of its notification
        """
        plain = [
            (record, values)
            for record, values, parameters in zip(records, values_list, notifying, strict=True)
            if not values["partner_ids"] and not parameters.get("notify_skip_followers")
        ]
        found = self.env.cr.cache[FOUND] = {}
        if len(plain) < 2:
            return
        for key, some in groupby(plain, lambda one: (one[1]["message_type"], one[1]["subtype_id"])):
            together = records[0].browse({record.id for record, _values in some})
            # what comes before super() in other add-ons is done when the answer is given
            recipients = super()._get_recipient_data(  # pylint: disable=super-method-mismatch
                together, *key, []
            )
            found.update(((together._name, id_, *key), recipients[id_]) for id_ in together.ids)

    def _get_recipient_data(self, records, message_type, subtype_id, pids=None):
        """The answer that was looked up is given once: followers may change after it."""
        found = self.env.cr.cache.get(FOUND)
        if found and not pids and len(records) == 1:
            key = (records._name, records.id, message_type, subtype_id)
            if key in found:
                return {records.id: found.pop(key)}
        return super()._get_recipient_data(records, message_type, subtype_id, pids)
