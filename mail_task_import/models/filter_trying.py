"""*Try it*: what a filter would have caught of the last e-mails. Nothing is changed.

The same objects judge as in the importer; ``entry_as_incoming.py`` gives them the mails.
"""

import time
from dataclasses import dataclass
from typing import Any

from odoo import api, models
from odoo.fields import Domain

from ..batch import Batch
from .filter_facts import Facts

TRIED = 500
SECONDS = 10
"""After which e-mails are judged by what is stored of them; no more originals are read."""


@dataclass(slots=True)
class Trial:
    """What *Try it* found out. Recordsets of entries, as the user reads them."""

    tried: Any
    caught: Any
    unjudged: Any
    """Entries that all other conditions hold of."""
    kinds: set
    """Kinds of conditions that those cannot answer."""


class MailImportFilter(models.Model):
    _inherit = "mail.import.filter"

    def action_try(self):
        self.ensure_one()
        return self.env["mail.import.filter.trial"]._open(self)

    def _try(self):
        """Judge the last e-mails in the filter's scope that the user may read."""
        self.check_access("read")
        entries = self.env["mail.import.entry"].search(
            self._scope_domain() & Domain("direction", "=", "incoming"),
            order="date desc, id desc",
            limit=TRIED,
        )
        trial = Trial(entries, entries.browse(), entries.browse(), set())
        compiled = self._compile()
        for entry, facts in self._facts_of(entries):
            if kinds := compiled.unjudged(facts):
                trial.unjudged |= entry
                trial.kinds.update(kinds)
            elif compiled.holds(facts):
                trial.caught |= entry
        return trial

    def _scope_domain(self):
        if self.scope == "global":
            return Domain("mailbox_id.company_id", "=", self.company_id.id)
        if self.scope == "group":
            return Domain("user_id", "=", False) & Domain("mailbox_id", "=", self.mailbox_id.id)
        own = Domain("user_id", "=", self.user_id.id)
        if self.scope == "mailbox":
            own &= Domain("mailbox_id", "=", self.mailbox_id.id)
        return own

    @api.model
    def _facts_of(self, entries):
        """``(entry, Facts)`` each, looked up mailbox by mailbox as for a batch."""
        deadline = time.monotonic() + SECONDS
        for mailbox, some in entries.grouped("mailbox_id").items():
            # sudo: what the importer knows of senders; the user learns only what is caught of the
            # user's own mail
            mailbox = mailbox.sudo()
            mails = [entry._as_incoming(mailbox, deadline) for entry in some]
            batch = Batch(mailbox=mailbox, mails=mails)
            self.sudo().env["mail.import.target"]._look_up(batch)
            yield from ((e, Facts(batch, m)) for e, m in zip(some, mails, strict=True))
