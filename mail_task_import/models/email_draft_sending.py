"""Sending drafts: checked, posted in the chatters of their records, and handed to the host."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, email_split

from ..actions import go_back
from ..answering import picture_ids, with_pictures, without_mark


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    def action_send(self):
        """Send drafts; what cannot be sent is said before anything leaves."""
        self._check_is_draft()
        for email in self:
            mailbox = email.mailbox_id.with_env(self.env)
            email._check_may_send()
            email._check_recipients()
            mailbox._check_letters_outside({*email._recipient_addresses(), *email._bcc()})
        words = self.env._("The e-mail is on its way.")
        for email in self:
            email._sign_anew()
            email._remember_signature()
            words = " ".join(filter(None, [words, email.left_empty]))
            # sudo: the queue of the host is administrators', everything was checked above
            email.sudo()._do_send()
        return go_back(words)

    def _check_recipients(self):
        if not (self.to or "").strip():
            raise UserError(self.env._("Whom is it for? Fill in at least one address under To."))
        for name, raw in (
            (self.env._("To"), self.to),
            (self.env._("Cc"), self.cc),
            (self.env._("Bcc"), self.bcc),
        ):
            for part in filter(None, map(str.strip, _addresses(raw))):
                if not email_normalize(part):
                    raise UserError(
                        self.env._(
                            "“%(address)s” under %(field)s is not an e-mail address. Several "
                            "addresses are separated by commas.",
                            address=part,
                            field=name,
                        )
                    )

    # -- sending --------------------------------------------------------------------------------

    def _do_send(self):
        """Finish the text, post it, give it to the host. As superuser; the author is the user."""
        links = self._links_to_post()
        self._finish(links)
        message = self._post(links)
        mail = self._make_mail(message)
        self.mail_message_id = mail.mail_message_id
        mail.send_after_commit()

    def _links_to_post(self):
        """Links to records that are still there, the one whose number is in the subject first."""
        return self.link_ids.filtered(
            lambda link: not link.suggested and link._existing_record() is not None
        ).sorted("id")

    def _finish(self, links):
        """What a draft lacks to be an e-mail; its entry moves to Sent."""
        mailbox = self.mailbox_id
        if links:
            record = links[0]._get_record()
            if hasattr(record, "_mail_import_subject"):
                self.subject = record._mail_import_subject(self.subject)
        if self.signature_id.mailbox_id != mailbox:
            self.signature_id = False
        message_id = self._new_message_id(mailbox, links)
        self._own_pictures()
        self.write(
            {
                **self._values_on_leaving(message_id, self.body),
                "author_id": self.env.user.partner_id.id,
                "date": fields.Datetime.now(),
            }
        )
        self.entry_ids.write(
            {
                "folder_id": self.env["mail.import.folder"]._system("sent").id,
                "subject": self.subject,
                "sender": self.sender,
                "preview": self.preview,
                "date": self.date,
                "is_draft": False,
            }
        )

    def _new_message_id(self, mailbox, links):
        """Signed with the record that it belongs to, so that answers find it."""
        message_id = self._unsigned_message_id(mailbox)
        if not links or not self._is_open(mailbox):
            return message_id
        record, public = links[0]._get_record(), self._is_public_on(links[0])
        return self.env["mail.import.reply.token"]._sign(message_id, record, public)

    def _is_open(self, mailbox):
        """Whether who reads its records reads it."""
        return mailbox.visibility == "linked"

    def _own_pictures(self):
        """Pictures of the editor become the e-mail's own files, under plain addresses."""
        pictures = self.env["ir.attachment"].browse(picture_ids(self.body)).exists()
        pictures = pictures.filtered(
            lambda file: (
                file in self.attachment_ids
                or (
                    file.res_model == self._name
                    and file.res_id in (self.id, 0)
                    and file.create_uid == self.env.user
                )
            )
        )
        pictures.write({"res_model": self._name, "res_id": self.id})
        self.attachment_ids |= pictures
        self.body = with_pictures(
            without_mark(self.body), {file.id: f"/web/image/{file.id}" for file in pictures}
        )

    # -- in the chatters ------------------------------------------------------------------------

    def _post(self, links):
        """The message in the chatter of the first record; the others get one of their own."""
        messages = self.env["mail.message"]
        if self.visibility != "linked":
            return messages
        for link in links:
            if not link.message_id:
                messages |= link._post_sent(public=self._is_public_on(link))
        return messages[:1]

    def _is_public_on(self, link):
        """An answer is as public as its question; what is forwarded stays inside."""
        if self.written_as == "forward":
            return False
        question = self.parent_id.link_ids.filtered(
            lambda other: (other.res_model, other.res_id) == (link.res_model, link.res_id)
        )
        if not question:
            return self.written_as == "new"
        return bool(question.message_id) and not question._is_note()

    # -- in the host's queue --------------------------------------------------------------------

    def _make_mail(self, message):
        """One mail for all recipients, who see each other; its message stays where it is posted."""
        references = (self.references_text or "").split()
        values = {
            **self._sending_values(),
            "email_to": self.to,
            "email_cc": self.cc or False,
            "subject": self.subject,
            "body_html": self.body,
            "message_id": self.message_id,
            "references": " ".join([*references, self.message_id]),
            "headers": repr(self._headers_to_send()),
            "auto_delete": True,
        }
        if message:
            values |= {"mail_message_id": message.id, "is_notification": True}
            values["body_html"] = message.body
        else:
            values["attachment_ids"] = [fields.Command.set(self.attachment_ids.ids)]
        return self.env["mail.mail"].create(values)

    def _sending_values(self):
        """Who sends it, and by which server."""
        mailbox, sender = self.mailbox_id, self._from_header()
        return {
            "email_from": sender,
            "reply_to": sender,
            "mail_server_id": mailbox.mail_server_id.id,
            "mail_import_mailbox_id": mailbox.id,
        }

    def _from_header(self):
        return self.mailbox_id._from_header(self.signature_id)

    def _headers_to_send(self):
        """Besides those that the host writes."""
        references = (self.references_text or "").split()
        if not references or self.written_as == "forward":
            return {}
        return {"In-Reply-To": references[-1]}

    # -- what became of it ----------------------------------------------------------------------

    @api.model
    def _note_sent(self, messages, failure_type, failure_reason):
        """Who wrote a mail that did not go out is told at once, wherever they are by then."""
        result = super()._note_sent(messages, failure_type, failure_reason)
        if failure_type:
            emails = self.search([("mail_message_id", "in", messages.ids)])
            for email in emails.filtered("can_retry"):
                email._tell_author()
        return result

    def _tell_author(self):
        note = {
            "type": "danger",
            "sticky": True,
            "title": self.env._("Not sent: %s", self.display_name),
            "message": self.env._("It is kept under “Not Sent”, where you can send it again."),
        }
        for user in self.author_id.user_ids:
            user._bus_send("simple_notification", note)

    # -- again ----------------------------------------------------------------------------------

    def action_retry_send(self):
        """The host forgets mail that its server refused for good: then it is made anew."""
        forgotten = self.filtered(lambda email: email._is_forgotten())
        self._check_recipients_inside()
        for email in forgotten:
            email._check_may_send()
            # sudo: the queue of the host is administrators', who may send was checked
            email.sudo()._send_anew()
        return super(MailImportEmail, self - forgotten).action_retry_send()

    def _check_recipients_inside(self):
        """The mailbox may have been told since to write to colleagues only."""
        for email in self:
            mailbox = email._mailbox()
            email._check_may_send()
            # sudo: who has it already is noted for the importer alone
            missing = email._recipient_addresses() - email.sudo()._has_it_already()
            mailbox._check_letters_outside(missing)

    def _is_forgotten(self):
        """Whether it failed, and is not in the host's queue any more."""
        # sudo: the queue of the host is administrators', only its length is told
        mails = self.sudo().mail_message_id.mail_ids
        waiting = mails.filtered(lambda mail: mail.state in ("exception", "cancel"))
        return self.can_retry and bool(self.to) and not waiting

    def _send_anew(self):
        mail = self._make_mail(self.mail_message_id)
        self.write(
            {
                "state": "sending",
                "failure_reason": False,
                "refusals": False,
                "mail_message_id": mail.mail_message_id.id,
            }
        )
        mail.send_after_commit()

    def action_edit_failed(self):
        """Back to a draft, where nothing of it has left and no chatter shows it."""
        self.ensure_one()
        self._check_may_send()
        self._check_is_written_by_user()
        # sudo: the state is not the user's to write, what it may become was checked
        email = self.sudo()
        if email.state != "failed" or not email.written_as:
            raise UserError(self.env._("Only an e-mail that was not sent is written again."))
        if email.delivered_to:
            raise UserError(
                self.env._("Some have got it already: press Retry, or write a new e-mail.")
            )
        message = email.mail_message_id
        email.link_ids._withdraw()
        message.exists().mail_ids.unlink()
        email.write({"state": "draft", "failure_reason": False, "key": False})
        drafts = self.env["mail.import.folder"]._system("drafts")
        email.entry_ids.write({"folder_id": drafts.id, "is_draft": True})
        return self._open_draft()


def _addresses(raw):
    """The parts of a header: split at commas, but not in quoted names."""
    raw = (raw or "").replace(";", ",").replace("\n", ",")
    if len(email_split(raw)) == len([part for part in raw.split(",") if part.strip()]):
        return raw.split(",")
    found, quoted, part = [], False, ""
    for character in raw:
        quoted ^= character == '"'
        if character == "," and not quoted:
            found.append(part)
            part = ""
        else:
            part += character
    return [*found, part]
