"""Publishing: a link's e-mail in the chatter of its record, and taken back from there."""

import re
from datetime import timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models

from ..access import as_seen_by
from .reference import digest_of

PICTURE = re.compile(r"/web/image/(\d+)")
QUIET_AFTER = timedelta(days=2)
"""Mail older than this notifies nobody and triggers nothing."""


class MailImportLink(models.Model):
    _inherit = "mail.import.link"

    def _publish_imported(self, batch, mail, decision, made):
        """Publish what *store* has just linked; a twin is only published where no twin is."""
        doubled = self.email_id.message_id in batch.lookups["doubled"]
        if self.email_id.twin_of_id or (doubled and self._has_published_copy()):
            return
        record = self._get_record()
        public = decision.public and (made or not mail.outgoing)
        if not made and public:
            taking_part = self._taking_part(record, mail)
            gateway = self.env["mail.import.target"]._gateway_model(
                record, mail.owner_mailbox.company_id
            )
            gateway.message_update(self.env["mail.import.target"]._message_dict(mail, taking_part))
        self._publish(public=public, made=made, quiet=self._is_quiet(batch, mail))

    @api.model
    def _taking_part(self, record, mail):
        """Addresses of the record's people, where the mail names anybody but the mailbox."""
        parsed = mail.parsed
        named = {address.email for address in parsed.to + parsed.cc}
        if named <= mail.owner_mailbox._own_addresses():
            return ()
        return self.env["mail.import.target"]._people_of(record)

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
        received = mail.raw.received_at or mail.email.date
        old = self.env.cr.now() - min(received, mail.email.date) > QUIET_AFTER
        return bool(old or mail.parsed.automatic or mail.outgoing or batch.history)

    def _publish(self, public=False, made=False, quiet=True):
        """Post the e-mail in the record's chatter, with attachments of the record's own.

        :param public: as a discussion that outside followers see, else as an internal note
        :param made: the mail made the record: the host's own subtype for that
        :param quiet: notify nobody, answer nothing
        """
        self.ensure_one()
        record = (
            self._get_record()
            .with_user(SUPERUSER_ID)
            .with_context(
                mail_import_publishing=True,
                mail_import_quiet=quiet,
                mail_post_autofollow=False,
                mail_post_autofollow_author_skip=True,
                mail_notify_force_send=False,
                mail_create_nosubscribe=True,
            )
        )
        email = self.email_id
        message = record.message_post(
            body=self._body_for(record),
            subject=email.subject or False,
            message_type="email",
            email_from=email.sender or False,
            author_id=email.author_id.id or False,
            message_id=email.message_id or None,
            date=email.date,
            subtype_id=self._subtype(record, public, made).id,
            parent_id=self._parent_message(record).id,
            attachments=self._attachments(),
            incoming_email_to=email.to or False,
            incoming_email_cc=email.cc or False,
            partner_ids=[] if public or quiet else self._internal_followers(record).ids,
            notify_skip_followers=quiet or not public,
        )
        self.message_id = message
        if not quiet:
            self._send_soon()
        return message

    @api.model
    def _send_soon(self):
        """Have the host's queue sent after the commit; one call for all mails of a batch."""
        told = self.env.cr.postcommit.data
        if not told.setdefault("mail_task_import.send_soon", False):
            told["mail_task_import.send_soon"] = True
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _body_for(self, record):
        """The body as the chatter shows it: inline images by the record's own copies."""
        ids = set(self.email_id.attachment_ids.ids)

        def own_copy(address):
            number = int(address[1])
            return f"cid:mail-import-{number}" if number in ids else address[0]

        return Markup(PICTURE.sub(own_copy, self.email_id.body or ""))

    def _attachments(self):
        """``(name, bytes, {"cid": …})`` for the host: it makes rows of the record's own."""
        return [
            (attachment.name, attachment.raw or b"", {"cid": f"mail-import-{attachment.id}"})
            for attachment in self.email_id.attachment_ids
        ]

    @api.model
    def _subtype(self, record, public, made):
        if not public:
            return self.env.ref("mail.mt_note")
        creation = made and record._creation_subtype()
        return creation or self.env.ref("mail.mt_comment")

    def _parent_message(self, record):
        """The message of the mail that this one answers, in the same chatter."""
        named = (self.email_id.references_text or "").split()
        if not named:
            return self.env["mail.message"]
        links = self.search(
            [
                ("email_id.message_id_digest", "in", [digest_of(name) for name in named]),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("message_id", "!=", False),
            ],
            order="date desc",
            limit=1,
        )
        return links.message_id

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
        messages = self.filtered(lambda link: link.step != "sent").message_id
        attachments = messages.attachment_ids.filtered(
            lambda attachment: (
                (attachment.res_model, attachment.res_id)
                in {(link.res_model, link.res_id) for link in self}
            )
        )
        messages.unlink()
        attachments.unlink()
