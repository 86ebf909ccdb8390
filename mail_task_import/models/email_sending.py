"""How mail goes out: answers from chatters, drafts, what became of them, and sending again."""

import uuid
from email.utils import make_msgid

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from ..mime.opt_out import impersonal_copy
from ..mime.parser import parse
from ..mime.text import preview
from .reference import digest_of


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    # -- what the host sends for us -------------------------------------------------------------

    @api.model
    def _record_answer(self, record, message, mailbox, outsiders, values):
        """Store what an agent answers from a chatter as an e-mail of the mailbox."""
        email = self._create_leaving(
            mailbox,
            message.message_id,
            {
                "references_text": values["references"],
                "subject": values["subject"],
                "from_name": record._mail_import_signature(mailbox).name or mailbox.name,
                "author_id": message.author_id.id,
                "body": message.body,
                "mail_message_id": message.id,
                "to": ", ".join(person["email_normalized"] or "" for person in outsiders),
                "has_attachments": bool(message.attachment_ids),
                "attachment_ids": [fields.Command.set(message.attachment_ids.ids)],
            },
        )
        self.env["mail.import.link"].create(
            {
                "email_id": email.id,
                "res_model": record._name,
                "res_id": record.id,
                "target_id": self.env["mail.import.target"]._of_record(record).id,
                "step": "sent",
                "message_id": message.id,
                "user_id": self.env.uid,
            }
        )
        return email

    # -- what leaves from here ------------------------------------------------------------------

    @api.model
    def _create_leaving(self, mailbox, message_id, values):
        """An e-mail of the mailbox that was no draft, filed under Sent."""
        email = self.create(
            {
                **self._values_on_leaving(message_id, values["body"]),
                "direction": "outgoing",
                "from_email": mailbox._sender_address(),
                "from_name": mailbox.signature_ids[:1].name or mailbox.name,
                "decided": True,
                "company_id": mailbox.company_id.id,
                **values,
            }
        )
        email._store_references((email.references_text or "").split())
        email._file_as_sent(mailbox)
        return email

    @api.model
    def _values_on_leaving(self, message_id, body):
        """What every e-mail has from the moment on which it leaves."""
        text = html2plaintext(body or "")
        return {
            "state": "sending",
            "key": f"sent:{uuid.uuid4().hex}",
            "digest": "",
            "message_id": message_id,
            "message_id_digest": digest_of(message_id),
            "body_text": text,
            "preview": preview(text),
        }

    @api.model
    def _unsigned_message_id(self, mailbox):
        address = mailbox._sender_address() or self.from_email or ""
        return make_msgid(domain=address.rpartition("@")[2] or None)

    def _store_references(self, message_ids):
        self.env["mail.import.reference"].create(
            [
                {"email_id": self.id, "digest": digest_of(message_id), "position": position}
                for position, message_id in enumerate(reversed(message_ids))
                if message_id != self.message_id
            ]
        )

    def _file_as_sent(self, mailbox, folder="sent"):
        """The owner's entry of a mail that is written here."""
        return self.env["mail.import.entry"].create(
            {
                "email_id": self.id,
                "mailbox_id": mailbox.id,
                "user_id": mailbox.owner_id.id,
                "folder_id": self.env["mail.import.folder"]._system(folder).id,
                "subject": self.subject,
                "sender": self.sender,
                "preview": self.preview,
                "date": self.date,
                "direction": "outgoing",
                "is_read": True,
                "has_attachments": self.has_attachments,
                "visibility": mailbox.visibility,
                **self._written_values(folder),
            }
        )

    def _written_values(self, folder):
        """Of an entry whose e-mail is written here by hand."""
        if folder != "drafts":
            return {}
        return {"writer_id": self.env.uid, "is_draft": True}

    # -- what became of it ----------------------------------------------------------------------

    @api.model
    def _note_sent(self, messages, failure_type, failure_reason):
        """The host tells what became of the mails of these messages."""
        emails = self.search(
            [
                ("mail_message_id", "in", messages.ids),
                ("direction", "=", "outgoing"),
                ("state", "!=", "draft"),
            ]
        )
        if not emails:
            return
        if failure_type:
            emails.write({"state": "failed", "failure_reason": failure_reason or failure_type})
        else:
            emails.filtered(lambda email: email.state != "failed" or email._all_sent()).write(
                {"state": "sent", "failure_reason": False}
            )

    def _all_sent(self):
        return not self.mail_message_id.mail_ids.filtered(lambda mail: mail.state == "exception")

    @api.model
    def _keep_sent(self, message):
        """Keep what really left, once for all recipients; plan the copy in the Sent folder.
        The link by which a recipient opts out is theirs alone, and not kept.

        :param message: the ``email.message.EmailMessage`` that the SMTP server took
        """
        email = self._sent_as(message["Message-Id"])
        if not (email.key or "").startswith("sent:"):
            return
        raw = impersonal_copy(message).as_bytes()
        parsed = parse(raw)
        email.write({"key": parsed.key, "digest": parsed.digest, "size": len(raw)})
        for entry in email.entry_ids:
            entry._keep_original(raw)
            entry.mailbox_id._plan_sent_copy(raw, email.message_id)

    # -- sending again --------------------------------------------------------------------------

    def action_retry_send(self):
        """Send again what failed."""
        for email in self:
            email._check_may_send()
            if not email.can_retry:
                raise UserError(self.env._("Only mail that failed is sent again."))
            # sudo: mail.mail belongs to administrators, the mailbox was checked
            mails = email.sudo().mail_message_id.mail_ids.filtered(
                lambda mail: mail.state in ("exception", "cancel")
            )
            if not mails:
                raise UserError(self.env._("The host no longer has this mail in its queue."))
            email.sudo().write({"state": "sending", "failure_reason": False, "refusals": False})
            mails.mark_outgoing()
            mails.send_after_commit()

    def _mailbox(self):
        """The mailbox that an outgoing e-mail is of, as far as the user may read it."""
        self.ensure_one()
        entries = self.sudo().entry_ids.filtered(lambda entry: entry.direction == "outgoing")
        return (entries or self.sudo().entry_ids)[:1].mailbox_id.with_env(self.env)
