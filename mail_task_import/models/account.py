"""Connected accounts: the tokens by which a mailbox signs in, and how they are renewed.

A provider may give a new refresh token with each renewal, and void the one before. So a renewal is
a transaction of its own, which holds the row while the provider is asked and is committed at once:
no fetch that is rolled back takes it along, and of two workers the later one finds the new token.
"""

import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg2
import requests

from odoo import api, fields, models, release
from odoo.exceptions import UserError
from odoo.tools.urls import urljoin

from ..accounts import GOOGLE_TOKENS, SERVICES
from ..exceptions import CONFLICTS
from ..keyring import LostKey
from ..receivers.tokens import REFUSED, REVOKED, UNAVAILABLE, TokenError, Tokens, renew

SPARE_SECONDS = 60
"""A token is renewed so long before its end: what begins with it takes a while."""
ASK_AGAIN_MINUTES = {UNAVAILABLE: (1, 2, 5, 15, 30, 60), REFUSED: (60,), REVOKED: (60,)}
SAME_TROUBLE_SECONDS = 30
"""A provider that did not answer for one account is not waited for again for the next one."""
DISTRUST_SECONDS = 300
"""A token that a mail server refuses is not renewed more often."""
LOCK_WAIT = "15s"
ATTEMPTS = 5
BROKEN = (psycopg2.OperationalError, psycopg2.InterfaceError)


class MailImportAccount(models.Model):
    _name = "mail.import.account"
    _inherit = ["mail.import.own.defaults.mixin"]
    _description = "Connected Account"
    _log_access = False

    mailbox_id = fields.Many2one("mail.import.mailbox", required=True, ondelete="cascade")
    kind = fields.Selection([("gmail", "Google"), ("outlook", "Microsoft")], required=True)
    refresh_secret = fields.Char(groups=fields.NO_ACCESS, copy=False)
    access_secret = fields.Char(groups=fields.NO_ACCESS, copy=False)
    scope = fields.Char(help="What was allowed, as the provider is asked for it.")
    expires_at = fields.Datetime()
    renewed_at = fields.Datetime()
    connected_at = fields.Datetime()
    trouble = fields.Selection(
        [(REVOKED, "Withdrawn"), (REFUSED, "Refused"), (UNAVAILABLE, "Not Available")]
    )
    trouble_code = fields.Char()
    trouble_at = fields.Datetime()
    failures = fields.Integer()
    ask_again_at = fields.Datetime()

    _mailbox_once = models.UniqueIndex("(mailbox_id)")

    # -- a token --------------------------------------------------------------------------------

    def _token__(self, refused=""):
        """An access token.

        :param refused: one that a mail server did not take; it is given back where it is too new
            for another one
        :raises TokenError:
        """
        self.ensure_one()
        self.invalidate_recordset()
        return self._lasting__(refused) or self._renewed__(refused)

    def _lasting__(self, refused=""):
        soon = fields.Datetime.now() + timedelta(seconds=SPARE_SECONDS)
        if not self.access_secret or not self.expires_at or self.expires_at < soon:
            return ""
        token = self._open__(self.access_secret)
        return "" if token == refused else token

    def _open__(self, stored):
        try:
            return self.mailbox_id._keyring__().open(stored or "")
        except LostKey:
            raise UserError(
                self.env._(
                    "The account of “%s” is encrypted under a key that this Odoo does not have. "
                    "Give it the key that it had (mail_import_key), or connect the account again.",
                    self.mailbox_id.name,
                )
            ) from None

    def _renewed__(self, refused):
        """In a transaction of its own. What the provider has given is kept through its failures."""
        given = []
        for attempt in range(ATTEMPTS):
            try:
                with self._alone() as there:
                    token, error = there._renew_locked__(refused, given)
                break
            except psycopg2.errors.LockNotAvailable:
                raise TokenError(UNAVAILABLE, "asked already") from None
            except (*CONFLICTS, *BROKEN):
                if attempt + 1 == ATTEMPTS:
                    raise
                time.sleep(0.1 * 2**attempt)
        self.invalidate_recordset()
        if error:
            raise error
        return token

    @contextmanager
    def _alone(self):
        """This account in a transaction of its own, which is committed with the end of ``with``."""
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr))

    def _renew_locked__(self, refused, given):
        """Token and error, one of them."""
        if not self._lock():
            return "", TokenError(REVOKED)
        if token := self._lasting__(refused):
            return token, None
        if refused and self._is_new():
            return refused, None
        try:
            if not given:
                self._check_patience()
                given.append(self._ask__())
        except TokenError as error:
            self._note_trouble(error)
            return "", error
        self._keep__(given[0])
        return given[0].access, None

    def _lock(self):
        self.env.cr.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
        self.env.cr.execute(
            "SELECT id FROM mail_import_account WHERE id = %s FOR NO KEY UPDATE", [self.id]
        )
        self.invalidate_recordset()
        return self.env.cr.fetchone()

    def _is_new(self):
        now = fields.Datetime.now()
        return self.renewed_at and self.renewed_at > now - timedelta(seconds=DISTRUST_SECONDS)

    def _keep__(self, tokens):
        seal, now = self.mailbox_id._seal__, fields.Datetime.now()
        self.write(
            {
                "refresh_secret": seal(tokens.refresh),
                "access_secret": tokens.access and seal(tokens.access),
                "expires_at": now + timedelta(seconds=tokens.seconds),
                "renewed_at": now,
                "trouble": False,
                "trouble_code": False,
                "trouble_at": False,
                "failures": 0,
                "ask_again_at": False,
            }
        )

    # -- what goes wrong ------------------------------------------------------------------------

    def _check_patience(self):
        """The provider is not asked again and again for what it just refused."""
        now = fields.Datetime.now()
        if self.ask_again_at and self.ask_again_at > now:
            raise _Known(self.trouble, self.trouble_code or "")
        others = self.search(
            [
                ("kind", "=", self.kind),
                ("trouble", "=", UNAVAILABLE),
                ("trouble_at", ">", now - timedelta(seconds=SAME_TROUBLE_SECONDS)),
            ],
            limit=1,
        )
        if others:
            raise _Known(UNAVAILABLE, others.trouble_code or "")

    def _note_trouble(self, error):
        if isinstance(error, _Known):
            return
        now, waits = fields.Datetime.now(), ASK_AGAIN_MINUTES[error.kind]
        self.write(
            {
                "trouble": error.kind,
                "trouble_code": error.code,
                "trouble_at": now,
                "failures": self.failures + 1,
                "ask_again_at": now + timedelta(minutes=waits[min(self.failures, len(waits) - 1)]),
            }
        )

    def _be_asked_anew(self):
        """Somebody has mended something, and tries it."""
        self.filtered("trouble")._empty("ask_again_at", "trouble_at")

    def _distrust__(self):
        """A mail server does not take the token, although it should last: have another one."""
        if not self._is_new():
            self._empty("access_secret")

    def _empty(self, *names):
        """Empty these, whatever becomes of the transaction that found out; they can wait."""
        try:
            for account in self:
                with account._alone() as there:
                    if there._lock():
                        there.write(dict.fromkeys(names, False))
        except (*CONFLICTS, *BROKEN):
            return
        self.invalidate_recordset()

    # -- asking ---------------------------------------------------------------------------------

    def _ask__(self):
        """:raises TokenError:"""
        client_id, client_secret = self._client__(self.kind)
        refresh = self._open__(self.refresh_secret)
        if not client_id or not client_secret:
            return self._ask_iap__(refresh)
        return renew(self._token_url(), client_id, client_secret, refresh, self._asked_scope())

    def _token_url(self):
        if self.kind == "gmail":
            return GOOGLE_TOKENS
        return urljoin(self.env["fetchmail.server"]._get_microsoft_endpoint(), "token")

    def _asked_scope(self):
        """As the host asks for it."""
        if not self.scope:
            return ""
        return f"openid email offline_access https://outlook.office.com/User.read {self.scope}"

    @api.model
    def _client__(self, kind):
        """What Odoo is known by at the provider, as the administrator entered it."""
        # sudo: settings are administrators'
        parameters = self.env["ir.config_parameter"].sudo()
        prefix = SERVICES[kind].prefix
        return (
            parameters.get_param(f"{prefix}_client_id"),
            parameters.get_param(f"{prefix}_client_secret"),
        )

    @api.model
    def _is_set_up(self, kind):
        """Whether an account can be connected: by a client of the company's own, or by Odoo's."""
        return all(self._client__(kind)) or release.version_info[-1] == "e"

    def _ask_iap__(self, refresh):
        """By Odoo's own service, where the host has it. It does not say what was wrong."""
        if not self._is_set_up(self.kind):
            raise TokenError(REFUSED, "no client")
        server = self.env["fetchmail.server"]
        try:
            if self.kind == "gmail":
                access, ends = server._fetch_gmail_access_token_iap(refresh)
            else:
                refresh, access, _claims, ends = server._fetch_outlook_access_token_iap(refresh)
            return Tokens(access, refresh, int(ends) - int(time.time()))
        except (UserError, requests.RequestException, ValueError, TypeError):
            raise TokenError(UNAVAILABLE, "IAP") from None

    # -- connecting -----------------------------------------------------------------------------

    @api.model
    def _connect_to__(self, mailbox, tokens, scope=""):
        """What the provider has given for a mailbox; in this transaction."""
        account = self.search([("mailbox_id", "=", mailbox.id)])
        values = {"kind": mailbox.sign_in_by, "scope": scope}
        if account:
            account.write(values)
        else:
            account = self.create({**values, "mailbox_id": mailbox.id})
        account._keep__(tokens)
        account.write({"connected_at": fields.Datetime.now(), "renewed_at": False})
        return account


class _Known(TokenError):
    """Known from before: nobody was asked."""
