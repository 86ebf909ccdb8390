"""Whom an answer is proposed to: neither the mailbox itself, nor one contact by two addresses."""

from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_get_suggested_recipients_batch(self, *args, **options):
        if not self.env["mail.import.mailbox"]._any():
            return super()._message_get_suggested_recipients_batch(*args, **options)
        proposed = super(
            MailThread, self.with_context(mail_import_proposing=True)
        )._message_get_suggested_recipients_batch(*args, **options)
        return {
            record: self._mail_import_each_once(record, people)
            for record, people in proposed.items()
        }

    def _mail_import_each_once(self, record_id, people):
        """The host knows a contact's main address, and proposes each other one as a stranger's."""
        strangers = {p["email"] for p in people if p["email"] and not p["partner_id"]}
        remembered = self.env["res.partner"]._mail_import_remembered(strangers)
        if not remembered:
            return people
        there = {person["partner_id"] for person in people}
        there.update(self.browse(record_id).message_partner_ids.ids)
        doubled = {address for address, partner in remembered.items() if partner.id in there}
        return [person for person in people if person["email"] not in doubled]
