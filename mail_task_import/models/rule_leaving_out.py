"""What a mail's own words make impossible is left out of its record.

What a group holds, any stranger may write; a probability of 101, which the model refuses, must not
get a mail past its rule. Nothing of this is asked where the records can be made.
"""

import logging

from odoo import api, models

from ..rehearsing import undone
from .rule_failing import is_not_the_rules

_logger = logging.getLogger(__name__)

MOST_TRIED = 8
"""Values that are tried one by one; of more, some are tried together."""


class MailImportRule(models.Model):
    _inherit = "mail.import.rule"

    @api.model
    def _is_made_without(self, make, mail, decision, error):
        """Make the record without what groups have filled and the model refuses.

        :param error: with which it was refused as a whole
        :return: False where it cannot be made without either: then other values are to blame
        """
        refused = self._refused_groups(make, mail, decision, error)
        if not refused:
            return False
        decision.values = _without(decision, refused)
        self._make_or_undo(make, [(mail, decision)])
        for name, why in refused.items():
            decision.rule._say_left_out(mail, decision, name, why)
        self._write_journal(mail)
        return True

    @api.model
    def _refused_groups(self, make, mail, decision, error):
        """``{field: error}``. Each is tried beside those that were taken before it."""
        out = list(decision.from_groups)
        if not out or self._error_without(make, mail, decision, out):
            return {}
        if len(out) == 1:
            return {out[0]: error}
        refused = {}
        together = [out[start::MOST_TRIED] for start in range(min(MOST_TRIED, len(out)))]
        for some in together:
            more = [name for name in out if name not in some]
            if why := self._error_without(make, mail, decision, more):
                refused.update(dict.fromkeys(some, why))
            else:
                out = more
        return refused

    @api.model
    def _error_without(self, make, mail, decision, names):
        """The error with which the record is refused without these values; None where it is not."""
        given, author = decision.values, mail.author
        decision.values = _without(decision, names)
        try:
            with undone(self.env):
                make([(mail, decision)])
        except Exception as error:
            if is_not_the_rules(error):
                raise
            return error
        finally:
            decision.values, decision.record, mail.author = given, None, author
        return None

    def _say_left_out(self, mail, decision, name, error):
        _logger.info("Import rule %s: %s is left out", self.id, name, exc_info=error)
        mail.note(
            "rule",
            "refused_value",
            rule=self.id,
            model=decision.target.model,
            field=name,
            group=decision.from_groups[name][0],
            why=self._reason(error),
        )


def _without(decision, names):
    """The values of a decision without what groups have put into these fields."""
    kept = dict(decision.values)
    for name in names:
        _group, value = decision.from_groups[name]
        if isinstance(value, list):
            kept[name] = [one for one in kept.get(name, ()) if one not in value]
        if kept.get(name) in (value, []):
            del kept[name]
    return kept
