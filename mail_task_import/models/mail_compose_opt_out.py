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
        by_template = self.template_id.id in self.template_id._mail_import_special().marketing
        return by_template or (self.composition_mode == "mass_mail" and self.use_exclusion_list)

    def _prepare_mail_values_static(self):
        values = super()._prepare_mail_values_static()
        if self.composition_mode == "mass_mail" and self._mail_import_is_mailing():
            values["mail_import_marketing"] = True
        return values

    def _get_blacklist_record_ids(self, mail_values_dict, recipients_info=None):
        """The host reads the whole list. Who is out is asked of these recipients alone, once for
        it and for the sending that follows in the same transaction; if nobody is, nobody is on
        the list.
        """
        asks = self.use_exclusion_list and self.composition_mode == "mass_mail"
        if asks and not self._mail_import_recipients_out(mail_values_dict, recipients_info or {}):
            return set()
        return super()._get_blacklist_record_ids(mail_values_dict, recipients_info)

    def _mail_import_recipients_out(self, ids, recipients):
        addresses = {one for info in recipients.values() for one in info["mail_to_normalized"]}
        records = self.env[self.model].browse(ids) if self.model else None
        if isinstance(records, self.pool["mail.thread.blacklist"]):
            addresses.update(records.mapped("email_normalized"))
        return self.env["mail.import.opt.out"]._left_out(addresses)

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
