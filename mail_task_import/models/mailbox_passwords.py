"""Passwords: written and never read, and sealed in the database where the administrator has a key.

The keys come from ``odoo.conf`` (``mail_import_key``) or the environment, never from the database.
"""

import os

from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ..keyring import SEALED, InvalidKey, Keyring, LostKey

SECRETS = ("password_secret", "smtp_password_secret")
TOKENS = ("refresh_secret", "access_secret")
VARIABLES = ("MAIL_IMPORT_KEY", "MAIL_IMPORT_KEYS")
OPTION = "mail_import_key"


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    password_protection = fields.Selection(
        [
            ("sealed", "Encrypted"),
            ("no_key", "Not encrypted: there is no key"),
            ("plain", "Not encrypted yet"),
            ("invalid_key", "The key is not valid"),
            ("lost_key", "Encrypted under a key that is not here"),
        ],
        compute="_compute_password_protection",
        compute_sudo=True,
    )

    def _compute_password(self):
        self.password = False
        self.smtp_password = False

    def _inverse_password(self):
        for mailbox in self:
            if mailbox.password:
                # sudo: the field is closed to everybody, its owner included
                mailbox.sudo().password_secret = self._seal__(mailbox.password)
        self.invalidate_recordset(["password"])

    def _inverse_smtp_password(self):
        for mailbox in self:
            if mailbox.smtp_password:
                # sudo: as above
                mailbox.sudo().smtp_password_secret = self._seal__(mailbox.smtp_password)
        self.invalidate_recordset(["smtp_password"])

    @api.depends(*SECRETS)
    def _compute_has_password(self):
        for mailbox in self:
            mailbox.has_password = bool(mailbox.password_secret)

    @api.depends(*SECRETS, *(f"account_ids.{name}" for name in TOKENS))
    def _compute_password_protection(self):
        keyring = self._keyring__()
        for mailbox in self:
            stored = [mailbox[name] for name in SECRETS]
            stored += [account[name] for account in mailbox.account_ids for name in TOKENS]
            stored = [each for each in stored if each]
            mailbox.password_protection = _protection(keyring, stored)

    # -- using them -----------------------------------------------------------------------------

    def _password__(self):
        """For reading; only the host's login asks for it."""
        # sudo: one of the two places where a password is used
        return self._open__(self.sudo().password_secret)

    def _smtp_secret__(self):
        """For sending; only the host's connection asks for it."""
        # sudo: the other one
        mailbox = self.sudo()
        return self._open__(mailbox.smtp_password_secret or mailbox.password_secret)

    def _open__(self, stored):
        try:
            return self._keyring__().open(stored or "")
        except LostKey:
            raise UserError(
                self.env._(
                    "The password of “%s” is encrypted under a key that this Odoo does not have. "
                    "Give it the key that it had (mail_import_key), or enter the password again.",
                    self.name,
                )
            ) from None

    @api.model
    def _seal__(self, password):
        try:
            return self._keyring__().seal(password)
        except InvalidKey:
            raise UserError(
                self.env._(
                    "The password is not stored: the value of mail_import_key is not a key. "
                    "Make one with “odoo mailbox_keys new”."
                )
            ) from None

    @api.model
    def _keyring__(self):
        text = next(filter(None, map(os.environ.get, VARIABLES)), tools.config.get(OPTION))
        return Keyring(text or "")

    # -- all of them, for the command -----------------------------------------------------------

    @api.model
    def _count_secrets__(self):
        """How many passwords are ``sealed`` under the first key, sealed under an ``older`` one,
        ``plain``, and ``lost``.
        """
        counts = dict.fromkeys(("sealed", "older", "plain", "lost"), 0)
        keyring = self._keyring__()
        for _record, _name, stored in self._secrets__():
            counts[_state(keyring, stored)] += 1
        return counts

    @api.model
    def _seal_all__(self):
        """Seal everything under the first key; returns what was done, by the state before.

        :raises InvalidKey: nothing was changed
        """
        keyring = self._keyring__()
        if not keyring.is_valid:
            raise InvalidKey
        counts = dict.fromkeys(("sealed", "older", "plain", "lost"), 0)
        for record, name, stored in self._secrets__():
            state = _state(keyring, stored)
            counts[state] += 1
            if len(keyring) and state in ("older", "plain"):
                record[name] = keyring.seal(keyring.open(stored))
        return counts

    @api.model
    def _secrets__(self):
        """Each stored password and token.

        One that is changed meanwhile is a conflict, not overwritten.
        """
        # sudo: of all mailboxes, archived ones included, for whoever runs commands on this machine
        mailboxes = self.sudo().with_context(active_test=False).search([])
        for records, names in ((mailboxes, SECRETS), (mailboxes.account_ids, TOKENS)):
            for record in records:
                for name in names:
                    if record[name]:
                        yield record, name, record[name]


def _state(keyring, stored):
    if not stored.startswith(SEALED):
        return "plain"
    if keyring.is_current(stored):
        return "sealed"
    return "older" if keyring.opens(stored) else "lost"


def _protection(keyring, stored):
    if not all(map(keyring.opens, stored)):
        return "lost_key"
    if not keyring.is_valid:
        return "invalid_key"
    if not len(keyring):
        return "no_key"
    return "sealed" if all(each.startswith(SEALED) for each in stored) else "plain"
