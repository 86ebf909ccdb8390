"""Folders that the mail server keeps closed, while the others of the mailbox are read."""

from odoo import api, fields, models


class MailImportMailbox(models.Model):
    _inherit = "mail.import.mailbox"

    refused_text = fields.Char(compute="_compute_refused_text", compute_sudo=True)

    def _refused_folders(self):
        return self.remote_folder_ids.filtered("refusal")

    @api.depends("state", "failures", "remote_folder_ids.refusal", "remote_folder_ids.active")
    @api.depends_context("lang")
    def _compute_refused_text(self):
        """Where nothing at all can be read, the error of the mailbox says so."""
        for mailbox in self:
            refused = mailbox._refused_folders()
            told = bool(refused) and mailbox.state == "active" and not mailbox.failures
            mailbox.refused_text = told and mailbox._refusals_in_words(refused)

    @api.model
    def _refusals_in_words(self, refused):
        first = refused[0]
        if len(refused) == 1:
            return self.env._(
                "The folder “%(name)s” cannot be read; the others are read as usual. The reason: "
                "%(reason)s",
                name=first.name,
                reason=first.refusal,
            )
        return self.env._(
            "These folders cannot be read: %(names)s. The others are read as usual. The reason at "
            "“%(name)s”: %(reason)s",
            names=refused._names(),
            name=first.name,
            reason=first.refusal,
        )

    # -- after a look ---------------------------------------------------------------------------

    def _check_refused(self, look):
        """A mailbox of which no folder at all can be read fails; else it goes on as ever."""
        if look.refused and len(look.refused) == len(self.remote_folder_ids):
            # what is written on its folders and its audit holds all the same
            self._commit()
            raise next(iter(look.refused.values()))

    def _tell_refused(self):
        self._tell(
            self.env._("A folder of the mailbox “%s” cannot be read", self.name),
            self.env._(
                "%(text)s What lies there waits on the mail server; nothing is lost. If a folder "
                "was renamed or deleted, choose the folders of the mailbox anew.",
                text=self.refused_text,
            ),
        )
