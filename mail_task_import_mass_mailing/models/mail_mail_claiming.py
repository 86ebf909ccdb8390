"""Letters of mailings are claimed before they leave, by whichever server: nobody gets one twice."""

from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _claimed_everywhere(self):
        return super()._claimed_everywhere() | self.filtered("mailing_id")

    def _note_begun(self):
        super()._note_begun()
        traces = self.mailing_trace_ids
        traces.set_failed(failure_type="unknown")
        traces.write({"failure_reason": self.failure_reason})

    def _note_going(self):
        super()._note_going()
        self.mailing_trace_ids.write(
            {"trace_status": "outgoing", "failure_type": False, "failure_reason": False}
        )
