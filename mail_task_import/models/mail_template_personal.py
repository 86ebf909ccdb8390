"""Templates for their owner only: nobody else writes by them, whichever way they are named.

A record rule keeps others from reading them. The host computes and renders with more rights than
the user's, though: there they are asked for once more.
"""

from odoo import SUPERUSER_ID, models
from odoo.exceptions import AccessError


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _mail_import_check_mine(self):
        """Raises where one of them is for somebody else; the scheduler writes for everybody."""
        if self.env.uid == SUPERUSER_ID:
            return
        # sudo: whether it is for somebody else is all that is told
        others = self.sudo().filtered(
            lambda one: one.mail_import_personal and one.user_id.id != self.env.uid
        )
        if others:
            raise AccessError(self.env._("This template is for its owner only."))

    def _render_field(self, field, res_ids, *args, **options):
        self._mail_import_check_mine()
        return super()._render_field(field, res_ids, *args, **options)

    def _generate_template(self, res_ids, render_fields, *args, **options):
        self._mail_import_check_mine()
        return super()._generate_template(res_ids, render_fields, *args, **options)

    def send_mail_batch(self, res_ids, *args, **options):
        self._mail_import_check_mine()
        return super().send_mail_batch(res_ids, *args, **options)
