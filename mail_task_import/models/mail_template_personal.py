"""Templates for their owner only: nobody else writes by them, whichever way they are named.

A record rule keeps others from reading them. The host computes and renders with more rights than
the user's, though: there they are asked for once more.
"""

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _mail_import_check_mine(self):
        """Raises where one of them is for somebody else; the scheduler writes for everybody."""
        if self.env.uid == SUPERUSER_ID:
            return
        if self._mail_import_of_others():
            raise AccessError(self.env._("This template is for its owner only."))

    def _mail_import_of_others(self):
        owners = self._mail_import_special().owners
        return self.filtered(lambda one: owners.get(one._origin.id, self.env.uid) != self.env.uid)

    @api.depends("mail_import_personal", "user_id")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """What names a template tells its name with all rights, to whoever reads the field."""
        others = self._mail_import_of_others()
        if self.env.uid == SUPERUSER_ID:
            others = self.browse()
        super(MailTemplate, self - others)._compute_display_name()
        for template in others:
            template.display_name = self.env._("Somebody's own template")

    def _render_field(self, field, res_ids, *args, **options):
        self._mail_import_check_mine()
        return super()._render_field(field, res_ids, *args, **options)

    def _generate_template(self, res_ids, render_fields, *args, **options):
        self._mail_import_check_mine()
        return super()._generate_template(res_ids, render_fields, *args, **options)

    def send_mail_batch(self, res_ids, *args, **options):
        self._mail_import_check_mine()
        return super().send_mail_batch(res_ids, *args, **options)
