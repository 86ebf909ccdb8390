"""Answers from a record's chatter: they leave from the group mailbox that the mail came in by."""

import ast

from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError
from odoo.fields import Domain

ANSWERS = ("comment", "email_outgoing", "auto_comment")


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _notify_by_email_get_base_mail_values(
        self, message, recipients_data, additional_values=None
    ):
        values = super()._notify_by_email_get_base_mail_values(
            message, recipients_data, additional_values=additional_values
        )
        outsiders = [person for person in recipients_data if person.get("share")]
        mailbox = self._mail_import_mailbox(message) if outsiders else None
        if mailbox:
            # sudo: whoever may send it; nothing of the message is shown
            leaves = self._mail_import_may_leave(message.sudo(), mailbox) and (
                self._mail_import_reaches(message, mailbox, outsiders)
            )
            values.update(self._mail_import_answer_values(message, mailbox, values, leaves))
            # sudo: the answer is stored for the whole mailbox
            self.env["mail.import.email"].sudo()._record_answer(
                self, message, mailbox, outsiders, values
            )
        return values

    def _mail_import_mailbox(self, message):
        """The group mailbox that a public answer of an employee leaves from, or None."""
        if len(self) != 1 or not self.env["mail.import.link"]._any_of(self._name):
            return None
        return self._mail_import_came_by() if self._mail_import_is_answer(message) else None

    def _mail_import_is_answer(self, message):
        """Whether an employee has written it for people outside."""
        message = message.sudo()
        internal = message.is_internal or not message.subtype_id or message.subtype_id.internal
        return not (
            message.message_type not in ANSWERS or internal or message.author_id.partner_share
        )

    def _mail_import_came_by(self):
        """The group mailbox that mail of this record came in by, or None."""
        if len(self) != 1 or not self.env["mail.import.link"]._any_of(self._name):
            return None
        here = [
            ("res_model", "=", self._name),
            ("res_id", "=", self.id),
            ("suggested", "=", False),
        ]
        # sudo: which mailbox the record's mail came by is no content
        Entry, Email = self.env["mail.import.entry"].sudo(), self.env["mail.import.email"].sudo()
        entry = Entry.search(
            Domain("user_id", "=", False)
            & Domain("email_id.link_ids", "any", here)
            & Domain("mailbox_id.state", "=", "active"),
            order="date desc",
            limit=1,
        )
        if entry:
            return entry.mailbox_id
        # its readers have deleted their copies
        kept = Email.search(
            Domain("kept_by_id.kind", "=", "group")
            & Domain("kept_by_id.state", "=", "active")
            & Domain("link_ids", "any", here),
            order="date desc",
            limit=1,
        )
        return kept.kept_by_id or None

    def _mail_import_signature(self, mailbox):
        """The alias and signature of answers from here."""
        return mailbox.signature_ids[:1]

    def _mail_import_reaches(self, message, mailbox, outsiders):
        """Whether the mailbox writes to all of them. Who answers by hand is told that it does not;
        what a program posts (a stage's template) goes the host's own way.
        """
        outside = mailbox._outside(person["email_normalized"] or "" for person in outsiders)
        by_hand = self.env.uid != SUPERUSER_ID and message.message_type != "auto_comment"
        if outside and by_hand:
            raise UserError(
                mailbox.with_env(self.env)._outside_words(outside)
                + " "
                + self.env._("What only colleagues are to read, log as a note.")
            )
        return not outside

    def _mail_import_answer_values(self, message, mailbox, values, leaves):
        """Values of the host's mail: From, server, thread headers and number in the subject.

        What does not leave from it (``leaves``), since its author may not send from there, goes out
        as the host has it; answers come back all the same.
        """
        email = self._mail_import_last_email()
        *ancestors, own = values["references"].split()
        chain = [*ancestors, *(email.references_text or "").split(), email.message_id or "", own]
        # each once, at its latest place: the mail that is answered stands last but one
        references = list(reversed(dict.fromkeys(reversed(chain))))
        headers = ast.literal_eval(values.get("headers") or "{}")
        if email.message_id:
            headers["In-Reply-To"] = email.message_id
        answer = {
            "reply_to": mailbox._from_header(self._mail_import_signature(mailbox)),
            "headers": repr(headers),
            "references": " ".join(filter(None, references[-50:])),
            "subject": self._mail_import_subject(
                values.get("subject") or message.subject or email.subject
            ),
        }
        if leaves:
            answer |= {
                "email_from": mailbox._from_header(self._mail_import_signature(mailbox)),
                "mail_server_id": mailbox.mail_server_id.id,
                "mail_import_mailbox_id": mailbox.id,
            }
        return answer

    def _mail_import_may_leave(self, message, mailbox):
        """The author may send from it, and so may whoever posted it in the author's name.

        Read from the message: what is sent later is sent by the scheduler.
        """
        author, poster = message.author_id.user_ids[:1], message.create_uid
        return (
            mailbox.can_send
            and mailbox._may_send(author)
            and (poster.id == SUPERUSER_ID or mailbox._may_send(poster))
        )

    def _mail_import_last_email(self):
        """The newest mail of the record from outside, that an answer answers."""
        # sudo: only its Message-IDs are used
        return (
            self.env["mail.import.link"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("suggested", "=", False),
                    ("email_id.direction", "=", "incoming"),
                    ("email_id.is_twin", "=", False),
                    # what only its owner reads is not told to whom the answer goes
                    "|",
                    ("email_id.entry_ids.visibility", "=", "linked"),
                    ("email_id.kept_by_id.visibility", "=", "linked"),
                ],
                order="date desc, id desc",
                limit=1,
            )
            .email_id
        )

    def _mail_import_subject(self, subject):
        """The subject with the record's number, where its target wants it."""
        # sudo: targets are settings
        target = self.env["mail.import.target"].sudo()._of_record(self)
        subject = subject or self.display_name or ""
        token = f"[{self._mail_import_number()}]"
        if not target.token_in_subject or token in subject:
            return subject
        return f"{subject} {token}"

    def _mail_import_number(self):
        """What people name a record by, "TASK-12"; templates of confirmations show it."""
        # sudo: targets are settings
        target = self.env["mail.import.target"].sudo()._of_record(self)
        return f"{target.code}-{self.id}" if target else str(self.id)

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        """The mailbox's signature instead of the author's, on what leaves from it."""
        context = super()._notify_by_email_prepare_rendering_context(message, *args, **kwargs)
        mailbox = self._mail_import_mailbox(message)
        signature = mailbox and self._mail_import_signature(mailbox).body
        if signature and context.get("signature"):
            context |= {"signature": signature, "mail_import_signed": True}
        return context
