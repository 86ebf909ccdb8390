"""One history: acts, each drawn from a number of its own, so that any of them can be left out."""

import json
import random
from contextlib import suppress

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import mute_logger
from odoo.tools.mail import email_normalize_all

from ..common import build_mail
from .acts import ACTS
from .rules import CANARY, RECORD_PARTS
from .stage import new_thing

REFUSED = (AccessError, UserError, ValidationError)
QUIET = (
    "odoo.models",
    "odoo.models.unlink",
    "odoo.sql_db",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_access",
    "odoo.addons.mail_task_import.models.importer",
    "odoo.addons.base.models.ir_attachment",
    "odoo.addons.base.partner.merge",
    "odoo.addons.mail.models.mail_mail",
    "odoo.addons.base.models.ir_model",
)


def draw(seed, length):
    """The acts of a history: ``(name, seed)`` each."""
    chance = random.Random(seed)
    names = [name for name, (_act, weight) in ACTS.items() for _time in range(weight)]
    first = [("receive", chance.getrandbits(32)) for _time in range(2)]
    return first + [(chance.choice(names), chance.getrandbits(32)) for _time in range(length - 2)]


class History:
    """The world while things happen: the product's records beside what the rules know of them."""

    def __init__(self, case):
        self.case, self.env, self.rules = case, case.env, case.new_rules()
        self.boxes = self.rules.boxes
        self.records = dict(case.records)
        self.emails, self.entries, self.raws, self.quarantined = {}, {}, {}, []
        self.claims = {}
        """Mail -> the mail it answers, and the record whose number it bears."""
        self.folders = []
        """Own folders, each with the mailbox whose readers see it."""
        self.archived, self.fresh_ids = set(), {}
        self.further, self.scheduled = {}, []
        """Remembered address -> name of its contact; what is to be in a chatter later."""
        self.counter, self.log, self.leaks = 0, [], []
        self.seen = {
            model: case._last_id(model) for model in ("mail.mail", "mail.message", "bus.bus")
        }

    def walk(self, acts):
        for number, (name, seed) in enumerate(acts):
            self.chance = random.Random(seed)
            self.step = number
            with mute_logger(*QUIET):
                try:
                    with self.env.cr.savepoint():
                        said = ACTS[name][0](self)
                        self.env.flush_all()
                except REFUSED as error:
                    said = f"refused: {str(error)[:80]!r}"
                self.env.invalidate_all()
                self.look_around()
                self.overhear()
            self.log.append(f"{number:3} {name}: {said or 'nothing to do'}")

    # -- words and mails ------------------------------------------------------------------------

    def word(self, kind):
        self.counter += 1
        return f"zq{kind}{self.counter:05d}z"

    def words(self, kinds):
        return {kind: self.word(kind) for kind in kinds}

    def as_user(self, records, name):
        return self.case.as_user(records, self.case.people[name])

    def pick(self, things):
        things = list(things)
        return self.chance.choice(things) if things else None

    def reader_of(self, box):
        """Somebody who reads the mailbox, and can log in."""
        return self.pick(sorted(box.readers - self.archived))

    def living_copies(self):
        """``(mail, copy)`` of all entries that are there, oldest first."""
        return [
            (mail, copy)
            for mail in self.rules.mails
            for copy in mail.copies
            if copy.alive and copy in self.entries and self.entries[copy].exists()
        ]

    def build(self, words, sender, to, **values):
        """The part of a mail that all its copies share."""
        values.setdefault("message_id", f"<m{len(self.rules.mails)}@mail.example>")
        return build_mail(
            subject=values.pop("title", "") + words["s"],
            sender=f"{words['f']} <{sender}>",
            to=to,
            text=f"Dear all, {words['b']} it is.",
            attachments=[
                (f"{words['n']}.txt", f"file {words['a']}".encode(), "text/plain"),
            ],
            Received="from out.example by mx.company.example; now",
            **values,
        )

    def deliver(self, mail, box, raw, history=False):
        """Import one copy with a Bcc and a trace header of its own; tell the rules."""
        words, others = self.words("ct"), self.has_others(mail)
        if mail not in self.emails:
            self.perhaps_public(mail)
        head = f"Bcc: {words['c']}@audit.example\r\nReceived: from {words['t']}.example by in\r\n"
        (outcome,) = self.case.receive(
            self.case.boxes[box.name], head.encode() + raw, history=history
        )
        self.raws.setdefault(mail, raw)
        if outcome.state == "quarantined":
            copy = self.rules.copy(mail, box, words)
            copy.opened = False
            self.quarantined.append((mail, copy, outcome.quarantine))
            return outcome
        if outcome.state == "filtered":
            # the filter shows who wrote, and about what, to readers of the mailbox
            noted = {kind: mail.words[kind] for kind in "sf"}
            self.rules.copy(self.rules.mail({}), box, noted).opened = False
        if not outcome.email:
            return outcome
        known = outcome.entry and outcome.entry in self.entries.values()
        if not known:
            self.entries[self.rules.copy(mail, box, words)] = outcome.entry
        if mail not in self.emails:
            self.emails[mail], mail.twin = outcome.email, others
        return outcome

    def has_others(self, mail):
        """Whether another mail of its number is there: then this one is its twin."""
        root = mail.root or mail
        return any(
            other is not mail and (other.root or other) is root and self.emails[other].exists()
            for other in self.emails
        )

    # -- what is public in a record ---------------------------------------------------------------

    def perhaps_public(self, mail):
        """What answers a public message; what bears a record's number, from its own people."""
        question, name = self.claims.get(mail, (None, None))
        if question:
            mail.public_at |= question.public_at
        thing = self.rules.things.get(name)
        if thing and self._takes_part(mail, thing, self.records[name].sudo().exists()):
            mail.public_at.add(thing)

    def _takes_part(self, mail, thing, record):
        user = self.user_of(mail.sender)
        if user in self.rules.employees and user not in self.archived:
            return mail.author == user and thing.read_by(user)
        people = record.message_partner_ids | record.partner_id
        written = record.mapped("email_normalized") if record._name == "crm.lead" else []
        here = [m for m in self.rules.mails if thing in m.links]
        heard = {m.sender for m in here if not m.spoken}
        heard = heard.union(*(m.copied_to | m.recipients for m in here))
        further = {a for a, name in self.further.items() if self.records[name].sudo() in people}
        return mail.sender in {*people.mapped("email_normalized"), *written, *heard, *further}

    # -- which record a mail belongs to is a fact; who may read follows from it --------------------

    def look_around(self):
        self.meet_contacts()
        by_record = {(r._name, r.id): name for name, r in self.records.items()}
        for mail, email in self.emails.items():
            if mail.spoken:
                continue
            links = email.exists().link_ids.filtered(lambda link: not link.suggested)
            mail.links = {self.thing_of(link, mail, by_record) for link in links} - {None}

    def meet_contacts(self):
        """A rule makes contacts of unknown senders: their names are no secret of the mail's."""
        first = self.case.first_ids["res.partner"]
        for contact in self.env["res.partner"].sudo().search([("id", ">", first)]):
            self.rules.shared |= set(CANARY.findall(contact.name or ""))

    def thing_of(self, link, mail, by_record):
        place = link.res_model, link.res_id
        if place not in by_record:
            if link.res_model not in ("project.task", "crm.lead", "res.partner"):
                return None
            self.new_record(link._get_record(), mail, by_record)
            if link.rule_id.follow_cc:
                self.rules.things[by_record[place]].joined_by(mail.copied_to, self.user_of)
        return self.rules.things.get(by_record[place])

    def new_record(self, record, mail, by_record):
        """Made by a mail that may make one: what is said in it is the record's own."""
        name = f"{record._name.split('.')[-1]}{record.id}"
        self.records[name] = record
        by_record[record._name, record.id] = name
        thing = new_thing(self.rules, name, record._name)
        people = self.case.people.items()
        if whose := {n for n, user in people if n and user.partner_id == record}:
            thing.guests |= whose & self.rules.portal
        elif mail.opened:
            self._made_by(mail, thing)

    def _made_by(self, mail, thing):
        """What the mail says is the record's own."""
        thing.texts |= {word for kind, word in mail.words.items() if kind in RECORD_PARTS}
        mail.public_at.add(thing)
        thing.outside |= {mail.sender, mail.contact}

    # -- what leaves at once: outgoing mail, and the bus ------------------------------------------

    def overhear(self):
        self.env.cr.precommit.run()
        self.env.flush_all()
        self._note_who_is_told()
        self._overhear_mails()
        self._overhear_bus()

    def _note_who_is_told(self):
        """Who is rightly told of a message reads on, as the host has it."""
        for message in self._fresh("mail.message"):
            words = [word for word in CANARY.findall(message.body or "") if word[2] == "b"]
            for mail in self.rules.of_word[words[0]][:1] if words else ():
                partners = message.partner_ids | message.notification_ids.res_partner_id
                names = {self.case.name_of_partner.get(id_) for id_ in partners.ids} - {None}
                mail.told |= {name for name in names if self.rules.in_chatter(name, mail)}

    def _fresh(self, model):
        fresh = self.env[model].sudo().search([("id", ">", self.seen[model])], order="id")
        if fresh:
            self.seen[model] = max(fresh.ids)
        return fresh

    def _overhear_mails(self):
        for mail in self._fresh("mail.mail"):
            files = mail.attachment_ids
            text = " ".join(
                [
                    str(mail.subject), str(mail.body_html), str(mail.email_from),
                    str(mail.headers), *files.mapped("name"),
                    *((file.raw or b"").decode(errors="replace") for file in files),
                ]
            )  # fmt: skip
            if not mail.mail_import_mailbox_id:
                self.rules.queued |= self._the_hosts_own(text)
            addresses = {a for a in mail.recipient_ids.mapped("email_normalized") if a}
            addresses |= set(email_normalize_all(f"{mail.email_to or ''},{mail.email_cc or ''}"))
            for address in addresses:
                user = self.user_of(address)
                for word in set(CANARY.findall(text)):
                    if not self.rules.may_receive(address, word, user):
                        self.leak(f"mail to {address}", word, "notified by mail")

    def _the_hosts_own(self, text):
        """Words that a chatter's own message, or the name of a record, has put into the queue."""
        own = {w for m in self.rules.mails if m.spoken and not m.copies for w in m.words.values()}
        own |= {w for thing in self.rules.things.values() for w in thing.texts}
        return own & set(CANARY.findall(text))

    def main(self, address):
        """The main address of the contact for whom this one is remembered."""
        name = self.further.get(address)
        return self.records[name].sudo().email_normalized if name else address

    def user_of(self, address):
        return self.case.name_of_address.get(self.main(address))

    def _overhear_bus(self):
        partners, users = self.case.name_of_partner, {u.id: n for n, u in self.case.people.items()}
        for note in self._fresh("bus.bus"):
            words = set(CANARY.findall(str(note.message)))
            for word in words:
                for user in self._listeners(note.channel, partners, users):
                    if user not in self.archived and not self.rules.may(user, word):
                        self.leak(user, word, f"bus {note.channel} {note.message[:80]}")

    def _listeners(self, channel, partners, users):
        with suppress(ValueError, TypeError):
            _database, model, id_, *_rest = json.loads(channel)
            if model == "res.partner":
                return [partners[id_]] if id_ in partners else []
            if model == "res.users":
                return [users[id_]] if id_ in users else []
        return list(self.case.people)

    def leak(self, user, word, how):
        self.leaks.append((self.step, user, word, how))
