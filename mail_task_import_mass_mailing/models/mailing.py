"""Mass mailings: their placeholders are checked when they are saved; each has a way to opt out."""

from odoo import api, models
from odoo.tools.mail import append_content_to_html

OPT_OUT = "/unsubscribe_from_list"
"""The host puts each recipient's own address in its place when it sends."""


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    @api.constrains("subject", "preview", "body_html", "mailing_model_id")
    def _check_mail_import_placeholders(self):
        # constraints run as superuser; what may be told is asked of whoever writes it
        check = self.sudo(False).env["mail.import.placeholder"]._check
        for mailing in self:
            check(mailing.subject, mailing.mailing_model_real)
            check(mailing.preview, mailing.mailing_model_real)
            check(mailing.body_html, mailing.mailing_model_real, is_html=True)

    @api.model
    def _prepend_preview(self, html, preview):
        """The last that the host does with a text before it sends it."""
        return super()._prepend_preview(self._mail_import_with_opt_out(html), preview)

    @api.model
    def _mail_import_with_opt_out(self, html):
        if OPT_OUT in html or "{optOut" in html:
            return html
        footer = self.env["ir.qweb"]._render(
            "mail_task_import_mass_mailing.opt_out_footer", {"url": OPT_OUT}
        )
        return append_content_to_html(html, footer, plaintext=False)
