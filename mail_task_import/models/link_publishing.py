"""Publishing: a link's e-mail in the chatter of its record, and taken back from there."""

from datetime import timedelta

from odoo import api, models

from ..access import as_seen_by
from .link_posting import Post

QUIET_AFTER = timedelta(days=2)
"""Mail older than this notifies nobody and triggers nothing."""


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    @api.model
    def _publish_imported(self, batch, linkings):
        """Publish what *store* has just linked; a twin is only published where no twin is."""
        Target = self.env["mail.import.target"]
        posts = []
        for linking in linkings:
            link, mail = linking.link, linking.mail
            if link._is_doubled(batch):
                continue
            record = link._get_record()
            public = self._is_public(linking)
            if not linking.made and public:
                gateway = Target._gateway_model(record, mail.owner_mailbox.company_id)
                gateway.message_update(Target._message_dict(mail))
            quiet, seen = self._is_quiet(batch, mail), self._is_seen(batch, mail)
            posts.append(Post(link, public, linking.made, quiet, seen))
        self._post_all(posts)

    @api.model
    def _is_public(self, linking):
        """What nobody vouches for stays inside: outsiders would take it for a colleague's word, or
        for that of whom it names. So does what names nobody.
        """
        email, mail = linking.mail.email, linking.mail
        by_us = mail.outgoing and not linking.made
        doubtful = email.unverified or not email.from_email
        return linking.decision.public and not by_us and not doubtful

    def _is_doubled(self, batch):
        """A twin, or something of this number is in the record's chatter already: another mail, or
        the very message that the host has told a follower of by mail.
        """
        key = self.res_model, self.res_id, self.email_id.message_id
        if key in batch.lookups["in_chatter"]:
            return True
        doubled = self.email_id.message_id in batch.lookups["doubled"]
        return bool(self.email_id.is_twin or (doubled and self._has_published_copy()))

    def _has_published_copy(self):
        """Whether another twin of this mail is in the record's chatter already."""
        email = self.email_id
        return bool(
            email.message_id
            and self.search_count(
                [
                    ("res_model", "=", self.res_model),
                    ("res_id", "=", self.res_id),
                    ("message_id", "!=", False),
                    ("email_id.message_id", "=", email.message_id),
                    ("id", "!=", self.id),
                ],
                limit=1,
            )
        )

    @api.model
    def _is_quiet(self, batch, mail):
        """Old, automatic, list and own mail notifies nobody and triggers nothing."""
        # what was history when it came has not become news
        history = batch.history or (batch.again and mail.email.date < batch.mailbox._active_since())
        quiet = mail.parsed.automatic or mail.outgoing or history or self._is_hushed(batch, mail)
        return bool(quiet or self._is_old(mail))

    @api.model
    def _is_hushed(self, batch, mail):
        """By a filter or folder of a group; a person's are for that person's copy only."""
        skips = mail.entry and mail.entry.folder_id.skip_notification
        return batch.mailbox.kind == "group" and (mail.silent or skips)

    @api.model
    def _is_seen(self, batch, mail):
        """Somebody has read it on the server, or a filter of a group says that all have."""
        by_filter = batch.mailbox.kind == "group" and mail.filing.get("is_read")
        return bool("\\Seen" in mail.raw.flags or by_filter)

    @api.model
    def _is_old(self, mail):
        received = mail.raw.received_at or mail.email.date
        return self.env.cr.now() - min(received, mail.email.date) > QUIET_AFTER

    def _publish(self, public=False, made=False, quiet=True):
        """Post the e-mail in the record's chatter; the arguments are those of a ``Post``."""
        self.ensure_one()
        self._post_all([Post(self, public, made, quiet)])
        return self.message_id

    @api.model
    def _internal_followers(self, record):
        """Following employees who can read the record."""
        users = record.message_partner_ids.user_ids.filtered(lambda user: not user.share)
        return users.filtered(lambda user: as_seen_by(record, user).has_access("read")).partner_id

    def _is_note(self):
        message = self.message_id
        return message.is_internal or not message.subtype_id or message.subtype_id.internal

    def _withdraw(self):
        """Take the mail back from the chatter; the e-mail keeps its own content.

        What somebody wrote in the chatter itself, and the host sent from there, is the chatter's.
        """
        self._delete_messages(self.filtered(lambda link: link.step != "sent").message_id)

    def _delete_messages(self, messages):
        """With their files: those in a chatter are the record's own, and would stay there."""
        attachments = messages.attachment_ids.filtered(
            lambda attachment: (
                (attachment.res_model, attachment.res_id)
                in {(link.res_model, link.res_id) for link in self}
            )
        )
        messages.unlink()
        attachments.unlink()
