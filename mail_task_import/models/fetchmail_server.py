"""The host's incoming mail servers: those of mailboxes go through the importer."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..receivers.connection import password_login
from ..receivers.exceptions import ReceiverError


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    mail_import_mailbox_ids = fields.One2many("mail.import.mailbox", "server_id", "Mailbox")

    def _connect__(self, allow_archived=False):
        """The host's own *Test & Confirm* of a mailbox's server, with the mailbox's checks."""
        mailbox = self.mail_import_mailbox_ids[:1]
        if not mailbox:
            return super()._connect__(allow_archived=allow_archived)
        try:
            receiver = mailbox._receiver()
            receiver.open()
        except ReceiverError as error:
            raise UserError(str(error)) from error
        return receiver

    def _imap_login__(self, connection):
        """Feed a mailbox's own password in; other sign-ins (Gmail, Outlook) stay the host's."""
        mailbox = self.mail_import_mailbox_ids[:1]
        if mailbox and self.server != mailbox.host:
            # whoever edits the host's servers could else have it sent to one of their own
            raise UserError(self.env._("The mailbox “%s” is on another server.", mailbox.name))
        if not mailbox or self._get_connection_type() != "imap" or self.server_type != "imap":
            return super()._imap_login__(connection)
        # servers that repeat it are not quoted
        sign_in = password_login(self.user or "", mailbox._password__())
        return sign_in(connection)

    def _fetch_mail(self, **kw):
        """All servers, longest-waiting first: mailboxes by the importer, others by the host.

        Returns the last exception, as the host does; one broken server never stops the others.
        """
        if not self.mail_import_mailbox_ids:
            return super()._fetch_mail(**kw)
        result, more, begun = None, 0, fields.Datetime.now()
        servers = self.sorted(lambda server: (bool(server.date), server.date or begun))
        cron = self.env["ir.cron"]
        remaining = len(servers)
        cron._commit_progress(remaining=remaining)
        for server in servers:
            remaining -= 1
            mailbox = server.mail_import_mailbox_ids[:1]
            if mailbox:
                error = mailbox._fetch_if_due()
                more += mailbox._has_more(begun)
            else:
                error = super(FetchmailServer, server)._fetch_mail(**kw)
            result = error or result
            # a mailbox that has more is due at once: the scheduler calls again
            if not cron._commit_progress(remaining=remaining + more):
                break
        return result

    def write(self, vals):
        """A password that is entered here becomes the mailbox's, and can be read no longer."""
        result = super().write(vals)
        if vals.get("password"):
            # sudo: who may write the server may give its mailbox a password
            for server in self.sudo().filtered("mail_import_mailbox_ids"):
                server.mail_import_mailbox_ids.password = vals["password"]
                server.password = False
        return result

    def unlink(self):
        """A mailbox that loses its server makes another one when it is saved."""
        self.mail_import_mailbox_ids.server_id = False
        return super().unlink()

    @api.model
    def _update_cron(self):
        """Not while the importer itself writes: the cron's row is locked by the cron that runs."""
        if not self.env.context.get("mail_import_fetching"):
            super()._update_cron()

    def action_turn_into_mailbox(self):
        """A mailbox with this server's settings; the server itself becomes the mailbox's."""
        self.ensure_one()
        self.check_access("write")
        mailbox = self.env["mail.import.mailbox"]._from_server(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "mail.import.mailbox",
            "res_id": mailbox.id,
            "views": [(False, "form")],
        }
