"""A user's own archive: where mail is filed that somebody archives by hand.

A personal mailbox that is never fetched nor sent from. It is no mailbox of the user's work: what
was dropped on a record is to be read by those who read the record, whatever the visibility of the
user's own mailbox, and by no other members of a group.
"""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..access import as_superuser

SIZE_LIMIT = 52_428_800
"""Bytes of a mail that is archived by hand: 50 MB."""


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    is_archive = fields.Boolean("Archive of Its Owner", readonly=True, copy=False)

    _one_archive_a_user = models.UniqueIndex(
        "(owner_id) WHERE is_archive", "Your archive was made this very moment: try again."
    )

    @api.constrains("active", "state", "is_archive")
    def _check_archive_sleeps(self):
        if any(m.is_archive and (m.active or m.state != "draft") for m in self):
            raise ValidationError(
                self.env._("An archive of mail that was filed by hand is no mailbox to be fetched.")
            )

    @api.model
    def _own_archive(self):
        """The user's archive; made when it is needed first."""
        user = self.env.user
        mailboxes = as_superuser(self).with_context(active_test=False)
        archive = mailboxes.search([("is_archive", "=", True), ("owner_id", "=", user.id)])
        if archive:
            return archive
        quiet = {"tracking_disable": True, "mail_create_nolog": True}
        return (
            mailboxes.with_company(self.env.company)
            .with_context(**quiet)
            .create(
                {
                    "name": self.env._("Archive of %s", user.name),
                    "kind": "personal",
                    "owner_id": user.id,
                    "address": f"archive-{user.id}@archive.invalid",
                    "active": False,
                    "is_archive": True,
                    "visibility": "linked",
                    "local_folder_id": self.env["mail.import.folder"]._system("archive").id,
                    "size_limit": SIZE_LIMIT,
                    "keep_originals_days": 0,
                }
            )
        )
