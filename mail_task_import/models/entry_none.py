"""The journal in words: why a mail became no record, where mail of its mailbox does."""

from odoo import models


class MailImportEntry(models.Model):
    _inherit = "mail.import.entry"

    def _words_of_none(self, note):
        reason = self._why_no_record().get(note["result"])
        return reason and self.env._("No record was made of it: %s.", reason)

    def _why_no_record(self):
        env = self.env
        return {
            "own": env._("it is our own mail"),
            "closed": env._("the mailbox is for its owner alone"),
            "history": env._(
                "it is history, from before the mailbox began to act (“Act Since”), and only linked"
            ),
            "twin": env._("another mail bears the same number"),
            "no_sender": env._("it names no sender"),
            "disbelieved": env._(
                "the mailbox does not take everybody's mail, and nobody vouches for this sender"
            ),
            "not_employees": env._("the mailbox takes mail of employees only"),
            "not_known": env._("the mailbox takes mail of known senders only"),
            "list": env._("it is mail of a list, and no rule takes that"),
            "bulk": env._("it is bulk mail, and no rule takes that"),
            "auto_reply": env._(
                "it is an automatic answer, out of office say, and no rule takes that"
            ),
            "auto_generated": env._("a program wrote it, and no rule takes that"),
            "bounce": env._("it says that a mail was not delivered, and no rule takes that"),
            "no_right": env._("the owner of the mailbox may not make such a record"),
            "no_rule": env._("no rule holds"),
        }
