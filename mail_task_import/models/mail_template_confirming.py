"""Templates of automatic answers: they tell whoever writes nothing that they have not written."""

from odoo import api, models
from odoo.exceptions import ValidationError


class MailTemplate(models.Model):
    _inherit = "mail.template"

    @api.constrains(
        "subject", "body_html", "model_id", "user_id", "mail_import_personal", "mail_import_one_off"
    )
    def _check_mail_import_answering(self):
        """What a mailbox or an import rule answers by is changed as carefully as it is chosen."""
        mailboxes, rules = self.env["mail.import.mailbox"], self.env["mail.import.rule"]
        if not mailboxes._any():
            return
        used = "confirmation_template_id"
        plain = "confirmation_plain_template_id"
        for mailbox in mailboxes.search(["|", (used, "in", self.ids), (plain, "in", self.ids)]):
            mailbox._check_confirmations()
        rules.search([(used, "in", self.ids)]).mapped(used)._check_answers_automatically()

    def _check_answers_automatically(self, owner=None):
        """:param owner: of the personal mailbox that answers by them"""
        for template in self:
            if template.mail_import_personal and template.user_id != owner:
                raise ValidationError(
                    self.env._("A template that is for its owner only answers for nobody else.")
                )
            if template.mail_import_one_off:
                raise ValidationError(
                    self.env._(
                        "“%s” serves once: automatic answers go to many.", template.display_name
                    )
                )
            self.env["mail.import.placeholder"]._check_automatic(template)
