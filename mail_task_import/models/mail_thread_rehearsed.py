"""While something is rehearsed, nobody is told: not even what the host sends before a commit."""

from odoo import models

from ..rehearsing import notes_of


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        if notes_of(self.env) is not None:
            return []
        return super()._notify_thread(message, msg_vals=msg_vals, **kwargs)

    def _web_push_send_notification(self, *args, **kwargs):
        if notes_of(self.env) is not None:
            return None
        return super()._web_push_send_notification(*args, **kwargs)
