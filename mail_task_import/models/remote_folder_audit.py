"""A watched folder compared with its ledger: set against set, whatever the folder holds."""

from dataclasses import dataclass, field
from datetime import datetime

from odoo import models


@dataclass(slots=True)
class Comparison:
    """Of the messages since the moment from which on a mailbox is audited."""

    located: int = 0
    waiting: int = 0
    """Without a location because their turn is still to come."""
    missing: dict[int, datetime | None] = field(default_factory=dict)
    """``{uid: arrival}`` of what is not here and ought to be, whatever the ledger says of it.

    Newest first. Without an arrival where the server does not tell it.
    """


class MailImportRemoteFolder(models.Model):
    _inherit = "mail.import.remote.folder"

    def _compare_with_ledger(self, look):
        """The server's UIDs against the locations. SEARCH knows days; the first is looked into."""
        mailbox = self.mailbox_id
        state = yield look.select(self.name)
        uids, recent = yield look.ask(
            _listing(mailbox._audited_since().date(), mailbox._active_since().date())
        )
        if state.uidvalidity != self.uidvalidity:
            # it was never read, or renumbered this very moment: all of it is still to come
            return Comparison(waiting=len(uids))
        done = self.env["mail.import.location"]._all_done_uids(self)
        broken = self.env["mail.import.location"]._all_broken_uids(self)
        coming = {uid for uid in uids - done - broken if not self._had_its_turn(uid, recent)}
        result = Comparison(located=len(uids & done), waiting=len(coming))
        asked = sorted((uids - done - coming) | broken, reverse=True)
        facts, silent = yield look.ask(_facts(asked))
        for raw in facts:
            if raw.uid in broken:
                result.missing[raw.uid] = raw.received_at
            else:
                self._judge(raw, result)
        result.missing.update(dict.fromkeys(silent))
        return result

    def _had_its_turn(self, uid, recent):
        # a folder without new mail has no position yet
        above = uid > self.last_uid if self.last_uid else uid in recent
        return not above and (uid in recent or not self._has_history_left())

    def _judge(self, raw, result):
        """Missing, unless it came before the moment from which on its mailbox is read."""
        mailbox = self.mailbox_id
        arrival = raw.received_at
        if arrival and arrival < mailbox._audited_since():
            return
        if arrival and arrival < mailbox._active_since() and self._has_history_left():
            result.waiting += 1
            return
        result.missing[raw.uid] = arrival


def _listing(since, active_since):
    """UIDs from each of the two days on."""
    return lambda receiver: (
        set(receiver.uids_since(since)),
        set(receiver.uids_since(active_since)),
    )


def _facts(uids):
    """What the server says of these, and those of which it says nothing."""

    def ask(receiver):
        facts = list(receiver.fetch_facts(uids))
        return facts, [failure.uid for failure in receiver.failures]

    return ask
