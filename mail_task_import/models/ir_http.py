"""What the web client knows from the start: whether a click on an address opens our composer."""

from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        if self.env.user._is_internal() and self.env["mail.import.mailbox"]._can_send_from_one():
            info["mail_import_sends"] = True
        return info
