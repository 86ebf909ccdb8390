"""The host's gateway: mail for virtual addresses of mailboxes goes to the importer, as it came."""

import xmlrpc.client

from odoo import api, models
from odoo.exceptions import AccessError

from ..access import in_own_context
from ..undoing import undone_on_failure


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
        if not mailboxes:
            threads = self
            if self._mail_import_is_gateway() and not (model or args or options):
                # sudo: the host notes on its aliases that they work, which only its administrators
                # may; nothing but the mail says what becomes of it
                threads = in_own_context(self.sudo())
            return super(MailThread, threads).message_process(model, message, *args, **options)
        self._mail_import_check_gateway()
        try:
            with undone_on_failure(self.env.cr):
                mailboxes._take_in(content)
        except Exception as error:
            # what the host fetches itself, it does not try again
            fetched = bool(self.env.context.get("default_fetchmail_server_id"))
            mailboxes._keep_handed_over(content, error, fetched)
        return False

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
