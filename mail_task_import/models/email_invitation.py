"""The mail that answers an invitation (RFC 6047): an e-mail of the mailbox, kept under Sent."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..mime.calendar_answer import write_answer
from .ir_attachment import AS_IT_CAME

METHOD_HEADER = "X-Mail-Import-Calendar-Method"
"""Never leaves: says that the calendar file of a mail is one of its versions."""


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    written_as = fields.Selection(selection_add=[("invitation", "Answer to an invitation")])

    def _send_invitation_answer(self, entry, event, attendee, status, comment):
        """Queue the answer to the organizer. As superuser; who answers is the user.

        :param entry: the copy of the invitation that is answered
        """
        question, mailbox = entry.email_id, entry.mailbox_id
        answer = self._create_leaving(
            mailbox,
            self._unsigned_message_id(mailbox),
            {
                "written_as": "invitation",
                "parent_id": question.id,
                "signature_id": mailbox.signature_ids[:1].id,
                "author_id": self.env.user.partner_id.id,
                "to": event.organizer.email,
                "subject": self._subject_of_answer(event, status),
                "body": self._body_of_answer(attendee, event, status, comment),
                "references_text": question._references_of_answers(),
            },
        )
        answer.with_context(**AS_IT_CAME)._attach(
            [
                {
                    "name": "invite.ics",
                    "raw": write_answer(event, attendee, status, fields.Datetime.now(), comment),
                    "mimetype": "text/calendar",
                }
            ]
        )
        answer._take_over_links(question, user_id=self.env.uid)
        mail = answer._make_mail(self.env["mail.message"])
        answer.mail_message_id = mail.mail_message_id
        mail.send_after_commit()
        return answer

    def _subject_of_answer(self, event, status):
        env, subject = self.env, event.summary or self.env._("(no subject)")
        return {
            "ACCEPTED": env._("Accepted: %s", subject),
            "TENTATIVE": env._("Tentative: %s", subject),
            "DECLINED": env._("Declined: %s", subject),
        }[status]

    def _body_of_answer(self, attendee, event, status, comment):
        env = self.env
        named = {
            "name": attendee.name or attendee.email,
            "event": event.summary or env._("(no subject)"),
        }
        words = {
            "ACCEPTED": env._("%(name)s has accepted “%(event)s”.", **named),
            "TENTATIVE": env._("%(name)s will perhaps come to “%(event)s”.", **named),
            "DECLINED": env._("%(name)s has declined “%(event)s”.", **named),
        }[status]
        said = plaintext2html(comment) if comment else Markup()
        return Markup("<p>%s</p>%s") % (words, said)

    def _headers_to_send(self):
        headers = super()._headers_to_send()
        if self.written_as != "invitation":
            return headers
        return {**headers, METHOD_HEADER: "REPLY"}

    def action_edit_failed(self):
        """What a program reads is not for people to change."""
        if "invitation" in self.mapped("written_as"):
            raise UserError(
                self.env._("It answers an invitation: press Retry, or answer it once more.")
            )
        return super().action_edit_failed()
