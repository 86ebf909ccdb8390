"""Messages in the chatters of records that mail is linked to bear a signed number."""

from odoo import api, models


class MailMessage(models.Model):
    _inherit = "mail.message"

    @api.model
    def _get_message_id(self, values):
        message_id = super()._get_message_id(values)
        model, res_id = values.get("model"), values.get("res_id")
        if not (model and res_id) or values.get("reply_to_force_new"):
            return message_id
        mailboxes, targets = self.env["mail.import.mailbox"], self.env["mail.import.target"]
        if model not in self.env or not mailboxes._any() or not targets._ids_of_model(model):
            return message_id
        # sudo: whether a subtype is internal is a setting
        subtype = self.env["mail.message.subtype"].sudo().browse(values.get("subtype_id") or ())
        public = bool(subtype) and not subtype.internal and not values.get("is_internal")
        record = self.env[model].browse(int(res_id))
        return self.env["mail.import.reply.token"]._sign(message_id, record, public)
