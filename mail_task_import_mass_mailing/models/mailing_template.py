"""The text of a mailing, taken from a template."""

from markupsafe import Markup

from odoo import api, fields, models

LETTER = Markup(
    '<div data-name="Mailing" class="o_layout oe_unremovable oe_unmovable o_basic_theme">'
    '<div class="o_mail_no_options">%s</div></div>'
)
"""What the host edits as a letter, without its builder."""


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    mail_import_template_id = fields.Many2one(
        "mail.template",
        "Template",
        copy=False,
        ondelete="set null",
        domain="[('model', '=', mailing_model_real)]",
        help="Its subject, text and files become those of the mailing, and can be changed here.",
    )

    @api.onchange("mail_import_template_id")
    def _onchange_mail_import_template_id(self):
        template = self.mail_import_template_id
        if template:
            self.subject = template.subject
            self.body_html = template.body_html
            self.body_arch = LETTER % (template.body_html or "")
            self.attachment_ids = template.attachment_ids

    @api.constrains("mail_import_template_id")
    def _check_mail_import_mine(self):
        self.mail_import_template_id._mail_import_check_mine()

    def action_put_in_queue(self):
        result = super().action_put_in_queue()
        # one that has become somebody else's own since is theirs to use
        templates = self.mail_import_template_id.sudo(False)
        templates._filtered_access("read")._mail_import_used()
        return result
