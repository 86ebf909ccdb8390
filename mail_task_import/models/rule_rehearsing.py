"""Rules that are tried before they are switched on."""

from odoo import api, models
from odoo.exceptions import UserError

from ..rehearsing import notes_of
from .rule_matching import RuleBook


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    def action_rehearse(self):
        """With the mail of its mailbox, as if it were switched on."""
        self.ensure_one()
        self.check_access("read")
        return self._mailbox_to_try()._action_rehearse(self)

    def _mailbox_to_try(self):
        """The first of its mailboxes, or of all, that the user reads or sets up."""
        Mailbox = self.env["mail.import.mailbox"]
        # sudo: which ones it names; the user's access is asked next
        if named := self.sudo().mailbox_ids.sudo(False):
            found = named._filtered_access("read")
        else:
            found = Mailbox.search(
                [("kind", "=", "group"), ("company_id", "=", self.company_id.id)]
            )
        if not found:
            raise UserError(self.env._("You read and set up no mailbox of this rule."))
        return found.filtered("may_read")[:1] or found[:1]

    @api.model
    def _book_for(self, mailbox):
        """In a rehearsal, with the rules that are tried though they are not switched on."""
        tried = getattr(notes_of(self.env), "rule_ids", ())
        if not tried:
            return super()._book_for(mailbox)
        books = notes_of(self.env).books
        if mailbox.id not in books:
            # not remembered with the others, which other workers of this process ask
            asked = self.browse(rule.id for rule in super()._book_for(mailbox).rules)
            books[mailbox.id] = asked._book_with(mailbox, self.browse(tried).sudo())
        return books[mailbox.id]

    def _book_with(self, mailbox, tried):
        asked = self.sudo() | tried.filtered(lambda rule: rule._is_asked_by(mailbox))
        return RuleBook(rule._compiled() for rule in asked.sorted())

    def _is_asked_by(self, mailbox):
        named = self.mailbox_ids
        if self.company_id != mailbox.company_id or (named and mailbox not in named):
            return False
        return bool(named) or mailbox.kind == "group"
