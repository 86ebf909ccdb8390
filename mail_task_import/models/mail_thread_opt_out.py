"""Opting out, in chatters.

Who writes a personal answer is told; what is written by a template for mailings is a mailing.
"""

from odoo import models
from odoo.tools.mail import email_normalize_all


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_by_email_get_base_mail_values(self, message, *args, **kwargs):
        """What is posted by a template for mailings is sent as one."""
        values = super()._notify_by_email_get_base_mail_values(message, *args, **kwargs)
        if self.env.context.get("mail_import_marketing"):
            values["mail_import_marketing"] = True
        return values

    def _thread_to_store(self, store, fields, *, request_list=None):
        super()._thread_to_store(store, fields, request_list=request_list)
        wanted = "suggestedRecipients" in (request_list or ())
        if wanted and self.env.user._is_internal() and self.env["mail.import.mailbox"]._any():
            for thread in self:
                words = self.env["mail.import.opt.out"]._words(thread._mail_import_outsiders())
                store.add(thread, {"mail_import_opted_out": words}, as_thread=True)

    def _mail_import_outsiders(self):
        """Addresses of those outside that an answer goes to, before anybody is added."""
        # sudo: of followers, only whether they opted out is told, as the host does on contacts
        followers = self.sudo().message_partner_ids.filtered("partner_share")
        people = followers | self.sudo()._mail_get_partners()[self.id]
        primary = self._mail_get_primary_email_field()
        written = email_normalize_all(self[primary] or "") if primary else []
        return {*filter(None, people.mapped("email_normalized")), *written}
