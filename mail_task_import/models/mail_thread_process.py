"""The host's gateway: mail for virtual addresses of mailboxes goes to the importer, as it came.

What else is among its recipients, aliases of projects and answers to ``catchall@``, stays the
host's.
"""

import logging
import xmlrpc.client

from odoo import api, models
from odoo.exceptions import AccessError

from ..access import in_own_context
from ..undoing import undone_on_failure

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, *args, **options):
        """What the mail server pipes in, or a server of the host fetches.

        :raises AccessError: a user without the rights of a gateway, and it is for a mailbox
        :raises ConcurrencyError: two workers met; the host's RPC does it all again
        """
        content = _content(message)
        mailboxes = self.env["mail.import.mailbox"]._handed_over_for(content)
        if mailboxes:
            self._mail_import_check_gateway()
        # what the host fetches itself, it does not try again
        fetched, mails = bool(self.env.context.get("default_fetchmail_server_id")), []
        if mailboxes._any():
            message = self.env["mail.import.arrival"]._claim_handed_over(content, fetched)
        if not mailboxes:
            threads = self
            if not (model or args or options):
                threads = self._mail_import_for_host()
            return super(MailThread, threads).message_process(model, message, *args, **options)
        try:
            with undone_on_failure(self.env.cr):
                mails = mailboxes._take_in(content)
        except Exception as error:
            mailboxes._keep_handed_over(content, error, fetched)
        if not mailboxes._leaves_to_host(content, mails):
            return False
        threads = self._mail_import_for_host().with_context(mail_import_shared=True)
        try:
            with undone_on_failure(self.env.cr):
                made = super(MailThread, threads).message_process(False, message)
                # None, which the host's loop guard gives, is no answer by XML-RPC
                return made or False
        except Exception:
            if not fetched:
                raise  # nothing is kept: the mail server hands it over again
            _logger.warning("The host cannot take its part of a mail", exc_info=True)
            return False

    @api.model
    def _mail_import_for_host(self):
        """Who the host's own gateway runs as."""
        if not self._mail_import_is_gateway():
            return self
        # sudo: the host notes on its aliases that they work, which only its administrators may;
        # nothing but the mail says what becomes of it
        return in_own_context(self.sudo())

    @api.model
    def message_route(self, message, message_dict, *args, **options):
        """Where mailboxes have a mail already, the host decides as if it were for the others."""
        if not self.env.context.get("mail_import_shared"):
            return super().message_route(message, message_dict, *args, **options)
        written = {name: message_dict[name] for name in ("to", "recipients")}
        without = self.env["mail.import.mailbox"]._without_virtual
        message_dict.update({name: without(text) for name, text in written.items()})
        try:
            return super().message_route(message, message_dict, *args, **options)
        finally:
            message_dict.update(written)

    @api.model
    def _mail_import_check_gateway(self):
        """Any employee may call the gateway by RPC, and would put words into others' mouths."""
        if not self._mail_import_is_gateway():
            raise AccessError(
                self.env._(
                    "Only a mail gateway hands over mail to mailboxes: %s is none.",
                    self.env.user.login,
                )
            )

    @api.model
    def _mail_import_is_gateway(self):
        env = self.env
        group = "mail_task_import.group_gateway"
        return env.su or env.is_system() or env.user.has_group(group)


def _content(message):
    if isinstance(message, xmlrpc.client.Binary):
        return bytes(message.data)
    return message.encode() if isinstance(message, str) else bytes(message)
