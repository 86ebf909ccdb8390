"""Records that mail is linked to: answers leave from the mailbox, links follow the records."""

from odoo import api, models
from odoo.tools import email_normalize


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    # -- importing ------------------------------------------------------------------------------

    def _notify_thread_with_out_of_office(self, message, recipients_data, msg_vals=False, **kwargs):
        """The host answers for absent employees whatever the age of a mail; old mail never."""
        if self.env.context.get("mail_import_quiet"):
            return self.env["mail.message"]
        return super()._notify_thread_with_out_of_office(
            message, recipients_data, msg_vals=msg_vals, **kwargs
        )

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Of mail that was read on the server already, employees are not told once more."""
        people = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if self.env.context.get("mail_import_seen"):
            return [person for person in people if person["type"] != "user"]
        return people

    def _get_message_create_valid_field_names(self):
        return super()._get_message_create_valid_field_names() | {"mail_import_unverified"}

    def _partner_find_from_emails(
        self,
        records_emails,
        avoid_alias=True,
        ban_emails=None,
        filter_found=None,
        additional_values=None,
        no_create=False,
    ):
        """Unknown senders become contacts only where a link target says so."""
        if self.env.context.get("mail_import_no_partner"):
            no_create = True
            records_emails = self._mail_import_believed(records_emails)
        return super()._partner_find_from_emails(
            records_emails,
            avoid_alias=avoid_alias,
            ban_emails=ban_emails,
            filter_found=filter_found,
            additional_values=additional_values,
            no_create=no_create,
        )

    @api.model
    def _mail_find_partner_from_emails(self, emails, records=None, **options):
        """The host finds contacts by any address, and then compares it with their main one."""
        found = super()._mail_find_partner_from_emails(emails, records=records, **options)
        if not self.env["mail.import.address"]._any():
            return found
        thread = self.env["mail.thread"]
        return [
            partner or thread._partner_find_from_emails_single([email], no_create=True)
            for email, partner in zip(emails, found, strict=True)
        ]

    def _mail_import_believed(self, records_emails):
        """Without the senders who are not believed to have the address that they write from."""
        unbelieved = self.env.cr.cache.get("mail_task_import.unbelieved", ())
        return {
            record: [
                email for email in emails if email_normalize(email, strict=False) not in unbelieved
            ]
            for record, emails in records_emails.items()
        }

    def _mail_import_check_may_post(self):
        """As the host has it: most models let those post who may write, some who may read."""
        self.check_access(self._mail_post_access)

    # -- links follow their records -------------------------------------------------------------

    def unlink(self):
        """A deleted record takes its links along; the e-mails stay whole."""
        # sudo: links of e-mails that the user may not read go too
        links = self.env["mail.import.link"].sudo()
        if self.ids and links._any_of(self._name):
            links = links.search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        result = super().unlink()
        links.unlink()
        return result

    def message_change_thread(self, new_thread, new_parent_message=False):
        result = super().message_change_thread(new_thread, new_parent_message)
        # sudo: links of e-mails that the user may not read move too
        self.env["mail.import.link"].sudo()._move(self, new_thread)
        return result
