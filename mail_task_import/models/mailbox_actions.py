"""What people do with a mailbox from its form and its card: switch it on, try it, look into it."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..accounts import SERVICES
from ..actions import in_dialog
from .mailbox_fetch import PASSWORD_TYPES, READING_LOCK


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    may_set_up = fields.Boolean(compute="_compute_may_set_up", compute_sudo=False)
    may_connect = fields.Boolean(
        compute="_compute_may_set_up",
        compute_sudo=False,
        help="An account: a person's is its owner's alone to connect.",
    )
    sign_in = fields.Selection(related="provider_id.sign_in")
    is_mine = fields.Boolean(compute="_compute_may_set_up", compute_sudo=False)

    @api.depends("kind", "owner_id")
    @api.depends_context("uid")
    def _compute_may_set_up(self):
        administrator = self._is_administrator()
        for mailbox in self:
            mailbox.is_mine = mailbox.owner_id == self.env.user
            mailbox.may_set_up = administrator or mailbox.is_mine
            mailbox.may_connect = mailbox.is_mine or (administrator and mailbox.kind == "group")

    def _check_may_set_up(self):
        self.check_access("write")
        self._check_who_sets_up()

    # -- on and off -----------------------------------------------------------------------------

    def action_activate(self):
        """Watch from now on: mail received before is history, or nothing at all."""
        self._check_may_set_up()
        for mailbox in self:
            mailbox._check_complete()
            mailbox.write(
                {"state": "active", "act_since": mailbox.act_since or fields.Datetime.now()}
            )
        self._ask_for_fetch()

    def action_pause(self):
        """Watch no longer; where the folders were left is kept, so nothing is lost meanwhile."""
        self._check_may_set_up()
        self.write({"state": "draft"})

    def _check_complete(self):
        if not self.host and self.is_handed_over:
            return
        if not self.host or not self.login:
            raise UserError(
                self.env._("Fill in the mail server and the login of “%s” first.", self.name)
            )
        # sudo: how the host signs in; nothing of it is shown
        if self.sudo().server_id.server_type in PASSWORD_TYPES and not self.has_password:
            raise UserError(self.env._("“%s” has no password yet.", self.name))

    # -- fetching -------------------------------------------------------------------------------

    def action_fetch_now(self):
        """Have the scheduler look at once; the form counts along.

        A request has no time budget and would hold its worker for as long as there is mail.
        """
        self.check_access("read")
        for mailbox in self:
            if mailbox.state != "active":
                raise UserError(self.env._("“%s” is not active: activate it first.", mailbox.name))
            if not mailbox.host:
                raise UserError(
                    self.env._(
                        "Mail of “%s” is handed over: there is nothing to fetch.", mailbox.name
                    )
                )
        self._ask_for_fetch()

    def _ask_for_fetch(self):
        # sudo: the next look is the importer's to plan; readers may ask for it
        self.sudo().write({"next_fetch": False, "asked_at": fields.Datetime.now()})
        self.env.ref("mail.ir_cron_mail_gateway_action").sudo()._trigger()

    @api.readonly
    def fetch_progress(self):
        """Numbers for the counter on the form; readers and administrators may see them.

        :return: ``state`` ("off", "waiting", "running", "failed" or "idle"), ``done`` (messages
            in the ledger), ``left``, ``quarantined``, ``error`` (plain words), ``last``,
            ``history`` (its progress in words, False without any) and ``percent`` of it (False
            where it is held up)
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: counts only
        mailbox = self.sudo()
        return {
            "state": mailbox._progress_state(),
            "done": self.env["mail.import.location"]
            .sudo()
            .search_count([("mailbox_id", "=", self.id)]),
            "left": mailbox.waiting,
            "quarantined": mailbox.quarantined_count,
            "error": mailbox.last_error if mailbox.failures else False,
            "last": fields.Datetime.to_string(mailbox.last_fetch),
            "history": mailbox._is_history_coming() and mailbox.history_text,
            "percent": mailbox.history_state != "held_up" and mailbox.history_percent,
        }

    def _progress_state(self):
        if self.state != "active" or not self.host:
            return "off"
        if self._is_being_read():
            return "running"
        if self._is_due():
            return "waiting"
        return "failed" if self.failures else "idle"

    def _is_being_read(self):
        """Whether some worker holds the lock that it reads under, see ``_claim_reading``."""
        self.env.cr.execute(
            """SELECT EXISTS (
                   SELECT FROM pg_locks
                    WHERE locktype = 'advisory' AND classid = %s AND objid = %s AND granted
                      AND database = (SELECT oid FROM pg_database
                                       WHERE datname = current_database()))""",
            [READING_LOCK, self.id],
        )
        return self.env.cr.fetchone()[0]

    # -- dialogs --------------------------------------------------------------------------------

    def action_test_connection(self):
        """Try each stage of a connection and show what the server said."""
        self.ensure_one()
        self._check_may_set_up()
        test = self.env["mail.import.connection.test"]._try_out(self)
        return in_dialog(test, self.env._("Connection of “%s”", self.name))

    def action_pick_folders(self):
        """Choose the watched folders from the server's real list."""
        self.ensure_one()
        self._check_may_set_up()
        wizard = self.env["mail.import.folder.picker"]._ask_server(self)
        return in_dialog(wizard, self.env._("Folders of “%s”", self.name))

    def action_reset_position(self):
        self.ensure_one()
        self._check_may_set_up()
        wizard = self.env["mail.import.position.reset"].create({"mailbox_id": self.id})
        return in_dialog(wizard, self.env._("Fetch Older Mail Again"))

    def action_use_suggested_servers(self):
        """Trust the servers that signed the mail already here."""
        self._check_may_set_up()
        for mailbox in self:
            mailbox.trusted_authserv_ids = mailbox.suggested_authserv_ids

    def action_import_files(self):
        """Mail that somebody has as files."""
        self.ensure_one()
        self.check_access("read")
        return self.env["mail.import.upload"]._open(self)

    # -- what belongs to it ---------------------------------------------------------------------

    def action_view_quarantine(self):
        return self._show("mail.import.quarantine", self.env._("Quarantine"))

    def action_view_locations(self):
        return self._show("mail.import.location", self.env._("Ledger"))

    def action_view_emails(self):
        return self._show("mail.import.entry", self.env._("E-mails"))

    def _show(self, model, title):
        """Records of these mailboxes; the global rules let nobody see another's mail."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("mailbox_id", "in", self.ids)],
        }

    # -- taking over a server of the host -------------------------------------------------------

    @api.model
    def _from_server(self, server):
        """The group mailbox that takes over an incoming mail server of the host, not active yet.

        The host is done with what arrived before its last look. From the day before that, mail
        is filed, so that nothing falls between the two.
        """
        server.ensure_one()
        server.check_access("write")
        if server.mail_import_mailbox_ids:
            return server.mail_import_mailbox_ids[:1]
        if server._get_connection_type() not in PASSWORD_TYPES:
            raise UserError(self.env._("Only an IMAP or POP server can become a mailbox."))
        since = server.date or fields.Datetime.now()
        mailbox = self.create(
            {
                **self._values_from_server(server),
                "act_since": since,
                "fetch_since": fields.Date.subtract(since.date(), days=1),
            }
        )
        # the password moves to the field that nobody reads, and so do tokens
        server.password = False
        server._move_tokens()
        return mailbox

    @api.model
    def _values_from_server(self, server):
        target = self.env["mail.import.target"].search(
            [("model", "=", server.object_id.model), ("can_create", "=", True)], limit=1
        )
        account = server.server_type if server.server_type in SERVICES else "password"
        return {
            "name": server.name,
            "kind": "group",
            "sign_in_by": account,
            "address": email_normalize(server.user) or f"{server.user}@{server.server}",
            "protocol": server._get_connection_type(),
            "host": server.server,
            "port": server.port,
            "security": "ssl" if server.is_ssl else "none",
            "login": server.user,
            "password": server.password,
            "server_id": server.id,
            "default_target_id": target.id if server.object_id else False,
            "member_ids": [fields.Command.link(self.env.uid)],
        }
