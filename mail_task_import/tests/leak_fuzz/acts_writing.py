"""What people write: answers, forwards, notes and comments in chatters; and files they share."""

from .acts_records import LEADS, PARTNERS, TASKS, own_copy, records_of


def answer(h):
    """Reply to, or forward, a mail from its mailbox; sometimes the draft stays one."""
    found = own_copy(h)
    if not found:
        return None
    mail, copy, user = found
    verb = h.pick(("action_reply", "action_reply_all", "action_forward"))
    entry = h.as_user(h.entries[copy], user)
    draft = entry.env["mail.import.email"].browse(getattr(entry, verb)()["res_id"])
    written = h.rules.mail(h.words("b"), author=user, quotes=[mail], draft=True)
    h.rules.copy(written, copy.box, {})
    h.emails[written] = draft.sudo()
    h.entries[written.copies[0]] = draft.sudo().entry_ids
    values = {"body": f"<p>{written.words['b']}</p>{draft.body}"}
    if verb == "action_forward":
        values["to"] = "zed@nowhere.example"
    draft.write(values)
    if h.chance.random() < 0.3:
        return f"{user} drafts {verb} of mail {mail.number} as {written.number}"
    return send(h, written, mail, verb, user)


def send(h, written, mail, verb, user):
    draft = h.as_user(h.emails[written], user)
    addresses = draft.sudo()._recipient_addresses()
    draft.action_send()
    written.draft = False
    written.recipients = set(addresses)
    if verb != "action_forward":
        written.public_at = set(mail.public_at)
    _tell_followers(h, written)
    return f"{user} sends {verb} of mail {mail.number} as {written.number} to {sorted(addresses)}"


def discard(h):
    drafts = [m for m in h.rules.mails if m.draft and m in h.emails and h.emails[m].exists()]
    written = h.pick(drafts)
    user = written and h.reader_of(written.copies[0].box)
    if not user:
        return None
    h.as_user(h.emails[written], user).action_discard()
    h.rules.deleted(written)
    return f"{user} discards {written.number}"


def _tell_followers(h, mail):
    """Employees who follow are told, as far as they read the record."""
    for thing in mail.links:
        mail.told |= {user for user in thing.readers if user in h.rules.employees}


def write_in_chatter(h):
    """A comment, which outsiders who follow get too, or a note."""
    names = records_of(h, TASKS, "agent") + records_of(h, LEADS, "agent")
    name = h.pick(names + records_of(h, PARTNERS, "agent")[:1])
    if not name:
        return None
    return _written(h, name, public=h.chance.random() < 0.6)


def note_beside_a_guest(h):
    """A note in a task that a customer follows with a login."""
    name = h.pick(n for n in records_of(h, TASKS, "agent") if h.rules.things[n].guests)
    return _written(h, name, public=False) if name else None


def _written(h, name, public):
    thing = h.rules.things[name]
    spoken = h.rules.mail(h.words("ban"), author="agent", spoken=True)
    spoken.links = {thing}
    if public:
        spoken.public_at = {thing}
    known = set(h.env["mail.import.email"].sudo().search([]).ids)
    h.as_user(h.records[name], "agent").message_post(
        body=spoken.words["b"],
        subtype_xmlid="mail.mt_comment" if public else "mail.mt_note",
        message_type="comment",
        attachments=[(f"{spoken.words['n']}.txt", f"file {spoken.words['a']}".encode())],
    )
    _tell_followers(h, spoken)
    _recorded(h, spoken, known)
    return f"agent writes {spoken.number} in {name}, public={public}"


def _recorded(h, spoken, known):
    """An answer that leaves from a mailbox is the mailbox's mail too."""
    for email in h.env["mail.import.email"].sudo().search([("id", "not in", list(known))]):
        box = h.boxes[next(n for n, m in h.case.boxes.items() if m == email.entry_ids.mailbox_id)]
        h.rules.copy(spoken, box, {})
        h.emails[spoken] = email
        h.entries[spoken.copies[-1]] = email.entry_ids


def share_file(h):
    """Somebody who may makes an address of a record's file that works for everybody."""
    messages = (
        h.env["mail.message"]
        .sudo()
        .search([("id", ">", h.case.first_ids["mail.message"]), ("attachment_ids", "!=", False)])
    )
    file = h.pick(messages.attachment_ids.sorted("id"))
    if not file:
        return None
    h.as_user(file, "agent").generate_access_token()
    words = [w for w in h.rules.of_word if w in file.name or w.encode() in (file.raw or b"")]
    h.rules.shared |= set(words)
    return f"agent shares {file.name}"


def share_own_file(h):
    """Files of a stored mail are nobody's to share."""
    mail = h.pick([m for m in h.emails if h.emails[m].exists().attachment_ids])
    if not mail:
        return None
    user = h.pick(sorted(set(h.rules.employees) - h.archived))
    files = h.as_user(h.emails[mail].attachment_ids, user)
    files.generate_access_token()
    return f"{user} shares the files of mail {mail.number}"


WRITING_ACTS = {
    "answer": (answer, 4),
    "discard": (discard, 1),
    "write_in_chatter": (write_in_chatter, 4),
    "note_beside_a_guest": (note_beside_a_guest, 1),
    "share_file": (share_file, 1),
    "share_own_file": (share_own_file, 1),
}
