"""The preview of a template says which of its placeholders are empty for the record shown."""

from odoo import api, fields, models


class MailTemplatePreview(models.TransientModel):
    _inherit = "mail.template.preview"

    mail_import_empty = fields.Text("Empty Placeholders", compute="_compute_mail_import_empty")

    @api.depends("lang", "resource_ref", "mail_template_id")
    def _compute_mail_import_empty(self):
        for preview in self:
            record = preview.resource_ref
            preview.mail_import_empty = record and preview._mail_import_empty_in_words(record)

    def _mail_import_empty_in_words(self, record):
        template = self.mail_template_id.with_context(lang=self.lang or self.env.lang)
        return self.env["mail.import.placeholder"]._empty_in_words(
            [(template.subject, False), (template.body_html, True)],
            record,
            template._mail_import_sender(),
            self.lang or template._mail_import_lang(),
        )
