"""Recipients for whom a placeholder of a mailing is empty: asked about before it goes out."""

from odoo import fields, models


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    mail_import_leave_out = fields.Boolean(
        "Leave Out Where a Placeholder Is Empty",
        help="Looked up when it is sent. Who is left out is listed among the cancelled e-mails.",
    )

    def action_launch(self):
        return self._mail_import_ask() or super().action_launch()

    def action_schedule(self):
        when = self.schedule_date
        if when and when > fields.Datetime.now():
            return self._mail_import_ask(when) or super().action_schedule()
        return super().action_schedule()

    def _mail_import_ask(self, when=False):
        """The dialog, where somebody presses a button and has something to decide; else None."""
        asked = self.env.context.get("mail_import_ask") and len(self) == 1
        return self.env["mail.import.empties"]._asked(self, when) if asked else None

    def _mail_import_empties(self, ids):
        """``{placeholder: ids}`` of those of the recipients who would get a gap."""
        return self._mail_import_placeholders()._empties(
            self._mail_import_texts(), self.mailing_model_real, ids, self._mail_import_sender()
        )

    def _mail_import_recipients(self):
        """Ids of who is still to get it; of tests A/B, of all."""
        # sudo: it goes to those, too, whom whoever asks may not see; only how many is told
        mailing = self.sudo()
        if not self.ab_testing_enabled:
            return mailing._get_remaining_recipients()
        return mailing.env[self.mailing_model_real].search(mailing._get_recipients_domain()).ids

    def _mail_import_goes_to(self, ids):
        """Those of the recipients to whom it would go, as the composer that sends it says."""
        # sudo: as above
        composer = (
            self.sudo()
            .env["mail.compose.message"]
            .new(
                {
                    "attachment_ids": self.attachment_ids.ids,
                    "auto_delete": not self.keep_archives,
                    "body": (self.preview or "") + (self.body_html or ""),
                    "composition_mode": "mass_mail",
                    "mass_mailing_id": self.id,
                    "model": self.mailing_model_real,
                    "partner_ids": [],
                    "subject": self.subject,
                    "template_id": False,
                    "use_exclusion_list": self.use_exclusion_list,
                }
            )
        )
        return composer._mail_import_goes_to(ids)
