"""Answers from a record whose writer chose the mailbox and alias (``mail_compose_from.py``)."""

from odoo import models

from .mail_compose_from import FROM


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _mail_import_chosen(self):
        """``(mailbox, alias)`` that the writer chose, each maybe none; None where nobody chose."""
        chosen = self.env.context.get(FROM)
        if not isinstance(chosen, list | tuple) or len(chosen) != 2:
            return None
        mailbox_id, alias_id = (id_ if type(id_) is int and id_ > 0 else () for id_ in chosen)
        # sudo: whether its author may send from it is asked when it leaves
        mailbox = self.env["mail.import.mailbox"].sudo().browse(mailbox_id).exists()
        alias = self.env["mail.import.signature"].sudo().browse(alias_id).exists()
        return mailbox, alias.filtered(lambda one: one.mailbox_id == mailbox)

    def _mail_import_mailbox(self, message):
        chosen = self._mail_import_chosen()
        if chosen is None or len(self) != 1 or not self._mail_import_is_answer(message):
            return super()._mail_import_mailbox(message)
        mailbox = chosen[0]
        # sudo: of the message, who has written it
        if mailbox and self._mail_import_may_leave(message.sudo(), mailbox):
            return mailbox
        return None

    def _mail_import_signature(self, mailbox):
        chosen = self._mail_import_chosen()
        if chosen and chosen[0] == mailbox:
            return chosen[1]
        return super()._mail_import_signature(mailbox)
