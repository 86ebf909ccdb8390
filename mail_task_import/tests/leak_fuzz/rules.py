"""Who may read what: the table of ``docs/privacy.md`` as plain Python. Asks no product code.

It is told what happened, and which record a mail was linked to; who may read follows from these.
A secret word (canary) stands for each thing that can be read: ``zq`` + kind + number + ``z``.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field

CANARY = re.compile(r"zq[a-z]\d{5}z")
"""Kinds: Subject, Body, content of An attachment, its Name, From; of a copy: bCc,
Trace header; the name of a folDer."""
RECORD_PARTS = frozenset("sbf")
"""Kinds that a record has as its own once the mail has made it."""
GUESTS = frozenset(("guest", "other_guest"))


@dataclass(eq=False)
class Box:
    name: str
    kind: str
    visibility: str
    readers: set
    address: str = ""


@dataclass(eq=False)
class Copy:
    """One owner's copy of a mail: an entry, or a quarantined mail."""

    box: Box
    opened: bool
    words: dict = field(default_factory=dict)
    alive: bool = True


@dataclass(eq=False)
class Confided:
    """What the writer of a mail alone may come across: who gets it as a blind copy."""

    writer: str


@dataclass(eq=False)
class Thing:
    """A record of the host that mail is linked to."""

    name: str
    readers: set
    """Employees who can read it."""
    guests: set = field(default_factory=set)
    """Portal users who can read it."""
    outside: set = field(default_factory=set)
    """Addresses of people outside who follow it."""
    shut: bool = False
    """In a company where nobody is."""
    texts: set = field(default_factory=set)
    """Secret words that are the record's own by now."""

    def read_by(self, user):
        return not self.shut and user in self.readers | self.guests

    def joined_by(self, addresses, user_of):
        """People outside follow; of those inside only who reads it anyway."""
        self.outside |= addresses
        self.guests |= {user for user in map(user_of, addresses) if user in GUESTS}


@dataclass(eq=False)
class Mail:
    """A mail, or a draft or answer that is written here."""

    number: int
    words: dict
    copies: list = field(default_factory=list)
    links: set = field(default_factory=set)
    """Records it is linked to, proposals left out."""
    twin: bool = False
    root: "Mail | None" = None
    """The mail whose number it bears."""
    draft: bool = False
    written: bool = False
    """Begun here as a draft: who wrote it reads it, wherever it lies."""
    spoken: bool = False
    """Written in the chatter itself: it stays there."""
    public_at: set = field(default_factory=set)
    shown_at: set = field(default_factory=set)
    """Records where a reader of it published it by hand."""
    author: str = ""
    """The user who wrote it, where believed."""
    sender: str = ""
    contact: str = ""
    """The main address of the contact that the sender's address is of."""
    recipients: set = field(default_factory=set)
    """Addresses it was sent to from here."""
    copied_to: set = field(default_factory=set)
    """Addresses in its Cc."""
    quotes: list = field(default_factory=list)
    kept_by: "Box | None" = None
    """The open mailbox that threw its copy away while the mail belonged to a record."""
    told: set = field(default_factory=set)
    """Who was told of it when it was published: the host lets them read on."""

    @property
    def opened(self):
        alive = any(copy.opened for copy in self.copies if copy.alive)
        return (alive or self.kept_by) and not self.twin and not self.draft


class Rules:
    """The state of the world as far as reading goes."""

    def __init__(self, employees, portal):
        self.employees, self.portal = set(employees), set(portal)
        self.mails, self.things = [], {}
        self.of_word = defaultdict(list)
        self.queued = set()
        """Words of chatters' own notifications: the host's queue shows them to administrators."""
        self.shared = set()
        """Words of files that somebody shared by hand: with everybody who has the address."""

    # -- words ----------------------------------------------------------------------------------

    def mail(self, words, **values):
        mail = Mail(len(self.mails), words, **values)
        self.mails.append(mail)
        for word in words.values():
            self.of_word[word].append(mail)
        return mail

    def confided(self, word, writer):
        self.of_word[word].append(Confided(writer))

    def copy(self, mail, box, words):
        copy = Copy(box, box.visibility == "linked", words)
        mail.copies.append(copy)
        for word in words.values():
            self.of_word[word].append(copy)
        return copy

    # -- who reads ------------------------------------------------------------------------------

    def owns(self, user, mail):
        """Readers of the e-mail itself: of any mailbox that has a copy; of a draft, its writer."""
        alive = [copy for copy in mail.copies if copy.alive]
        if alive and mail.written and user == mail.author:
            return True
        return not mail.draft and any(user in copy.box.readers for copy in alive)

    def through_link(self, user, mail):
        """By the record's E-mails button."""
        return (
            user in self.employees
            and mail.opened
            and any(thing.read_by(user) for thing in mail.links)
        )

    def in_chatter(self, user, mail):
        shown = {
            thing for thing in mail.links if mail.spoken or mail.opened or thing in mail.shown_at
        }
        if user in self.employees:
            told = user in mail.told or (mail.spoken and user == mail.author)
            return bool(shown) and (told or any(thing.read_by(user) for thing in shown))
        public = shown & mail.public_at
        return bool(public) and (user in mail.told or any(thing.read_by(user) for thing in public))

    def reads(self, user, mail):
        return self.owns(user, mail) or self.through_link(user, mail) or self.in_chatter(user, mail)

    def may(self, user, word):
        """Whether ``user`` (None: a visitor) may come across this secret word."""
        if word in self.shared:
            return True
        if any(word in thing.texts and thing.read_by(user) for thing in self.things.values()):
            return True
        for holder in self.of_word[word]:
            if isinstance(holder, Copy):
                if holder.alive and user in holder.box.readers:
                    return True
            elif isinstance(holder, Confided):
                if user == holder.writer:
                    return True
            elif self._reads_or_quoted(user, holder):
                return True
        return False

    def _reads_or_quoted(self, user, mail):
        return self.reads(user, mail) or any(
            self._reads_or_quoted(user, other) for other in self.mails if mail in other.quotes
        )

    def by_address(self, thing, word):
        """Whether who has the shared address of a record may come across it there."""
        return word in thing.texts or any(
            isinstance(mail, Mail)
            and thing in mail.links & mail.public_at
            and (mail.spoken or mail.opened or thing in mail.shown_at)
            for mail in self.of_word[word]
        )

    def forbidden(self, user):
        return [word for word in self.of_word if not self.may(user, word)]

    def may_receive(self, address, word, user=None):
        """Whether an e-mail to ``address`` may hold the word; ``user``: whose address it is."""
        if user and self.may(user, word):
            return True
        for thing in self.things.values():
            if word in thing.texts and address in thing.outside:
                return True
        return any(
            self._may_be_sent(address, mail)
            for mail in self.of_word[word]
            if isinstance(mail, Mail)
        )

    def _may_be_sent(self, address, mail):
        if address in {mail.sender, mail.contact, *mail.recipients}:
            return True
        if mail.spoken or mail.opened:
            public = mail.links & mail.public_at
            if any(address in thing.outside for thing in public):
                return True
        return any(
            self._may_be_sent(address, other) for other in self.mails if mail in other.quotes
        )

    # -- what happens ---------------------------------------------------------------------------

    def tightened(self, box):
        """Closing reaches back; opening does not."""
        box.visibility = "owner"
        for mail in self.mails:
            for copy in mail.copies:
                if copy.box is box and copy.opened:
                    copy.opened = False
                    self._perhaps_closed(mail)
            if mail.kept_by is box:
                mail.kept_by = None
                self._perhaps_closed(mail)

    def thrown_away(self, mail, copy):
        """An owner deletes the own copy; a record keeps what an open mailbox had, and its chatter
        what is in it. What no record has is gone with the last copy.
        """
        if copy.opened and mail.opened and mail.links:
            mail.kept_by = copy.box
        copy.alive = copy.opened = False
        if not any(other.alive for other in mail.copies) and not (mail.opened or mail.shown_at):
            self.deleted(mail)

    @staticmethod
    def _perhaps_closed(mail):
        if not mail.opened:
            mail.shown_at.clear()

    def merged(self, gone, kept):
        kept.texts |= gone.texts
        kept.outside |= gone.outside
        for mail in self.mails:
            for places in (mail.links, mail.public_at, mail.shown_at):
                if gone in places:
                    places.discard(gone)
                    places.add(kept)
        self.lost(gone)

    def lost(self, thing):
        """A record is deleted: what it had as its own goes with it."""
        thing.texts = set()
        self.things = {name: other for name, other in self.things.items() if other is not thing}
        for mail in self.mails:
            mail.links.discard(thing)

    def deleted(self, mail):
        for copy in mail.copies:
            copy.alive = copy.opened = False
        if not mail.spoken:
            mail.links.clear()
