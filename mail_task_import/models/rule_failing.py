"""What a rule cannot make costs no mail: it is made without the rule, and the journal says why."""

import logging

from psycopg2 import errors

from odoo import api, models
from odoo.exceptions import UserError

from ..exceptions import is_no_mails_fault
from ..undoing import undone_on_failure

_logger = logging.getLogger(__name__)

LONGEST_REASON = 300


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    @api.model
    def _make_records(self, asked):
        """As ``mail.import.target._make_records``; what fails by a rule's values is left out.

        All at once, and one by one only where that fails.

        :return: those of ``asked`` whose rule could not make its record
        """
        make = self.env["mail.import.target"]._make_records
        if not any(decision.rule for _mail, decision in asked):
            make(asked)
            return []
        try:
            self._make_or_undo(make, asked)
            return []
        except Exception as error:
            if is_not_the_rules(error):
                raise
        return [one for one in asked if not self._is_made(make, *one)]

    @api.model
    def _make_or_undo(self, make, asked):
        authors = [mail.author for mail, _decision in asked]
        try:
            with undone_on_failure(self.env.cr):
                make(asked)
                self.env.flush_all()
        except Exception:
            for (mail, decision), author in zip(asked, authors, strict=True):
                mail.author, decision.record = author, None
            raise

    @api.model
    def _is_made(self, make, mail, decision):
        try:
            self._make_or_undo(make, [(mail, decision)])
        except Exception as error:
            if not decision.rule or is_not_the_rules(error):
                raise
            if self._is_made_without(make, mail, decision, error):
                return True
            _logger.warning(
                "Import rule %s could not make its record", decision.rule.id, exc_info=1
            )
            decision.rule._say_it_failed(mail, error)
            return False
        return True

    def _say_it_failed(self, mail, error):
        """The copy is stored already, and its journal with it."""
        why = self._reason(error)
        # sudo: its name, for whoever reads the mail
        mail.note("rule", "failed", rule=self.id, name=self.sudo().name, why=why)
        self._write_journal(mail)

    def _reason(self, error):
        """What the model says to people; "" where it says nothing for them."""
        if isinstance(error, UserError):
            return str(error)[:LONGEST_REASON]
        if isinstance(error, errors.CheckViolation):
            # sudo: the rule is carried out, whoever reads it
            Model = self.env[self.sudo().target_id.model]
            return Model._sql_error_to_message(error)[:LONGEST_REASON]
        return ""

    @api.model
    def _write_journal(self, mail):
        if mail.entry:
            mail.entry.journal = mail.journal


def is_not_the_rules(error):
    """Two workers met, or the host's disk or database fails. A value that must be unique, and is
    not, is the rule's: retried, it would fail for ever.
    """
    if isinstance(error, errors.UniqueViolation):
        return False
    return is_no_mails_fault(error)
