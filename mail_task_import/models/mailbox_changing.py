"""Who makes, changes and deletes a mailbox, until when, and what changes with it."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

FROZEN_AFTER_FIRST_MAIL = {"kind", "owner_id"}
SERVER_FIELDS = {
    "protocol", "host", "port", "security", "login", "sign_in_by", "state", "active", "name"
}  # fmt: skip


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    @api.model
    def _is_administrator(self):
        return self.env.su or self.env.user.has_group("mail_task_import.group_administrator")

    @api.model_create_multi
    def create(self, vals_list):
        mailboxes = super().create(vals_list)
        mailboxes._check_who_sets_up()
        for mailbox in mailboxes:
            if not mailbox.remote_folder_ids:
                # sudo: positions are the importer's, users only choose which folders
                mailbox.sudo().remote_folder_ids = [fields.Command.create({"name": "INBOX"})]
            mailbox._synchronise_server()
        return mailboxes

    def write(self, vals):
        if frozen := FROZEN_AFTER_FIRST_MAIL & set(vals):
            self._check_not_frozen(vals, frozen)
        self._check_who_sets_up()
        result = super().write(vals)
        if "address" in vals and "provider_id" not in vals:
            for mailbox in self.filtered(lambda mailbox: not mailbox.host):
                mailbox.provider_id = mailbox.provider_id._for_address(mailbox.address)
        self._check_who_sets_up()
        if vals.get("visibility") == "owner":
            self._tighten_visibility()
        if SERVER_FIELDS & set(vals):
            for mailbox in self:
                mailbox._synchronise_server()
        return result

    def _check_who_sets_up(self):
        """Group mailboxes: administrators. Personal ones: their owner too."""
        if self._is_administrator():
            return
        foreign = self.filtered(lambda m: m.kind == "group" or m.owner_id != self.env.user)
        if foreign:
            raise AccessError(
                self.env._("Only a mail import administrator sets up the mailbox of others.")
            )

    def _check_not_frozen(self, vals, names):
        for mailbox in self:
            changed = {
                name
                for name in names
                if (mailbox[name].id if name.endswith("_id") else mailbox[name]) != vals[name]
            }
            if changed and mailbox.has_password and not (self.env.su or vals.get("password")):
                # else an administrator becomes the owner, and the next look brings the mail
                raise UserError(
                    self.env._(
                        "Enter the password of “%s” again to change its owner or kind.",
                        mailbox.name,
                    )
                )
            # sudo: whether it is connected, nothing more
            if changed and mailbox.sudo().account_ids and not self.env.su:
                raise UserError(
                    self.env._(
                        "Disconnect the account of “%s” first to change its owner or kind.",
                        mailbox.name,
                    )
                )
            if changed and mailbox._has_entries():
                raise UserError(
                    self.env._(
                        "“%s” has received mail: its kind and owner can no longer be changed. "
                        "Archive it and make another mailbox.",
                        mailbox.name,
                    )
                )

    def _has_entries(self):
        """Or has had some that records still show."""
        # sudo: entries of others count too, their content is not read
        entries = self.env["mail.import.entry"].sudo()
        emails = self.env["mail.import.email"].sudo()
        return bool(
            entries.search_count([("mailbox_id", "in", self.ids)], limit=1)
            or emails.search_count([("kept_by_id", "in", self.ids)], limit=1)
        )

    def _tighten_visibility(self):
        """Mail that is already here is closed as well; opening never reaches back."""
        # sudo: entries are the importer's
        entries = (
            self.env["mail.import.entry"]
            .sudo()
            .search([("mailbox_id", "in", self.ids), ("visibility", "=", "linked")])
        )
        entries.visibility = "owner"
        closed = entries.email_id.filtered(lambda email: email.visibility == "owner")
        closed.link_ids._withdraw()
        self.env["mail.import.email"].sudo()._close_kept(self)  # sudo: as above

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_entries(self):
        for mailbox in self:
            if mailbox._has_entries():
                raise UserError(
                    self.env._(
                        "“%s” has e-mails. Archive it instead: its mail stays readable.",
                        mailbox.name,
                    )
                )

    def unlink(self):
        self._check_who_sets_up()
        # sudo: the host's servers are administrators' business, this one is ours
        incoming, outgoing = self.sudo().server_id, self.sudo().mail_server_id
        result = super().unlink()
        incoming.unlink()
        outgoing.unlink()
        return result
