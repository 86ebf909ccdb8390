"""Templates: whose they are, how often they serve, and what their placeholders say."""

from odoo import api, fields, models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    mail_import_personal = fields.Boolean(
        "Only for Me", help="Nobody but its owner sees it or sends by it."
    )
    mail_import_one_off = fields.Boolean(
        "Use Once",
        help="It is archived when it has been used, and is not among those that are offered.",
    )

    @api.constrains("subject", "body_html", "model_id")
    def _check_mail_import_placeholders(self):
        # constraints run as superuser; what may be told is asked of whoever writes it
        check = self.sudo(False).env["mail.import.placeholder"]._check
        for template in self:
            check(template.subject, template.model)
            check(template.body_html, template.model, is_html=True)

    @api.onchange("mail_import_personal")
    def _onchange_mail_import_personal(self):
        if self.mail_import_personal and not self.user_id:
            self.user_id = self.env.user

    def send_mail_batch(self, res_ids, *args, **options):
        result = super().send_mail_batch(res_ids, *args, **options)
        self._mail_import_used()
        return result

    def _mail_import_used(self):
        """Those that serve once have served."""
        # sudo: whoever sends by a template need not be one who changes it
        self.sudo().filtered("mail_import_one_off").active = False
