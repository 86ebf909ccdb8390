"""What nobody but the importer, or the owner, may change in a mailbox, whichever way they ask.

A form hides fields; RPC does not. Here is what would open mail or a password to somebody else.
"""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

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
    }
)


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_the_importers(vals)
        mailboxes = super().create(vals_list)
        mailboxes._check_opened_by_owner({name for vals in vals_list for name in vals})
        return mailboxes

    def write(self, vals):
        self._check_not_the_importers(vals)
        servers = {mailbox: mailbox._servers() for mailbox in self}
        result = super().write(vals)
        self._check_opened_by_owner(vals)
        for mailbox, before in servers.items():
            mailbox._check_password_stays(before, vals)
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
        entered, entered_to_send = bool(vals.get("password")), bool(vals.get("smtp_password"))
        shared = sending and not (secret.smtp_password_secret or entered_to_send)
        if secret.password_secret and (reading or shared) and not entered:
            self._refuse_other_server()
        if secret.smtp_password_secret and sending and not entered_to_send:
            self._refuse_other_server()

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
