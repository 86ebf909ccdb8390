"""The host's dialog for the day of a mailing: then it is decided who is left out."""

from odoo import models


class MailingMailingScheduleDate(models.TransientModel):
    _inherit = "mailing.mailing.schedule.date"

    def action_schedule_date(self):
        asked = self.mass_mailing_id._mail_import_ask(self.schedule_date)
        return asked or super().action_schedule_date()
