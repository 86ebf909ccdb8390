"""The host's composer: whose templates it takes, those that serve once, and letters to many."""

from odoo import api, models


class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def action_send_mail(self):
        """One letter to many is rendered for each, and would go out with its mistakes."""
        check = self.env["mail.import.placeholder"]._check
        for letter in self.filtered("composition_batch"):
            check(letter.subject, letter.render_model)
            check(letter.body, letter.render_model, is_html=True)
        return super().action_send_mail()

    # -- whose ----------------------------------------------------------------------------------

    # what is computed and stored is computed with all rights

    @api.constrains("template_id")
    def _check_mail_import_mine(self):
        self.template_id._mail_import_check_mine()

    def _set_value_from_template(self, template_fname, composer_fname=False):
        self.template_id._mail_import_check_mine()
        return super()._set_value_from_template(template_fname, composer_fname)

    @api.depends("composition_mode", "model", "res_domain", "res_ids", "template_id")
    def _compute_attachment_ids(self):
        self.template_id._mail_import_check_mine()
        return super()._compute_attachment_ids()

    # -- once -----------------------------------------------------------------------------------

    def _mail_import_once(self):
        return self.template_id._mail_import_one_offs().id

    def _action_send_mail(self, auto_commit=False):
        once = self.template_id.browse(self._mail_import_once())
        result = super()._action_send_mail(auto_commit=auto_commit)
        once._mail_import_posted()
        return result

    def _action_send_mail_comment(self, res_ids):
        if once := self._mail_import_once():
            self = self.with_context(mail_import_once=once)
        return super()._action_send_mail_comment(res_ids)

    def _prepare_mail_values_static(self):
        values = super()._prepare_mail_values_static()
        if self.composition_mode == "mass_mail" and (once := self._mail_import_once()):
            values["mail_import_once"] = once
        return values

    def _prepare_schedule_message_post_values(self, post_values):
        """What is posted later is posted with what the host keeps of the context."""
        values = super()._prepare_schedule_message_post_values(post_values)
        if once := self._mail_import_once():
            values["send_context"] = {**values["send_context"], "mail_import_once": once}
        return values
