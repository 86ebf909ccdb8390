"""The host's incoming mail servers: those of mailboxes go through the importer."""

import logging
import time
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.base.models.ir_cron import MIN_TIME_PER_JOB, _intervalTypes
from odoo.addons.mail.models.fetchmail import MAIL_SERVER_DOMAIN

from ..accounts import SERVICES
from ..looks import Run
from ..receivers.connection import password_login
from ..receivers.exceptions import ReceiverError
from ..receivers.sign_in import NotedSignIn, Unforeseen
from .mailbox_fetch import PASSWORD_TYPES

_logger = logging.getLogger(__name__)
PUNCTUAL_SECONDS = 10
"""The scheduler comes so much earlier now and then."""


def _last_look(server):
    return server.date or datetime.min


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
        """Feed a mailbox's own password or token in; sign-ins of other add-ons stay theirs."""
        mailbox = self.mail_import_mailbox_ids[:1]
        if mailbox and self.server != mailbox.host:
            # whoever edits the host's servers could else have it sent to one of their own
            raise UserError(self.env._("The mailbox “%s” is on another server.", mailbox.name))
        if mailbox and self._get_connection_type() not in ("imap", mailbox.protocol):
            raise UserError(
                self.env._("The incoming mail server of “%s” is no IMAP server.", mailbox.name)
            )
        if mailbox and self.server_type in SERVICES:
            return mailbox._sign_in_by_account__(connection)
        if not mailbox or self.server_type not in PASSWORD_TYPES:
            return super()._imap_login__(connection)
        # servers that repeat it are not quoted
        sign_in = password_login(self.user or "", mailbox._password__())
        return sign_in(connection)

    def _noted_sign_in__(self):
        """What ``_imap_login__`` does, for a thread without models; None where that cannot be.

        Tokens are renewed here, over HTTP.
        """
        noted = NotedSignIn()
        try:
            self._imap_login__(noted)
        except Unforeseen as error:
            _logger.info("Sign-in of server %s is not foreseen: it uses %s", self.id, error)
            return None
        return noted

    def _fetch_mail(self, **kw):
        """All servers: mailboxes at once by the importer, others one by one by the host.

        Returns the last exception, as the host does; one broken server never stops the others.
        """
        if not self.mail_import_mailbox_ids:
            return super()._fetch_mail(**kw)
        begun, cron = fields.Datetime.now(), self.env["ir.cron"]
        if not cron._commit_progress(remaining=len(self)):
            # the scheduler calls up to ten times, whether or not there is time left
            return None
        plain, waiting_longest = self._plain_servers()
        errors = Run(self.env, self._due_mailboxes).carry_out()
        mailboxes = self._with_mailboxes().mail_import_mailbox_ids
        more = sum(mailbox._has_more(begun) for mailbox in mailboxes)
        remaining = len(plain)
        for server in plain:
            # a mailbox that has more is due at once: the scheduler calls again
            in_time = cron._commit_progress(remaining=remaining + more)
            if not in_time and server not in waiting_longest:
                break
            remaining -= 1
            errors.append(super(FetchmailServer, server)._fetch_mail(**kw))
        if more:
            self._call_again()
        cron._commit_progress(remaining=remaining + more)
        return next(filter(None, reversed(errors)), None)

    def _call_again(self):
        """The host would sleep for up to a minute after ten seconds of work, if nobody wakes it."""
        # sudo: the scheduler is the host's
        self.env.ref("mail.ir_cron_mail_gateway_action").sudo()._trigger()

    def _due_mailboxes(self):
        """Those that somebody waits for, then longest-waiting first. Asked again while slow servers
        keep a run busy.
        """
        due = self._with_mailboxes().sorted(_last_look).mail_import_mailbox_ids._due_here()
        return due.sorted(lambda mailbox: not mailbox._is_asked_for())

    def _with_mailboxes(self):
        """These, or all that there are by now: the scheduler's run goes on for a while, and takes
        mailboxes that are activated meanwhile.
        """
        if self.env.context.get("cron_id"):
            return self.search(
                Domain(MAIL_SERVER_DOMAIN) & Domain("mail_import_mailbox_ids", "!=", False)
            )
        return self.exists().filtered("mail_import_mailbox_ids")

    def _plain_servers(self):
        """Those that the host reads itself, one after the other; and those that waited longest.

        These have their turn in any case: mailboxes with much to fetch use up all the time.
        """
        plain = self.filtered(lambda server: not server.mail_import_mailbox_ids).sorted(_last_look)
        looks = [_last_look(server) for server in self - plain]
        plain = plain._whose_turn_it_is()
        return plain, plain.filtered(lambda server: not looks or _last_look(server) <= min(looks))

    def _whose_turn_it_is(self):
        """The scheduler is called whenever a mailbox has mail: nobody asked for these servers then.

        They are read when its own interval is over, and as long as the same job has more of them.
        """
        if not (cron_id := self.env.context.get("cron_id")):
            return self
        # sudo: the scheduler is the host's
        cron = self.env["ir.cron"].sudo().browse(cron_id)
        now = fields.Datetime.now()
        since = now - _intervalTypes[cron.interval_type](cron.interval_number)
        since += timedelta(seconds=PUNCTUAL_SECONDS)
        if not self.env["mail.import.mailbox"]._was_asked_since(since):
            return self
        end = self.env.context.get("cron_end_time", time.monotonic() + MIN_TIME_PER_JOB)
        began = now - timedelta(seconds=time.monotonic() - (end - MIN_TIME_PER_JOB) + 1)
        return self.filtered(lambda server: not since <= _last_look(server) < began)

    def write(self, vals):
        """A password that is entered here becomes the mailbox's, and can be read no longer."""
        result = super().write(vals)
        if vals.get("password") and self.env["mail.import.mailbox"]._any():
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
