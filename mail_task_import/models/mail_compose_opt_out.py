"""The host's composer: what is a mailing, and who of its recipients opted out of them.

Many letters at once are a mailing, as the host has it, and so is what a template for mailings
says. Any other is a personal answer: it goes to everybody, with a mark for who writes it.
"""

from odoo import api, fields, models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    mail_import_opted_out = fields.Char(compute="_compute_mail_import_opted_out", compute_sudo=True)

    @api.depends("partner_ids", "composition_mode", "template_id", "subtype_is_log")
    def _compute_mail_import_opted_out(self):
        if not self.env["mail.import.mailbox"]._any():
            self.mail_import_opted_out = ""
            return
        for composer in self:
            personal = composer.composition_mode == "comment" and not composer.subtype_is_log
            addresses = composer.partner_ids.mapped("email_normalized") if personal else []
            composer.mail_import_opted_out = self.env["mail.import.opt.out"]._words(
                addresses, mailing=composer.template_id.mail_import_marketing
            )

    def _mail_import_is_mailing(self):
        _personal, _once, marketing = self.template_id._mail_import_special()
        by_template = self.template_id.id in marketing
        return by_template or (self.composition_mode == "mass_mail" and self.use_exclusion_list)

    def _prepare_mail_values_static(self):
        values = super()._prepare_mail_values_static()
        if self.composition_mode == "mass_mail" and self._mail_import_is_mailing():
            values["mail_import_marketing"] = True
        return values

    def _action_send_mail_comment(self, res_ids):
        if self._mail_import_is_mailing():
            self = self.with_context(mail_import_marketing=True)
        return super()._action_send_mail_comment(res_ids)

    def _prepare_schedule_message_post_values(self, post_values):
        """What is posted later is posted with what the host keeps of the context."""
        values = super()._prepare_schedule_message_post_values(post_values)
        if self._mail_import_is_mailing():
            values["send_context"] = {**values["send_context"], "mail_import_marketing": True}
        return values
