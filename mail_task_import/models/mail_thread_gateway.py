"""What the host's gateway asks for each record that a mail becomes, and needs only once a batch."""

from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """``message_new`` asks for all of a model's fields, to see whether there is a name.

        That takes longer than the record itself, so the answer is kept as long as the cursor.
        """
        asked = self.env.context.get("mail_import_no_partner") and not (allfields or attributes)
        if not asked:
            return super().fields_get(allfields, attributes)
        known = self.env.cr.cache.setdefault("mail_task_import.fields_get", {})
        key = (self._name, self.env.uid, self.env.lang)
        if key not in known:
            known[key] = super().fields_get(allfields, attributes)
        return dict(known[key])
