"""Sending: a mailbox's own SMTP server, names and signatures, and who may send from it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formataddr

from ..access import as_superuser, in_own_context
from ..accounts import SERVICES
from ..actions import notice
from .provider import SECURITY


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    smtp_host = fields.Char(
        "SMTP Server",
        compute="_compute_smtp",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    smtp_security = fields.Selection(
        SECURITY,
        "SMTP Encryption",
        compute="_compute_smtp",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    smtp_port = fields.Integer(
        "SMTP Port", compute="_compute_smtp_port", store=True, readonly=False, precompute=True
    )
    smtp_login = fields.Char("SMTP Login", help="Empty: the same as for reading.")
    smtp_password = fields.Char(
        "SMTP Password",
        compute="_compute_password",
        inverse="_inverse_smtp_password",
        help="Written only. Empty: the same as for reading.",
    )
    smtp_password_secret = fields.Char(groups=fields.NO_ACCESS, copy=False)
    smtp_sign_in = fields.Boolean("SMTP Needs a Login", default=True)
    mail_server_id = fields.Many2one(
        "ir.mail_server",
        "Outgoing Mail Server",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="base.group_system",
    )
    signature_ids = fields.One2many("mail.import.signature", "mailbox_id", "Aliases and Signatures")
    can_send = fields.Boolean(compute="_compute_can_send", compute_sudo=True)
    sent_folder = fields.Char(
        "Sent Folder",
        readonly=True,
        copy=False,
        help="As the mail server names it; found when it is read.",
    )
    append_sent = fields.Boolean("Keep a Copy in the Server's Sent Folder", default=True)

    @api.depends("provider_id")
    def _compute_smtp(self):
        for mailbox in self:
            provider = mailbox.provider_id
            mailbox.smtp_host = provider.smtp_host or mailbox.smtp_host
            mailbox.smtp_security = provider.smtp_security or mailbox.smtp_security or "ssl"

    @api.depends("smtp_security", "provider_id")
    def _compute_smtp_port(self):
        for mailbox in self:
            mailbox.smtp_port = mailbox.provider_id._port("smtp", mailbox.smtp_security)

    @api.depends("smtp_host", "active")
    def _compute_can_send(self):
        for mailbox in self:
            mailbox.can_send = bool(mailbox.smtp_host and mailbox.active and mailbox.mail_server_id)

    # -- the host's outgoing server of this mailbox ---------------------------------------------

    def _synchronise_server(self):
        super()._synchronise_server()
        # sudo: owners set up their own mailbox without being administrators
        mailbox = self.sudo()
        if not mailbox.smtp_host:
            return
        encryption = {"ssl": "ssl_strict", "starttls": "starttls_strict", "none": "none"}
        values = {
            "smtp_encryption": encryption[mailbox.smtp_security],
            **mailbox._smtp_type(),
            "name": mailbox.name,
            "smtp_host": mailbox.smtp_host,
            "smtp_port": mailbox.smtp_port,
            "active": mailbox.active,
            "smtp_user": (mailbox.smtp_login or mailbox.login) if mailbox.smtp_sign_in else False,
            "smtp_pass": False,
            "from_filter": mailbox._sender_address(),
            "sequence": 1000,
        }
        if mailbox.mail_server_id:
            mailbox.mail_server_id.write(values)
        else:
            mailbox.mail_server_id = in_own_context(self.env["ir.mail_server"].sudo()).create(
                values
            )

    def _smtp_type(self):
        """How the host calls it; another encryption it takes for accounts is none of ours."""
        if self._sends_by_account():
            return {"smtp_authentication": self.sign_in_by, "smtp_encryption": "starttls"}
        was_account = self.mail_server_id.smtp_authentication in SERVICES
        return {"smtp_authentication": "login"} if was_account else {}

    def write(self, vals):
        result = super().write(vals)
        if any(name.startswith("smtp_") for name in vals) or "address" in vals:
            for mailbox in self:
                mailbox._synchronise_server()
        return result

    # -- who sends, and as whom -----------------------------------------------------------------

    def _sender_address(self):
        return (self.address or "").strip().lower()

    def _check_may_send(self):
        """Checked at the server, whatever the view offered."""
        for mailbox in self.sudo():
            if not self.env.su and not mailbox._may_send(self.env.user):
                raise AccessError(
                    self.env._("You may not send from the mailbox “%s”.", mailbox.name)
                )
            if not mailbox.can_send:
                raise UserError(
                    self.env._(
                        "“%s” has no SMTP server yet: fill it in under Sending.", mailbox.name
                    )
                )

    def _from_header(self, signature=None):
        if signature is None:
            signature = self.signature_ids[:1]
        return formataddr((signature.name or self.name or "", self._sender_address()))

    @api.model
    def _sendable(self):
        """Mailboxes that the current user may send from."""
        return self.sudo().search(self._sent_from_by(self.env.user)).filtered("can_send")

    @api.model
    def _can_send_from_one(self):
        """Whether the current user has a mailbox to send from; asks nothing where there is none."""
        emails = self.env["mail.import.email"]
        return self._any() and bool(self._sendable() or emails._may_begin_by_company())

    def action_send_test_mail(self):
        """Send a mail from this mailbox to its own address, now; errors are shown."""
        self.ensure_one()
        self.check_access("write")
        self._check_has_smtp()
        self._check_who_sets_up()
        # superuser: who sets a mailbox up tries it out, without being one of its senders
        mail = as_superuser(self.env["mail.mail"]).create(
            {
                "email_from": self._from_header(),
                "email_to": self._sender_address(),
                "subject": self.env._("Test mail of “%s”", self.name),
                "body_html": self.env._("<p>This mail was sent by the mailbox itself.</p>"),
                "mail_server_id": self.sudo().mail_server_id.id,
                "auto_delete": False,
                "mail_import_mailbox_id": self.id,
            }
        )
        mail.send()
        failed, reason = mail.state != "sent", mail.failure_reason
        mail.unlink()
        if failed:
            raise UserError(self.env._("The test mail did not go out: %s", reason))
        return notice(self.env._("Test mail sent to %s.", self._sender_address()))

    def _plan_sent_copy(self, raw, message_id):
        """A copy in the server's Sent folder, for the owner's other mail programs."""
        sent = (
            self.with_context(active_test=False)
            .remote_folder_ids.filtered(lambda folder: folder.role == "sent")[:1]
            .name
            or self.sent_folder
        )
        if self.append_sent and sent and self.state == "active":
            self.env["mail.import.remote.change"]._plan_append(self, sent, raw, message_id)

    def _check_has_smtp(self):
        if not self.sudo().can_send:
            raise UserError(
                self.env._("“%s” has no SMTP server yet: fill it in under Sending.", self.name)
            )
