"""A batch: the mails that walk the way of a mail together, and what each step found out.

Plain values only. The steps live in the models that own the decisions; they read and fill these.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .mime.parsed_mail import ParsedMail
from .receivers.raw_mail import RawMail

STORED = "stored"
DUPLICATE = "duplicate"
FILTERED = "filtered"
QUARANTINED = "quarantined"

CLAIMED = 100
"""Message-IDs of one thread that are claimed."""

UNVERIFIED = [
    ("posing", "In a colleague's name, but nobody vouches for it"),
    ("failed", "The mail server's check failed"),
    ("several", "It names several senders, and nobody says which of them wrote it"),
]
"""Why readers of a record are told that they should not believe the sender."""


@dataclass(slots=True)
class LinkDecision:
    """Where one mail belongs. Exactly one of ``record``, ``target``, ``alias`` is filled."""

    step: str
    """Which step of the link order decided: "reply", "alias", "token", "default", "address"."""
    record: Any = None
    """An existing record, as superuser."""
    target: Any = None
    """A ``mail.import.target`` that makes a new record."""
    alias: Any = None
    """A ``mail.alias`` of the host that makes a new record."""
    suggested: bool = False
    """True: shown as a proposal only, nothing is published."""
    public: bool = False
    """True: an answer to a public message of the record, or the mail that makes it."""
    rule: Any = None
    """The ``mail.import.rule`` that decided, or whose record a reply goes to."""
    values: dict = field(default_factory=dict)
    """ORM values of the new record that the rule gives."""
    from_groups: dict = field(default_factory=dict)
    """``{field: (group, ORM value)}``: those of them that the mail's own words have chosen."""
    distribution: Any = None
    """The ``mail.import.distribution`` that a rule names."""
    actor: Any = None
    """The ``res.users`` with whose rights the record is made; None: the importer's own."""
    operation: str = ""
    """What a reply does by its rule: "comment" or "note"; "": as public as what it answers."""
    changes: dict = field(default_factory=dict)
    """ORM values that a reply writes to its record: a stage, say."""
    after: Any = None
    """The closed record whose place the new one takes."""


@dataclass(slots=True, eq=False)
class IncomingMail:
    """One mail on its way; the outcome of the whole way is ``state``."""

    raw: RawMail
    parsed: ParsedMail
    state: str = ""
    """"stored" | "duplicate" | "filtered" | "quarantined", "" while under way."""
    email: Any = None
    """Its ``mail.import.email``: found by *known?*, or made by *store*."""
    same_as: "IncomingMail | None" = None
    """An earlier mail of this batch with the same key and content."""
    twin_of: Any = None
    """An e-mail, or a mail of this batch, with the same key and other content."""
    owner_mailbox: Any = None
    """The mailbox whose default target and rules decide (first named in To, then Cc)."""
    entry: Any = None
    filter: Any = None
    quarantine: Any = None
    decisions: list[LinkDecision] = field(default_factory=list)
    follows: "IncomingMail | None" = None
    """A mail of this batch whose links this one shares."""
    author: Any = None
    """The sender's ``res.partner``, as far as the sender is believed."""
    employee: Any = None
    """The sender's ``res.users``, only where a trusted server vouches for the address."""
    vouched: bool = False
    """True where a trusted server vouches for the sender's address, or it is our own mail."""
    posing: str = ""
    """"address", "domain" or "name": it is in a colleague's name, and nobody vouches for it;
    "several": it is in the names of several people."""
    unverified: str = ""
    """"posing", "failed" or "several" where readers of its record are told so; nobody relies on an
    owner's own server."""
    doubtful: bool = False
    """True where only a mailbox's owner says that it is from one of our addresses."""
    outgoing: bool = False
    """True where one of the mailbox's own addresses sent it."""
    unread: str = ""
    """Why the content could not be read, in the user's words: only the head is parsed."""
    decides: bool = False
    """True where this copy may make and publish (a mailbox with visibility "linked")."""
    makes_none: bool = False
    """True where its thread has made a record once; it is linked at most."""
    filing: dict = field(default_factory=dict)
    """Values of its entry that differ from the usual: ``folder_id``, ``is_read``, ``starred``."""
    silent: bool = False
    """True where nobody is notified of this copy."""
    set_aside: bool = False
    """True where a filter that decides the import put it in the trash: this copy makes no record
    and publishes nothing."""
    journal: list[dict] = field(default_factory=list)
    """What each step found out, in its order; see ``note``."""

    def note(self, step, result, **more):
        """Say in the journal what a step found out: ids, numbers and codes, no sentences.

        The words are made when the journal is read, in the reader's language.

        :param step: "filter", "reply", "alias", "token", "rule", "default", "address", ...
        :param result: a code, "linked" say, that the step's words are chosen by
        :param more: JSON values
        """
        self.journal.append({"step": step, "result": result, **more})

    @property
    def is_forged(self):
        """The address is not believed to be the sender's: its contact has not written this."""
        claimed = self.posing in ("address", "domain", "several")
        disbelieved = claimed or self.unverified == "failed"
        return disbelieved or self.doubtful

    @property
    def message_ids(self):
        """Message-IDs this mail names, newest first: its parent, then further up the chain."""
        return list(reversed(self.parsed.references))

    @property
    def claim_ids(self):
        """What is claimed when it makes a record: its thread."""
        return self.thread_ids[:CLAIMED]

    @property
    def thread_ids(self):
        """Message-IDs of the whole thread: its own, then those that it names, oldest first."""
        own = [self.parsed.message_id] if self.parsed.message_id else []
        return own + list(self.parsed.references)

    @property
    def counterparts(self):
        """Addresses of the other side: the sender, or whom an outgoing mail was sent to."""
        if not self.outgoing:
            return [self.parsed.sender.email] if self.parsed.sender.email else []
        return [address.email for address in self.parsed.to + self.parsed.cc if address.email]


@dataclass(slots=True, eq=False)
class Batch:
    """Mails of one mailbox (and one remote folder), in the order in which they were received."""

    mailbox: Any
    mails: list[IncomingMail]
    remote_folder: Any = None
    uidvalidity: int = 0
    history: bool = False
    """True for mail older than *act since*: filed and linked only."""
    sent: bool = False
    """True where the remote folder holds mail that we sent."""
    again: bool = False
    """True for stored mail that is sorted anew."""
    lookups: dict = field(default_factory=lambda: defaultdict(dict))
    """What the steps looked up for all mails at once, by subject of the look-up."""

    @property
    def under_way(self):
        return [mail for mail in self.mails if not mail.state]

    def in_order_of_date(self):
        """Mails under way, questions before answers as far as their dates are right."""
        under_way = set(map(id, self.under_way))
        return [mail for mail in self.mails_in_order() if id(mail) in under_way]

    def mails_in_order(self):
        """All mails by their dates."""
        return sorted(
            self.mails,
            key=lambda mail: (
                mail.parsed.date or mail.raw.received_at or datetime.max,
                mail.raw.uid,
            ),
        )

    def addresses(self):
        """Every address that a mail under way names, for one look-up."""
        found = set()
        for mail in self.under_way:
            parsed = mail.parsed
            found.update(a.email for a in [parsed.sender, *parsed.to[:100], *parsed.cc[:100]])
            found.update(parsed.delivered_to)
        found.discard("")
        return found
