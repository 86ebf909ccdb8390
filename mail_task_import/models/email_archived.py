"""E-mails that somebody has archived by hand, from a file or a form, and what tells them apart.

Nobody vouches for what such a mail says: it stays marked with who archived it, is never of a
contact or colleague, decides nothing, and links nowhere by itself. The mark goes when the very mail
comes to a group mailbox.
"""

from odoo import api, fields, models

from ..batch import QUARANTINED, STORED
from ..receivers.raw_mail import RawMail
from .filter_sorting import UNFILTERED

BY_HAND = object()
ARCHIVING = {"mail_import_archiving": BY_HAND, **UNFILTERED}
"""Context of an import by hand. No call from outside can name the object."""


def is_archiving(env):
    return env.context.get("mail_import_archiving") is BY_HAND


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    archived_by_id = fields.Many2one(
        "res.users",
        "Archiver",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    archived_from = fields.Selection(
        [("file", "A file"), ("form", "A form")], readonly=True, copy=False
    )
    archived_by = fields.Char(compute="_compute_archived_by", compute_sudo=True)

    @api.depends("archived_by_id", "archived_from")
    def _compute_archived_by(self):
        for email in self:
            email.archived_by = email.archived_from and email._words_of_archived()

    def _words_of_archived(self):
        who = self.archived_by_id.name or "–"
        if self.archived_from == "file":
            return self.env._(
                "Archived by hand by %s, from a file. No mail server confirms it.", who
            )
        return self.env._("Archived by hand by %s, typed in. No mail server confirms it.", who)

    # -- the one way in -------------------------------------------------------------------------

    @api.model
    def _archive(self, content, record, archived_from, outgoing=False):
        """File a mail in the user's own archive and link it to a record.

        It makes no record; it notifies, answers and assigns nobody. A known one is linked.

        :param content: bytes
        :param record: where the user may post
        :param archived_from: "file" or "form"
        :param outgoing: we wrote it
        :return: the ``IncomingMail``, and whether the link is new. One without ``email`` was
            deleted here for good, one that is quarantined is not stored at all
        """
        record.check_access("read")
        record._mail_import_check_may_post()
        raw = RawMail(content, flags=("\\Seen",), size=len(content), brought=True, unvouched=True)
        archive = self.env["mail.import.mailbox"]._own_archive()
        importer = self.env["mail.import.importer"].with_context(**ARCHIVING)
        (mail,) = importer.import_mails(archive, [raw], history=True)
        if mail.state == QUARANTINED or not mail.email:
            return mail, False
        # sudo: what the user has brought is theirs to file; the importer writes it
        email = mail.email.with_env(self.env).sudo()
        if mail.state == STORED:
            email._mark_archived(archived_from, outgoing)
        return mail, email._link_archived(record)

    def _mark_archived(self, archived_from, outgoing):
        self.write({"archived_by_id": self.env.uid, "archived_from": archived_from})
        if outgoing:
            self.write({"direction": "outgoing", "state": "sent"})
            self.entry_ids.direction = "outgoing"
        self.entry_ids._note_by("hand", "archived")

    def _link_archived(self, record):
        """Whether there was no such link yet."""
        there = self.link_ids.filtered(
            lambda link: (
                (link.res_model, link.res_id) == (record._name, record.id) and not link.suggested
            )
        )
        if not there:
            self.env["mail.import.link"].sudo()._make_by_hand(self, record)
        return not there

    # -- what the importer does otherwise -------------------------------------------------------

    def _hear_of(self, mail):
        """The very mail, by a group mailbox's server: it was no invention."""
        result = super()._hear_of(mail)
        came_by_file = mail.raw.brought or mail.raw.unvouched
        # whoever owns a mailbox on its server can put any mail there
        is_groups = mail.owner_mailbox and mail.owner_mailbox.kind == "group"
        if self.archived_from and is_groups and not came_by_file:
            self.write({"archived_by_id": False, "archived_from": False})
            if mail.outgoing:
                self.write({"direction": "outgoing", "state": "sent"})
        return result
