"""What nobody but the importer, or the owner, may change in a mailbox, whichever way they ask.

A form hides fields; RPC does not. Here is what would open mail or a password to somebody else.
"""

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

IMPORTER_FIELDS = frozenset(
    {
        "reader_ids",
        "next_fetch",
        "asked_at",
        "last_fetch",
        "last_success",
        "last_error",
        "failures",
        "told_at",
        "sent_folder",
        "next_audit",
        "history_stopped",
        "confirmed_addresses",
        "again_below",
        "again_linked",
        "again_user_id",
        "sending_tested_at",
    }
)

FILED_INTO = frozenset({"local_folder_id", "default_project_id", "default_team_id"})


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_the_importers(vals)
        mailboxes = super().create(vals_list)
        names = {name for vals in vals_list for name in vals}
        mailboxes._check_opened_by_owner(names)
        mailboxes._check_emptied_by_owner(names)
        mailboxes._check_may_name(names)
        mailboxes._drop_needless_members(names)
        return mailboxes

    def copy_data(self, default=None):
        """Without the certificate authority, where that is not shown to who duplicates."""
        if self._has_field_access(self._fields["ca_file"], "read"):
            return super().copy_data(default)
        copies = super().copy_data({**(default or {}), "ca_file": False})
        return [copy and {n: v for n, v in copy.items() if n != "ca_file"} for copy in copies]

    def write(self, vals):
        self._check_not_the_importers(vals)
        servers = {mailbox: mailbox._servers() for mailbox in self}
        # sudo: to be compared, not shown
        logins = {mailbox: mailbox.sudo().login for mailbox in self}
        result = super().write(vals)
        self._check_opened_by_owner(vals)
        self._check_emptied_by_owner(vals)
        self._check_may_name(vals)
        self._drop_needless_members(vals)
        for mailbox, before in servers.items():
            mailbox._check_password_stays(before, vals)
            mailbox._check_login_stays(logins[mailbox])
        return result

    def _check_not_the_importers(self, vals):
        if not self.env.su and (names := IMPORTER_FIELDS & set(vals)):
            raise AccessError(
                self.env._("Only the importer itself writes %s.", ", ".join(sorted(names)))
            )

    def _check_opened_by_owner(self, names):
        """Whether others read a personal mail through its record is its owner's choice."""
        if self.env.su or "visibility" not in names:
            return
        if self.filtered(
            lambda mailbox: (
                mailbox.kind == "personal"
                and mailbox.visibility == "linked"
                and mailbox.owner_id != self.env.user
            )
        ):
            raise AccessError(
                self.env._("Only its owner opens the mail of a personal mailbox to others.")
            )

    def _check_emptied_by_owner(self, names):
        """What becomes of personal mail on its server is its owner's choice."""
        if self.env.su or not {"after_import", "move_to", "owner_id", "kind"}.intersection(names):
            return
        if self.filtered(
            lambda mailbox: (
                mailbox.kind == "personal"
                and mailbox.after_import in ("move", "delete")
                and mailbox.owner_id != self.env.user
            )
        ):
            raise AccessError(
                self.env._(
                    "Only its owner has the mail of a personal mailbox moved or deleted on the "
                    "server."
                )
            )

    def _check_may_name(self, names):
        """Where mail is filed, and where it makes records, is a place that its writer sees.

        The importer asks nobody's rights, and Odoo shows the name of whatever a field names.
        """
        if self.env.su:
            return
        for name in FILED_INTO.intersection(names):
            # sudo: also of what the user does not see
            self.sudo()[name].sudo(False).check_access("read")

    def _drop_needless_members(self, names):
        """A personal mailbox has no readers but its owner: none are named either."""
        if not {"member_ids", "team_ids", "kind"}.intersection(names):
            return
        # sudo: they may be teams that the owner does not see
        for mailbox in self.sudo():
            if mailbox.kind == "personal" and (mailbox.member_ids or mailbox.team_ids):
                mailbox.write({"member_ids": [Command.clear()], "team_ids": [Command.clear()]})

    # -- a server has one mailbox ---------------------------------------------------------------

    @api.constrains("server_id", "mail_server_id")
    def _check_own_servers(self):
        """Mail and password of one mailbox never go the way of another."""
        # sudo: mailboxes of others count, archived ones too
        everybodys = self.sudo().with_context(active_test=False)
        for mailbox in self.sudo():
            for name in ("server_id", "mail_server_id"):
                if mailbox[name] and everybodys.search_count(
                    [(name, "=", mailbox[name].id), ("id", "!=", mailbox.id)], limit=1
                ):
                    raise ValidationError(
                        self.env._("This mail server belongs to another mailbox already.")
                    )

    # -- the password stays with its server -----------------------------------------------------

    def _servers(self):
        """Where the password goes when reading, and when sending: host, port, and how it is kept
        from others on the way.
        """
        # sudo: the certificate authority is shown to system administrators only
        mailbox = self.sudo()
        own = mailbox.ca_file or ""
        return (
            (mailbox.host or "", mailbox.port, mailbox.security == "none", own),
            (mailbox.smtp_host or "", mailbox.smtp_port, mailbox.smtp_security == "none", own),
        )

    def _check_password_stays(self, before, vals):
        """A password is not sent to another server than the one it was entered for.

        Else whoever sets up mailboxes could read it by naming a server or a port of their own, an
        authority of their own, or no encryption. The owner of a personal mailbox knows the
        password anyway.
        """
        if self.env.su or self.owner_id == self.env.user:
            return
        # sudo: whether there is a password, nothing more
        secret = self.sudo()
        reading, sending = (
            bool(now[0]) and now != then for now, then in zip(self._servers(), before, strict=True)
        )
        if secret.account_ids and (reading or sending):
            raise UserError(
                self.env._(
                    "Disconnect the account of “%s” first: it is not used with other servers than "
                    "the ones it was connected for.",
                    self.name,
                )
            )
        entered, entered_to_send = bool(vals.get("password")), bool(vals.get("smtp_password"))
        shared = sending and not (secret.smtp_password_secret or entered_to_send)
        if secret.password_secret and (reading or shared) and not entered:
            self._refuse_other_server()
        if secret.smtp_password_secret and sending and not entered_to_send:
            self._refuse_other_server()

    def _check_login_stays(self, before):
        """Tokens open the account that they were given for, under no other name."""
        if self.env.su or self.owner_id == self.env.user:
            return
        # sudo: whether it is connected, and as whom
        secret = self.sudo()
        if secret.account_ids and (secret.login or "") != (before or ""):
            raise UserError(
                self.env._(
                    "Disconnect the account of “%s” first: it was connected for this login.",
                    self.name,
                )
            )

    def _refuse_other_server(self):
        raise UserError(
            self.env._(
                "Enter the password again together with the new server, port or encryption of "
                "“%s”: it is sent to no other place than the one it was entered for.",
                self.name,
            )
        )

    # -- mail in quarantine is mail too ---------------------------------------------------------

    def _has_entries(self):
        # sudo: only whether there are any
        quarantined = self.env["mail.import.quarantine"].sudo()
        return super()._has_entries() or bool(
            quarantined.search_count([("mailbox_id", "in", self.ids)], limit=1)
        )
