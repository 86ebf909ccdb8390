"""Tokens that the host gets for a mailbox's server become the mailbox's; nobody reads them."""

import secrets
import time

from odoo import models
from odoo.tools import hmac

from ..accounts import SERVICES, TOKEN_FIELDS
from ..receivers.tokens import Tokens


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    def _account_mailbox(self):
        """The mailbox whose server this is, an archived one too."""
        if not self.env["mail.import.mailbox"]._any():
            return self.env["mail.import.mailbox"]
        # sudo: users do not read mail servers
        return self.sudo().with_context(active_test=False).mail_import_mailbox_ids[:1]

    @property
    def _OUTLOOK_SCOPE(self):
        """One consent for reading and sending."""
        mailbox = self._account_mailbox()
        if not mailbox:
            return super()._OUTLOOK_SCOPE
        return SERVICES["outlook"].scope(mailbox.protocol, "smtp")

    def _get_gmail_csrf_token(self):
        return self._consent_token("gmail") or super()._get_gmail_csrf_token()

    def _get_outlook_csrf_token(self):
        return self._consent_token("outlook") or super()._get_outlook_csrf_token()

    def _consent_token(self, kind):
        """For the very user who began: else whoever set up a mailbox of their own could have
        somebody else agree, and get that one's account into it.
        """
        mailbox = self._account_mailbox()
        if not mailbox:
            return ""
        # the user is meant, whoever asks in their name
        if not mailbox.sudo(False).may_connect or mailbox.sign_in_by != kind:
            return secrets.token_hex()
        about = (kind, self.id, mailbox.id, mailbox.owner_id.id, self.env.uid)
        # sudo: the database's own secret
        return hmac(self.env(su=True), "mail_import-account", about)

    def write(self, vals):
        names = TOKEN_FIELDS.intersection(vals)
        theirs = self.filtered(lambda server: server._account_mailbox()) if names else self.browse()
        if not theirs:
            return super().write(vals)
        for server in theirs:
            server._hand_over_tokens(vals)
        # the page that brings tokens activates the server: that is the mailbox's to say
        rest = {name: vals[name] for name in vals if name != "active"}
        result = super(FetchmailServer, theirs).write({**rest, **dict.fromkeys(names, False)})
        others = self - theirs
        return super(FetchmailServer, others).write(vals) if others else result

    def _move_tokens(self):
        """What was connected on the host's form, for reading alone."""
        service = SERVICES.get(self.server_type)
        if service:
            # sudo: administrators see them here; nobody does afterwards
            held = {name: self.sudo()[name] for name in service.token_fields}
            self._hand_over_tokens(held, ("imap",))
            self.sudo().write(dict.fromkeys(service.token_fields, False))  # sudo: as above

    def _hand_over_tokens(self, vals, allowed=None):
        """
        :param allowed: protocols; those that ``_OUTLOOK_SCOPE`` asks for if None
        """
        mailbox = self._account_mailbox()
        service = SERVICES.get(mailbox.sign_in_by)
        if not service or not vals.get(service.refresh_field):
            return
        ends = int(vals.get(service.expiration_field) or 0)
        tokens = Tokens(
            vals.get(service.access_field) or "",
            vals[service.refresh_field],
            max(0, ends - int(time.time())),
        )
        scope = service.scope(*(allowed or (mailbox.protocol, "smtp")))
        # the user is meant, who is noted as the one who connected it
        mailbox.sudo(self.env.su)._connected__(tokens, scope)
