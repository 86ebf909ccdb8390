"""What the importer writes by itself: confirmations, and mail that it forwards.

They are e-mails of their mailbox like any other: queued in the host, kept under Sent, found by the
answers to them. Whether one is written is decided in ``confirmation.py`` and ``unmatched.py``.
"""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

SUBMITTED = {"confirmation": "auto-replied", "passed_on": "auto-forwarded"}
"""Auto-Submitted (RFC 3834, 5; RFC 5436, 2.7) of each way."""


class MailImportEmail(models.Model):
    _inherit = "mail.import.email"

    written_as = fields.Selection(
        selection_add=[("confirmation", "Confirmation"), ("passed_on", "Forwarded by itself")]
    )

    _automatic_to = models.Index(
        "(\"to\", create_date) WHERE written_as IN ('confirmation', 'passed_on')"
    )

    @api.model
    def _write_automatic(self, mailbox, question, written_as, values, record=None):
        """An e-mail of the mailbox, on its way to be sent.

        :param question: the e-mail that it is about
        :param values: ``to``, ``subject``, ``body``; ``references_text`` where it answers
        :param record: the one in whose chatter it is shown
        """
        message_id = self._unsigned_message_id(mailbox)
        if record is not None:
            message_id = self.env["mail.import.reply.token"]._sign(message_id, record, public=True)
        return self._create_leaving(
            mailbox,
            message_id,
            {
                "written_as": written_as,
                "parent_id": question.id,
                "signature_id": mailbox.signature_ids[:1].id,
                **values,
            },
        )

    def _queue(self, message):
        """Into the host's queue, which sends after the commit."""
        mail = self._make_mail(message)
        self.mail_message_id = mail.mail_message_id
        self.env["mail.import.link"]._send_soon()

    def action_edit_failed(self):
        """Nobody has written it, and an address that was corrected would be nobody's sender."""
        if set(self.mapped("written_as")) & SUBMITTED.keys():
            raise UserError(
                self.env._("It was written by itself: press Retry, or write a new e-mail.")
            )
        return super().action_edit_failed()

    def _headers_to_send(self):
        headers = super()._headers_to_send()
        if self.written_as not in SUBMITTED:
            return headers
        return headers | {
            "Auto-Submitted": SUBMITTED[self.written_as],
            "X-Auto-Response-Suppress": "All",
            "X-Mail-Import-Loop": self.from_email,
        }

    def _link_as(self, question, shown_in=None):
        """The records of the question are those of what is written about it.

        :param shown_in: the one in whose chatter it is shown
        :return: its message there, empty where there is none
        """
        message = self.env["mail.message"]
        for link in self._take_over_links(question):
            if shown_in and (link.res_model, link.res_id) == (shown_in._name, shown_in.id):
                message = link._post_by_itself()
        return message

    def _attach(self, files):
        """Files of this e-mail alone.

        :param files: values of ``ir.attachment``
        """
        rows = [{**file, "res_model": self._name, "res_id": self.id} for file in files]
        made = self.env["ir.attachment"].create(rows)
        self.write({"attachment_ids": [Command.set(made.ids)], "has_attachments": bool(made)})
        self.entry_ids.has_attachments = bool(made)
