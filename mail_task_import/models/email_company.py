"""E-mails that leave by the company's mail server instead of a mailbox's.

They are written, kept, threaded and linked as all others. The copy is the writer's own and in no
mailbox; no server has a Sent folder for it, and an answer comes in where the address is read.
"""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formataddr

from odoo.addons.base.models.ir_mail_server import MailDeliveryException


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    sends_by = fields.Selection(
        [("mailbox", "A mailbox"), ("company", "The company's mail server")],
        "Send by",
        default="mailbox",
        required=True,
        copy=False,
    )
    may_send_by_company = fields.Boolean(compute="_compute_may_send_by_company")
    company_sender = fields.Char("Sender's Address", compute="_compute_may_send_by_company")
    queued_by_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups=fields.NO_ACCESS,
        help="Who has sent it, or sent it again.",
    )

    @api.depends_context("uid")
    def _compute_may_send_by_company(self):
        user = self.env.user
        allowed = user._is_internal() and user._mail_import_allowed_address()
        server = allowed and self.env["ir.mail_server"]._mail_import_shared_for(allowed)
        self.may_send_by_company = bool(server)
        self.company_sender = server and formataddr((user.name or "", allowed))

    # -- who may --------------------------------------------------------------------------------

    def _check_may_send(self):
        """Whether the user may send these e-mails, by whatever they leave by."""
        for email in self:
            # sudo: by what it leaves, of an e-mail whose access is checked by the caller
            mailbox = email._mailbox()
            if email.sudo().sends_by == "company":
                email._check_may_send_by_company()
            elif mailbox:
                mailbox._check_may_send()
            else:
                raise UserError(self.env._("Choose the mailbox that the e-mail leaves from."))

    def _check_may_send_by_company(self):
        self._check_is_written_by_user()
        if words := self.env.user._mail_import_not_by_company():
            raise UserError(words)

    def _check_leaves(self):
        """At the mail server: whoever queued it may have lost the right since. As superuser.

        :raises MailDeliveryException: they have
        """
        user = self.queued_by_id
        if not self or not user:
            return
        words = False
        if self.sends_by == "company":
            words = user._mail_import_not_by_company()
            if not words and self.from_email != user._mail_import_allowed_address():
                words = self.env._("%s is not the sender's address any more.", self.from_email)
        elif not self._mailbox()._may_send(user):
            words = self.env._(
                "%(user)s may not send from the mailbox “%(mailbox)s” any more.",
                user=user.name,
                mailbox=self._mailbox().name,
            )
        if words:
            raise MailDeliveryException(words)

    # -- writing --------------------------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if "sends_by" in vals and not self.env.su:
            for email in self:
                email._moved_to_sender()
        return result

    @api.model
    def _may_begin_by_company(self):
        return not self.env.user._mail_import_not_by_company()

    @api.model
    def _new_sender(self, mailbox, values):
        """Without a mailbox: by the company's server, else from the user's first mailbox."""
        if not mailbox and self._may_begin_by_company():
            user = self.env.user
            address = user._mail_import_allowed_address()
            return mailbox, {
                "sends_by": "company",
                "from_name": user.name,
                "from_email": address,
                **values,
            }
        mailbox = mailbox or self.env["mail.import.mailbox"]._sendable()[:1]
        if not mailbox:
            raise AccessError(self.env._("No mailbox of yours can send yet."))
        return super()._new_sender(mailbox, values)

    def _moved_to_sender(self):
        """The draft becomes the writer's own copy, or goes back to a mailbox of theirs."""
        # sudo: the entry of a draft that the user has just changed
        entry = self.sudo().entry_ids[:1]
        if self.sends_by == "company":
            self._check_may_send_by_company()
            entry.write({"mailbox_id": False, **self._values_by_company()})
            self.sudo().signature_id = False
        elif not entry.mailbox_id:
            self.mailbox_id = self.env["mail.import.mailbox"]._sendable()[:1]
        self._synchronise_entries()

    def _values_by_company(self):
        return {"user_id": self.env.uid, "visibility": "linked"}

    def _written_values(self, folder):
        values = super()._written_values(folder)
        return values | self._values_by_company() if self.sends_by == "company" else values

    def _sender_values(self):
        if self.sends_by != "company":
            return super()._sender_values()
        user = self.env.user
        return {"from_name": user.name, "from_email": user._mail_import_allowed_address()}

    def _signature_here(self):
        """By the company's server a user signs as in the host's messages."""
        if self.sends_by != "company":
            return super()._signature_here()
        return self.env.user.signature or "", []

    # -- sending --------------------------------------------------------------------------------

    def _do_send(self):
        # what the superuser sends, nobody has to have a right to
        self.queued_by_id = self.env.uid != SUPERUSER_ID and self.env.uid
        if self.sends_by == "company":
            self.write(self._sender_values())
        return super()._do_send()

    def action_retry_send(self):
        self.check_access("read")
        self._check_may_send()
        # sudo: who sends it, whose right to was checked
        self.sudo().queued_by_id = self.env.uid != SUPERUSER_ID and self.env.uid
        return super().action_retry_send()

    def _is_open(self, mailbox):
        return self.sends_by == "company" or super()._is_open(mailbox)

    def _from_header(self):
        if self.sends_by != "company":
            return super()._from_header()
        return formataddr((self.from_name or "", self.from_email or ""))

    def _sending_values(self):
        if self.sends_by != "company":
            return super()._sending_values()
        sender = self._from_header()
        server = self.env["ir.mail_server"]._mail_import_shared_for(self.from_email)
        writer = self.entry_ids.writer_id[:1]
        return {
            "email_from": sender,
            "reply_to": sender,
            "mail_server_id": server.id,
            "mail_import_writer_id": writer.id,
        }
