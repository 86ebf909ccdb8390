"""Trying a mailing: its text is rendered before a way out is put below it."""

from odoo import models


class MailingMailingTest(models.TransientModel):
    _inherit = "mailing.mailing.test"

    def send_mail_test(self):
        return super(
            MailingMailingTest, self.with_context(mail_import_is_rendered=True)
        ).send_mail_test()
