"""Signing in by an account at Google or Microsoft, without a password (OAuth 2.0).

Consent links, their answers and the settings are the host's (``google_gmail``,
``microsoft_outlook``). The tokens are the mailbox's own: the host shows its own to administrators.
"""

import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..accounts import SERVICES
from ..receivers.exceptions import LoginError
from ..receivers.peers import plain_host
from ..receivers.sign_in import token_login
from ..receivers.tokens import REFUSED, REVOKED, TokenError, bearer

_logger = logging.getLogger(__name__)

ACCOUNT_HOSTS = "mail_task_import.account_hosts"
"""Further mail servers of Google and Microsoft, separated by commas; national clouds have some."""


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    sign_in_by = fields.Selection(
        [("password", "Password"), ("gmail", "Google Account"), ("outlook", "Microsoft Account")],
        "Sign In By",
        compute="_compute_sign_in_by",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
    )
    provider_account = fields.Selection(related="provider_id.account")
    account_ids = fields.One2many("mail.import.account", "mailbox_id", groups=fields.NO_ACCESS)
    account_state = fields.Selection(
        [
            ("none", "Not connected"),
            ("connected", "Connected"),
            ("revoked", "To be connected again"),
            ("trouble", "Not renewed at present"),
        ],
        compute="_compute_account_state",
        compute_sudo=True,
    )
    connected_at = fields.Datetime(compute="_compute_account_state", compute_sudo=True)
    can_connect = fields.Boolean(compute="_compute_can_connect", compute_sudo=True)

    sends_by_account = fields.Boolean(compute="_compute_sends_by_account", compute_sudo=True)

    @api.depends("provider_id")
    def _compute_sign_in_by(self):
        """An account where the provider takes no passwords; else whoever sets it up chooses."""
        for mailbox in self:
            provider, chosen = mailbox.provider_id, mailbox.sign_in_by
            if provider.account and provider.sign_in == "oauth":
                mailbox.sign_in_by = provider.account
            elif not chosen or chosen != provider.account:
                mailbox.sign_in_by = "password"

    @api.depends("sign_in_by", "account_ids.trouble", "account_ids.connected_at")
    def _compute_account_state(self):
        for mailbox in self:
            account = mailbox._account()
            mailbox.connected_at = account.connected_at
            if not account:
                mailbox.account_state = "none"
            elif account.trouble == REVOKED:
                mailbox.account_state = "revoked"
            else:
                mailbox.account_state = "trouble" if account.trouble else "connected"

    @api.depends("sign_in_by")
    def _compute_can_connect(self):
        for mailbox in self:
            kind = mailbox.sign_in_by
            mailbox.can_connect = kind in SERVICES and mailbox.account_ids._is_set_up(kind)

    def _account(self):
        """The account that this mailbox is connected to; it is not shown to anybody."""
        # sudo: of the mailbox, for what signs in by it
        return self.sudo().account_ids.filtered(lambda account: account.kind == self.sign_in_by)

    def _has_secret(self):
        """Whether anything is kept that opens the account on the mail server."""
        # sudo: whether, nothing more
        return bool(self.has_password or self.sudo().account_ids)

    # -- what may not be ------------------------------------------------------------------------

    @api.constrains("sign_in_by", "host", "security")
    def _check_account_server(self):
        for mailbox in self:
            if mailbox.sign_in_by in SERVICES and mailbox.host:
                mailbox._check_gets_token(mailbox.host, mailbox.security, ValidationError)

    def _check_gets_token(self, host, security, error):
        if security == "none":
            raise error(self.env._("Signing in by an account needs an encrypted connection."))
        if not self._is_host_of_account(host):
            raise error(
                self.env._(
                    "“%(host)s” is no mail server of %(service)s: the sign-in is sent to no other.",
                    host=host,
                    service=SERVICES[self.sign_in_by].name,
                )
            )

    def _is_host_of_account(self, host):
        # sudo: settings are administrators'
        more = self.env["ir.config_parameter"].sudo().get_param(ACCOUNT_HOSTS) or ""
        known = SERVICES[self.sign_in_by].hosts | {
            plain_host(each.strip()) for each in more.split(",") if each.strip()
        }
        return plain_host(host or "") in known

    def _check_complete(self):
        super()._check_complete()
        if self.host and self.sign_in_by in SERVICES and not self._account():
            raise UserError(self.env._("Connect the account of “%s” first.", self.name))

    # -- connecting -----------------------------------------------------------------------------

    def action_connect_account(self):
        """To the provider's page, where the owner of the account agrees; the host has the rest."""
        self.ensure_one()
        self._check_may_set_up()
        if not self.may_connect:
            raise AccessError(
                self.env._("Only its owner connects an account to a personal mailbox.")
            )
        if self.sign_in_by not in SERVICES:
            raise UserError(self.env._("“%s” signs in by a password.", self.name))
        if not self.can_connect:
            raise UserError(self._words_of_set_up())
        # sudo: the host has administrators begin; who may connect this mailbox was asked above
        server = self.sudo().server_id
        if self.sign_in_by == "gmail":
            return server.open_google_gmail_uri()
        return server.open_microsoft_outlook_uri()

    def action_disconnect_account(self):
        """Forget the tokens. At the provider the owner of the account takes them away."""
        self._check_may_set_up()
        # sudo: nobody reads or writes accounts
        self.sudo().account_ids.unlink()
        self._log_account(self.env._("The account was disconnected."))

    def _connected__(self, tokens, scope):
        """The owner of the account has agreed; called by the host's page that hears of it."""
        # sudo: nobody reads or writes accounts
        self.sudo().env["mail.import.account"]._connect_to__(self.sudo(), tokens, scope)
        self._log_account(self.env._("The account was connected."))
        if self.state == "active":
            self._ask_for_fetch()

    def _log_account(self, words):
        for mailbox in self.sudo():
            mailbox._message_log(body=words, author_id=self.env.user.partner_id.id)

    def _words_of_set_up(self):
        return self.env._(
            "Odoo is not known to %s yet: an administrator enters its client under Settings, "
            "General Settings, Discuss.",
            SERVICES[self.sign_in_by].name,
        )

    # -- signing in -----------------------------------------------------------------------------

    def _sign_in_by_account__(self, connection):
        """By XOAUTH2, which both providers speak by IMAP and POP3."""
        self._check_gets_token(self.host, self.security, UserError)
        message = self._bearer__(self.login, self._account_token__(self.protocol))
        token_login("XOAUTH2", message)(connection)

    def _bearer__(self, login, token):
        try:
            return bearer(login or "", token)
        except ValueError:
            raise UserError(self.env._("The login of “%s” is no address.", self.name)) from None

    def _account_token__(self, protocol, refused=""):
        """An access token, to be sent to this mailbox's server for that protocol.

        :raises LoginError: in the user's words
        """
        account = self._account()
        if not account:
            words = self.env._("Connect the account of “%s” first.", self.name)
            raise LoginError("login", words)
        if SERVICES[account.kind].scope(protocol) not in (account.scope or ""):
            words = self.env._(
                "“%s” was connected without the permission for this. Connect the account again.",
                self.name,
            )
            raise LoginError("login", words)
        try:
            return account._token__(refused)
        except TokenError as error:
            raise LoginError("login", self._words_of_token(error)) from None

    def _words_of_token(self, error):
        service = SERVICES[self.sign_in_by].name
        if error.kind == REVOKED:
            return self.env._(
                "%(service)s lets Odoo into the account of “%(mailbox)s” no longer: the permission "
                "was withdrawn, or has expired. Connect the account again.",
                service=service,
                mailbox=self.name,
            )
        if error.kind == REFUSED:
            return self.env._(
                "%(service)s does not accept how Odoo is set up there (%(code)s). An administrator "
                "checks the client under Settings.",
                service=service,
                code=error.code,
            )
        return self.env._(
            "%(service)s did not renew the sign-in of “%(mailbox)s” (%(code)s). It is asked again "
            "later; if that lasts, connect the account again.",
            service=service,
            mailbox=self.name,
            code=error.code,
        )

    def _note_failure(self, error):
        result = super()._note_failure(error)
        if isinstance(error, LoginError) and self.sign_in_by in SERVICES:
            self._account()._distrust__()
        return result

    def action_test_connection(self):
        self._check_may_set_up()
        self._account()._be_asked_anew()
        return super().action_test_connection()

    # -- sending --------------------------------------------------------------------------------

    @api.depends("sign_in_by", "smtp_host", "smtp_sign_in")
    def _compute_sends_by_account(self):
        for mailbox in self:
            mailbox.sends_by_account = mailbox._sends_by_account()

    def _sends_by_account(self):
        """Whether the server that it sends by is the account's too; another has a password."""
        return bool(
            self.sign_in_by in SERVICES
            and self.smtp_sign_in
            and self.smtp_host
            and self._is_host_of_account(self.smtp_host)
        )
