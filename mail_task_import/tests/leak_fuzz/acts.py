"""What happens: mail comes in, and people do with their own rights what they may do.

Every act takes the history, draws what it needs from ``history.chance``, does it, tells the
rules, and returns what it did in words; nothing where there was nothing to do it with.
"""

import base64
from contextlib import contextmanager
from unittest.mock import patch

from .acts_addresses import ADDRESS_ACTS, STRANGERS
from .acts_filing import FILING_ACTS
from .acts_records import RECORD_ACTS, TASKS, link_to, records_of
from .acts_sharing import SHARING_ACTS
from .acts_sorting import SORTING_ACTS, make_filter, make_group_filter, make_rule
from .acts_ways import WAYS_ACTS
from .acts_writing import WRITING_ACTS

CUSTOMERS = ("ann@customer.example", "dan@customer.example", "portal@customer.example")
EMPLOYEES = ("agent@company.example", "boss@company.example", "colleague@company.example")
CODES = {"project.task": "TASK", "crm.lead": "LEAD"}


# -- mail comes in --------------------------------------------------------------------------------


def _sender(h):
    """Address, headers that vouch for it, and the user who is believed to have written it."""
    kind = h.chance.random()
    if kind < 0.5:
        address = h.pick(CUSTOMERS)
        return address, {}, h.user_of(address)
    if kind < 0.8:
        address = h.pick(STRANGERS)
        return address, {}, h.user_of(address)
    address = h.pick(EMPLOYEES)
    if kind < 0.9:
        return address, {}, None
    verdict = "mx.company.example; dmarc=pass header.from=company.example"
    return address, {"Authentication_Results": verdict}, h.user_of(address)


def _recipients(h, box):
    """To and Cc; names of people outside and inside in Cc are a stranger's words."""
    others = [b.address for b in h.boxes.values() if b is not box]
    headers = {}
    if h.chance.random() < 0.4:
        names = h.chance.sample([*CUSTOMERS, *STRANGERS, *EMPLOYEES, *others], 2)
        headers["Cc"] = ", ".join(names)
    to = box.address
    if h.chance.random() < 0.2:
        to = f"{h.pick(others)}, {to}"
    return to, headers


def _reply(h, sender):
    """An answer to any known mail or message, by whom it may be: ``(headers, question)``."""
    known = [m for m in h.rules.mails if m in h.emails and h.emails[m].exists()]
    question = h.pick(known)
    if not question or h.chance.random() > 0.55:
        return {}, None
    return {"in_reply_to": h.emails[question].sudo().message_id or None}, question


def _title(h, sender):
    """Sometimes the number of a record."""
    record = h.records[h.pick(sorted(h.records))]
    if record._name in CODES and record.exists() and h.chance.random() < 0.15:
        return f"[{CODES[record._name]}-{record.id}] "
    return ""


def receive(h):
    box = h.boxes[h.pick(sorted(h.boxes))]
    sender, vouched, author = _sender(h)
    to, headers = _recipients(h, box)
    answer, question = _reply(h, sender)
    title = _title(h, sender)
    if h.chance.random() < 0.1:
        headers["Auto_Submitted"] = "auto-generated"
    mail = h.rules.mail(h.words("sbanf"), sender=sender, author=author, contact=h.main(sender))
    mail.copied_to = set(headers.get("Cc", "").split(", ")) - {""}
    h.claims[mail] = question, _numbered(h, title)
    raw = h.build(
        mail.words, sender, to, title=title,
        minutes_ago=h.chance.randint(1, 4000), **headers, **vouched, **answer,
    )  # fmt: skip
    outcome = h.deliver(mail, box, raw, history=h.chance.random() < 0.1)
    return (
        f"mail {mail.number} from {sender} into {box.name}, answers "
        + (f"{question.number}, " if question else "nothing, ")
        + f"{title}-> {outcome.state}"
    )


def receive_by_rule(h):
    return f"{make_rule(h)}; {receive(h)}"


def receive_by_filter(h):
    make = h.pick((make_filter, make_filter, make_group_filter))
    return f"{make(h)}; {receive(h)}"


def _numbered(h, title):
    """The record whose number a subject bears."""
    return next(
        (
            name
            for name, record in h.records.items()
            if title.startswith(f"[{CODES.get(record._name)}-{record.id}]")
        ),
        None,
    )


def mail_beside_a_guest(h):
    """A stranger's mail is published in a task that a customer follows with a login."""
    box = h.boxes["support"]
    name = h.pick(n for n in records_of(h, TASKS, "agent") if h.rules.things[n].guests)
    if not name or "agent" not in box.readers:
        return None
    sender = "zed@nowhere.example"
    mail = h.rules.mail(h.words("sbanf"), sender=sender, contact=h.main(sender))
    outcome = h.deliver(mail, box, h.build(mail.words, mail.sender, box.address))
    if outcome.state != "stored":
        return f"mail {mail.number} -> {outcome.state}"
    h.look_around()
    return link_to(h, mail, mail.copies[0], "agent", name)


def same_mail_elsewhere(h):
    mail = h.pick([m for m in h.rules.mails if m in h.raws])
    if not mail:
        return None
    box = h.boxes[h.pick(sorted(h.boxes))]
    outcome = h.deliver(mail, box, h.raws[mail])
    return f"mail {mail.number} into {box.name} as well -> {outcome.state}"


def twin(h):
    """The same Message-ID, sender and date with other content: a forgery, or a relay's footer."""
    known = h.pick([m for m in h.rules.mails if m in h.raws and m.words.keys() >= set("sbanf")])
    if not known:
        return None
    box = h.boxes[h.pick(sorted(h.boxes))]
    mail = h.rules.mail(h.words("sbanf"), sender=known.sender, contact=h.main(known.sender))
    raw = h.raws[known]
    for kind in "sbanf":
        raw = raw.replace(known.words[kind].encode(), mail.words[kind].encode())
    raw = _with_file_of(raw, known, mail)
    mail.root = known.root or known
    h.claims[mail] = h.claims.get(known, (None, None))
    outcome = h.deliver(mail, box, raw)
    mail.public_at |= known.public_at
    return f"mail {mail.number}, a twin of {known.number}, into {box.name} -> {outcome.state}"


def _with_file_of(raw, known, mail):
    """The content of the file is encoded; both words are of one length."""
    before = base64.b64encode(f"file {known.words['a']}".encode())
    return raw.replace(before, base64.b64encode(f"file {mail.words['a']}".encode()))


# -- mailboxes ------------------------------------------------------------------------------------


def change_visibility(h):
    name = h.pick(sorted(h.boxes))
    box, mailbox = h.boxes[name], h.case.boxes[name]
    visibility = h.pick(("linked", "owner"))
    who = "boss" if name == "private" else "agent" if name == "own" else "mailadmin"
    h.as_user(mailbox, who).write({"visibility": visibility})
    if visibility == "owner":
        h.rules.tightened(box)
    box.visibility = visibility
    return f"{who} sets {name} to {visibility}"


def change_members(h):
    name = h.pick(("support", "closed", "sales"))
    box, mailbox = h.boxes[name], h.case.boxes[name]
    person = h.pick(("agent", "clerk", "boss", "reader", "colleague", "mailadmin"))
    user = h.case.people[person]
    if name == "sales":
        _change_team(h, box, person, user)
    else:
        joins = person not in box.readers
        command = (4 if joins else 3, user.id)
        h.as_user(mailbox, "mailadmin").write({"member_ids": [command]})
        (box.readers.add if joins else box.readers.discard)(person)
    return f"{name} is read by {sorted(box.readers)}"


def _change_team(h, box, person, user):
    members = h.env["crm.team.member"].sudo().with_context(active_test=False)
    member = members.search([("crm_team_id", "=", h.case.team.id), ("user_id", "=", user.id)])
    if person in box.readers:
        member.active = False
        box.readers.discard(person)
        return
    if member:
        member.active = True
    else:
        members.create({"crm_team_id": h.case.team.id, "user_id": user.id})
    box.readers.add(person)


def archive_user(h):
    name = h.pick(("boss", "reader", "clerk", "guest"))
    if name in h.archived:
        return None
    h.archived.add(name)
    h.case.people[name].sudo().active = False
    return f"{name} is archived"


# -- quarantine -----------------------------------------------------------------------------------


@contextmanager
def _broken(env):
    """Mail cannot be linked: a bug of some add-on."""
    Link = env.registry["mail.import.link"]

    def failing(model, batch):
        raise ValueError("cannot be linked")

    with patch.object(Link, "_store", failing):
        yield


def quarantine(h):
    with _broken(h.env):
        return f"in quarantine: {receive(h)}"


def end_quarantine(h):
    waiting = [q for q in h.quarantined if q[2].exists().state in ("waiting", "kept")]
    found = h.pick(waiting)
    if not found:
        return None
    mail, copy, quarantined = found
    user = h.reader_of(copy.box)
    if not user:
        return None
    others = h.has_others(mail)
    verb = h.pick(("action_retry", "action_release", "action_delete"))
    if verb != "action_delete":
        h.perhaps_public(mail)
    getattr(h.as_user(quarantined, user), verb)()
    email = quarantined.sudo().email_id
    if verb == "action_delete":
        copy.alive = False
    elif email and copy not in h.entries:
        mail.twin |= others and mail not in h.emails
        h.emails.setdefault(mail, email)
        entry = email.entry_ids.filtered(lambda entry: entry.mailbox_id.name == _name(h, copy.box))
        copy.opened = copy.box.visibility == "linked"
        h.entries[copy] = entry[:1]
    return f"{user} {verb} mail {mail.number}"


def _name(h, box):
    return h.case.boxes[box.name].name


# -- audits ---------------------------------------------------------------------------------------


def audit(h):
    """An audit names a message that is missing: the list is the readers' of the mailbox."""
    name = h.pick(sorted(h.boxes))
    words = h.words("st")
    found = h.env["mail.import.audit"].sudo().create({"mailbox_id": h.case.boxes[name].id})
    folder = (
        h.env["mail.import.remote.folder"]
        .sudo()
        .create({"mailbox_id": h.case.boxes[name].id, "name": f"Folder {found.id}"})
    )
    found.line_ids._write_down(found, folder, {1: None})
    found.line_ids.write({"subject": words["s"], "sender": f"{words['t']} <zed@nowhere.example>"})
    h.rules.copy(h.rules.mail({}), h.boxes[name], words).opened = False
    return f"an audit of {name} names a missing message"


ACTS = {
    "receive": (receive, 12),
    "receive_by_rule": (receive_by_rule, 4),
    "receive_by_filter": (receive_by_filter, 3),
    "same_mail_elsewhere": (same_mail_elsewhere, 3),
    "twin": (twin, 2),
    "mail_beside_a_guest": (mail_beside_a_guest, 1),
    "change_visibility": (change_visibility, 3),
    "change_members": (change_members, 3),
    "archive_user": (archive_user, 1),
    "quarantine": (quarantine, 1),
    "end_quarantine": (end_quarantine, 2),
    "audit": (audit, 1),
    **RECORD_ACTS,
    **WRITING_ACTS,
    **SHARING_ACTS,
    **FILING_ACTS,
    **ADDRESS_ACTS,
    **SORTING_ACTS,
    **WAYS_ACTS,
}
"""Name -> what is done, and how often of how many."""
