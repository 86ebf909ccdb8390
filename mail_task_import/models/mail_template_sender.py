"""Templates: whose From they may bear (``mail_message_sender.py``)."""

from odoo import models


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _mail_import_is_trusted(self):
        """Nobody grants a sender to themselves by a template of their own."""
        # sudo: only who has made and changed it
        template = self.sudo()
        trusted = self.env.user.has_group("base.group_system")
        return trusted or self.env.user not in (template.create_uid | template.write_uid)

    def send_mail_batch(self, res_ids, *args, email_values=None, **kwargs):
        messages = self.env["mail.message"]
        if email_values and messages._mail_import_asks_sender():
            email_values = messages._mail_import_own_sender(email_values)
        return super().send_mail_batch(res_ids, *args, email_values=email_values, **kwargs)

    def _generate_template(self, res_ids, render_fields, *args, **kwargs):
        rendered = super()._generate_template(res_ids, render_fields, *args, **kwargs)
        messages = self.env["mail.message"]
        if not messages._mail_import_asks_sender() or self._mail_import_is_trusted():
            return rendered
        for values in rendered.values():
            if values.get("email_from"):
                values.update(messages._mail_import_own_sender(values))
        return rendered
