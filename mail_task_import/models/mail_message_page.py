"""Messages that show an e-mail: from a chatter one opens the e-mail, with its conversation."""

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.mail.tools.discuss import Store


class MailMessage(models.Model):
    _inherit = "mail.message"

    mail_import_is_email = fields.Boolean(
        "Shows an E-mail", compute="_compute_mail_import_is_email", compute_sudo=True
    )

    def _compute_mail_import_is_email(self):
        """One query for all messages of a chatter."""
        shown = self.env["mail.import.link"].search_fetch(
            [("message_id", "in", self.ids)], ["message_id"]
        )
        ids = set(shown.mapped("message_id.id"))
        for message in self:
            message.mail_import_is_email = message.id in ids

    def _to_store_defaults(self, target):
        defaults = super()._to_store_defaults(target)
        if target.is_internal(self.env) and self._mail_import_is_used():
            # sudo: whoever reads the message sees that it is an e-mail
            defaults.append(Store.Attr("mail_import_is_email", sudo=True))
        return defaults

    def mail_import_open(self):
        """The page of the e-mail that a message shows, as far as the user reads it."""
        self.ensure_one()
        self.check_access("read")
        # sudo: which e-mail it is; whether it is read is asked as the user
        emails = self.sudo().mail_import_link_ids.email_id
        ways = emails._ways_to_read()
        if not ways:
            raise UserError(self.env._("You read this message, but not the e-mail behind it."))
        return next(iter(ways.values())).page_open()
