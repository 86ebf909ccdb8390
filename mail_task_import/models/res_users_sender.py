"""Addresses that a user writes as: their own, those of their mailboxes, and what an administrator
has allowed them for the company's mail server.

Odoo lets people change the address of their own user. Here they take none of a colleague, of a
mailbox that they do not write from, or of the company.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize, formataddr


class ResUsers(models.Model):
    _inherit = "res.users"

    mail_import_may_send_as = fields.Char(
        "Writes by the Company's Server as",
        prefetch=False,
        copy=False,
        groups="base.group_erp_manager",
        help="The address that this user's e-mails bear when they leave by a mail server of the "
        "company that employees may write by. Users change their own address, but not this one. "
        "Empty: they do not write by it.",
    )

    @api.constrains("mail_import_may_send_as")
    def _check_mail_import_may_send_as(self):
        for user in self.filtered("mail_import_may_send_as"):
            address = email_normalize(user.mail_import_may_send_as)
            if not address:
                raise ValidationError(
                    self.env._("“%s” is not an e-mail address.", user.mail_import_may_send_as)
                )
            mailbox = self.env["mail.import.mailbox"].sudo()._by_address({address}).get(address)
            if mailbox and not mailbox._may_send(user):
                raise ValidationError(
                    self.env._(
                        "%(address)s is the address of the mailbox “%(mailbox)s”, which %(user)s "
                        "does not write from.",
                        address=address,
                        mailbox=mailbox.name,
                        user=user.name,
                    )
                )

    def _mail_import_allowed_address(self):
        """The address that an administrator has allowed this user, or False."""
        # sudo: users are not shown the field
        return email_normalize(self.sudo().mail_import_may_send_as or "")

    def _mail_import_not_by_company(self):
        """Why this user does not write by the company's server, in words; "" where they do."""
        address = self._mail_import_allowed_address()
        if not address or not self._is_internal() or not self.active:
            return self.env._(
                "You may not write by the company's mail server: an administrator enters your "
                "address under “Writes by the Company's Server as” of your user."
            )
        if not self.env["ir.mail_server"]._mail_import_shared_for(address):
            return self.env._("No mail server of the company sends e-mails from %s.", address)
        return ""

    def _mail_import_may_write_as(self, address):
        """Whether this normalised address is not one of ours, or is this user's."""
        self.ensure_one()
        # sudo: whose address it is; nothing else is told
        mailbox = self.env["mail.import.mailbox"].sudo()._by_address({address}).get(address)
        if mailbox:
            return mailbox._may_send(self)
        own = {self.email_normalized, self.partner_id.email_normalized}
        if address in own or address == self._mail_import_allowed_address():
            return True
        return address not in self.env["mail.import.target"].sudo()._insiders({address})

    def _mail_import_sender(self):
        """From, in the user's own name."""
        self.ensure_one()
        if self.email_normalized and self._mail_import_may_write_as(self.email_normalized):
            return self.email_formatted
        if allowed := self._mail_import_allowed_address():
            return formataddr((self.name or "", allowed))
        raise UserError(
            self.env._(
                "%s, the address of your user, is that of a mailbox which you do not write from. "
                "Change it in your preferences.",
                self.email or "–",
            )
        )

    def write(self, vals):
        if vals.get("email") and self.env["mail.import.mailbox"]._any():
            self._mail_import_check_takes(vals["email"])
        return super().write(vals)

    def _mail_import_check_takes(self, email):
        """People take no address of others for their own; administrators know what they do."""
        address = email_normalize(email)
        trusted = self.env.su or self.env.user.has_group("base.group_erp_manager")
        if trusted or not address:
            return
        for user in self:
            if address != user.email_normalized and not user._mail_import_may_write_as(address):
                raise UserError(
                    self.env._("%s is an address of a colleague, a mailbox or the company.", email)
                )
