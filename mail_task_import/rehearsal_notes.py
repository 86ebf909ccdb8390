"""What a rehearsal remembers of each mail, in plain values: they outlive its transaction."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from .batch import DUPLICATE, FILTERED, QUARANTINED, STORED
from .rehearsing import Notes

EXAMPLES = 5
"""Of each kind, rule and filter."""
ENDS = {"trash": "trashed", "archive": "archived", "own": "filed"}
"""What becomes of unlinked mail, by the kind of the folder where it ends."""


class SomebodyWaits(Exception):
    """Another transaction waits for this one, which is only a rehearsal."""


@dataclass
class RehearsalNotes(Notes):
    mailbox_id: int = 0
    total: int = 0
    again: bool = False
    """Known mail is tried, as if it came in now: little else is on the server."""
    known_total: int = 0
    came: dict = field(default_factory=dict)
    """``{(remote folder id, uid): (e-mail id, when it came)}`` of known mail."""
    newest: int = 0
    """Id of the last e-mail, and the moment, before known mail was tried."""
    begun: datetime | None = None
    ending: str = "complete"
    error: str = ""
    counts: Counter = field(default_factory=Counter)
    """By ``(kind, target id, rule id, filter id, step, whether it is known mail)``."""
    examples: dict = field(default_factory=dict)
    made: set = field(default_factory=set)
    """``(model, id)`` of records that are not there outside of the rehearsal."""
    closed: dict = field(default_factory=dict)
    """Folder ids, and what the server said."""

    def taken(self, again=False):
        return sum(count for key, count in self.counts.items() if key[-1] == again)

    def before(self, record, then):
        """Whether a record was there when a known mail came, or was made by the rehearsal.

        :param then: ``(e-mail id, moment)``
        """
        email_id, moment = then
        if record._name == "mail.import.email":
            return record.id <= email_id or record.id > self.newest
        made_at = record.create_date
        return not made_at or made_at <= moment or made_at >= self.begun

    def refuse(self, folder, error):
        self.closed[folder.id] = f"“{folder.name}”: {error}"

    def refused(self, env):
        return env["mail.import.remote.folder"].browse(self.closed)

    def count(self, kind, number=1, target_id=0, rule_id=0, filter_id=0, step=""):
        if number:
            self.counts[kind, target_id, rule_id, filter_id, step, self.again] += number

    def take(self, env, mails):
        """Count these mails, and keep examples. They are stored, as it were."""
        emails = env["mail.import.email"].union(*(mail.email for mail in mails if mail.email))
        links = env["mail.import.link"].search([("email_id", "in", emails.ids)])
        by_email = links.grouped("email_id")
        for mail in mails:
            if mail.state == STORED and mail.email in by_email:
                made = by_email[mail.email].filtered("made_record")
                self.made.update((link.res_model, link.res_id) for link in made)
        for mail in mails:
            self._take_one(env, mail, by_email.get(mail.email, links.browse()))

    def _take_one(self, env, mail, links):
        link = (links.filtered("made_record") or links.filtered(lambda one: not one.suggested))[:1]
        kind = self._kind(mail, link, links)
        if kind not in ("linked", "made"):
            link = links.browse()
        filed_by = _filed_by(mail) if kind in ENDS.values() else 0
        by_mailbox = kind == "filed" and not filed_by
        key = (
            kind,
            link.target_id.id if kind == "made" else 0,
            link.rule_id.id,
            mail.filter.id if mail.filter else filed_by,
            "mailbox" if by_mailbox else link.step or "",
            self.again,
        )
        self.counts[key] += 1
        kept = self.examples.setdefault(key, [])
        if len(kept) < EXAMPLES:
            kept.append(self._example(env, mail, link))

    def _kind(self, mail, link, links):
        if mail.state == FILTERED:
            return "filtered"
        if mail.state == QUARANTINED:
            return "quarantined"
        if mail.state == DUPLICATE:
            return "known"
        if link and not mail.set_aside:
            return "made" if link.made_record else "linked"
        return kind_of_unlinked(mail, mail.entry.folder_id, links)

    def _example(self, env, mail, link):
        record = link._existing_record() if link else None
        is_new = record is not None and (record._name, record.id) in self.made
        return {
            "subject": mail.parsed.subject,
            "sender": str(mail.parsed.sender),
            "date": mail.raw.received_at or mail.parsed.date,
            "res_model": link.res_model,
            "res_id": 0 if is_new else link.res_id,
            "title": record.display_name if is_new else False,
            **_place(record if is_new else None),
            "user_ids": _assigned(record).ids if record is not None and is_new else [],
            "folder_id": mail.entry.folder_id.id if mail.entry else False,
            "journal": (mail.entry.journal if mail.entry else mail.journal) or False,
        }


def kind_of_unlinked(mail, folder, proposals):
    """What becomes of a mail that no record has, by the folder where it ends."""
    ends = ENDS.get(folder.kind)
    if ends or proposals:
        return ends or "proposed"
    return "sent" if mail.outgoing else "unlinked"


def _filed_by(mail):
    """The filter that chose the folder: the last one that names any."""
    filters = [note for note in mail.journal if note["step"] == "filter" and note.get("folder")]
    return filters[-1]["id"] if filters else 0


def _place(record):
    """The project or team of a record."""
    for name in ("project_id", "team_id"):
        if record is not None and name in record._fields and record[name]:
            return {"place_model": record[name]._name, "place_id": record[name].id}
    return {}


def _assigned(record):
    """The users that a record is assigned to."""
    name = next((name for name in ("user_ids", "user_id") if name in record._fields), None)
    return record[name] if name else record.env["res.users"]
