"""Confirmations: who wrote first is told that the mail has come, and the number of its record.

Off unless a mailbox or a rule names a template. Whom nothing is sent to is decided in
``confirmation_guards.py``; what is sent is an e-mail of the mailbox (``email_automatic.py``).
"""

import logging

from odoo import api, models

from ..exceptions import is_no_mails_fault
from ..placeholders.letters import LETTER, Letter
from ..undoing import undone_on_failure

_logger = logging.getLogger(__name__)


class MailImportConfirmation(models.AbstractModel):
    _name = "mail.import.confirmation"
    _description = "Confirmations to Senders"

    @api.model
    def _confirm(self, batch):
        """After *store*: write the confirmations of a batch into the host's queue."""
        if batch.history or not self._is_asked_for(batch):
            return
        asked = [
            (mail, mailbox, template)
            for mail in batch.mails
            if mail.state == "stored" or mail.decides
            for mailbox, template in [self._template(batch, mail)]
            if template
        ]
        for mail, mailbox, template in asked and self._let_pass(batch, asked):
            self._confirm_one(mail, mailbox, template)

    @api.model
    def _is_asked_for(self, batch):
        """Whether a mailbox or rule of this batch names a template: most do not."""
        mailboxes = {mail.owner_mailbox for mail in batch.mails if mail.owner_mailbox}
        rules = {each.rule for mail in batch.mails for each in mail.decisions if each.rule}
        return any(mailbox._confirms() for mailbox in {batch.mailbox, *mailboxes}) or any(
            rule.confirmation_template_id for rule in rules
        )

    @api.model
    def _template(self, batch, mail):
        """``(mailbox, template)`` of a mail; the rule's wins, if it fits what the mail became."""
        mailbox = mail.owner_mailbox if mail.decides else batch.mailbox
        made = self._made(mail)
        rule = next((d.rule for d in mail.decisions if d.rule), None)
        choices = [rule and rule.confirmation_template_id]
        if not mailbox:
            return mailbox, None
        if made is not None:
            choices.append(mailbox.confirmation_template_id)
        else:
            choices.append(mailbox.confirmation_plain_template_id)
        fitting = {made._name if made is not None else None, "mail.import.email"}
        return mailbox, next((one for one in choices if one and one.model in fitting), None)

    @api.model
    def _made(self, mail):
        """The record that this mail has become, or None."""
        for decision in mail.decisions:
            if (decision.target or decision.alias) and decision.record:
                return decision.record
        return None

    @api.model
    def _confirm_one(self, mail, mailbox, template):
        """One that fails is said in the journal, and disturbs nothing."""
        try:
            with undone_on_failure(self.env.cr):
                self._write(mail, mailbox, template)
        except Exception as error:
            if is_no_mails_fault(error):
                raise
            _logger.warning("The confirmation of %s could not be written", mailbox, exc_info=True)
            mail.entry._note_late("confirm", "failed", template=template.name)
        else:
            mail.entry._note_late("confirm", "sent", address=mail.parsed.sender.email)

    @api.model
    def _write(self, mail, mailbox, template):
        question, made = mail.email, self._made(mail)
        subject, body = self._render(mailbox, template, question, made)
        if made is not None and hasattr(made, "_mail_import_subject"):
            subject = made._mail_import_subject(subject)
        email = self.env["mail.import.email"]._write_automatic(
            mailbox,
            question,
            "confirmation",
            {
                "to": mail.parsed.sender.email,
                "subject": subject,
                "body": body,
                "references_text": question._references_of_answers(),
            },
            record=made,
        )
        email._attach(
            {"name": file.name, "raw": file.raw, "mimetype": file.mimetype}
            for file in template.attachment_ids
        )
        email._queue(email._link_as(question, shown_in=made))

    @api.model
    def _render(self, mailbox, template, question, made):
        """``(subject, body)`` in the language of the template's own choice, else the company's."""
        record = question if template.model == question._name else made
        if mailbox.owner_id:
            # an owner's template is the owner's own doing: it reads what the owner reads
            template = template.with_user(mailbox.owner_id)
        lang = mailbox.company_id.partner_id.lang
        template = template.with_context(lang=lang) if lang else template
        letter = Letter(question.from_name or "", question.from_email or "", mailbox_id=mailbox.id)
        template = template.with_context(**{LETTER: letter})
        values = template._generate_template(record.ids, ("subject", "body_html"))[record.id]
        subject = (values.get("subject") or "").strip() or f"Re: {question.subject or ''}".strip()
        return subject, values.get("body_html") or ""
