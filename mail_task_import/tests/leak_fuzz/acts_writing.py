"""What people write: answers, forwards, notes and comments in chatters, now or later."""

from datetime import timedelta

from odoo import fields

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
    written = h.rules.mail(h.words("b"), author=user, quotes=[mail], draft=True, written=True)
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
    return f"{user} sends {verb} of mail {mail.number} as {written.number} to {sorted(addresses)}"


def discard(h):
    drafts = [m for m in h.rules.mails if m.draft and m in h.emails and h.emails[m].exists()]
    written = h.pick(drafts)
    if not written:
        return None
    user = written.author
    h.as_user(h.emails[written], user).action_discard()
    h.rules.deleted(written)
    return f"{user} discards {written.number}"


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
    recorded(h, spoken, known)
    return f"agent writes {spoken.number} in {name}, public={public}"


def recorded(h, spoken, known):
    """An answer that leaves from a mailbox is the mailbox's mail too."""
    for email in h.env["mail.import.email"].sudo().search([("id", "not in", list(known))]):
        box = h.boxes[next(n for n, m in h.case.boxes.items() if m == email.entry_ids.mailbox_id)]
        h.rules.copy(spoken, box, {})
        h.emails[spoken] = email
        h.entries[spoken.copies[-1]] = email.entry_ids


def schedule_in_chatter(h):
    """Written now, and in the chatter later: until then who may post in the record reads it."""
    name = h.pick(records_of(h, TASKS, "agent") + records_of(h, LEADS, "agent"))
    if not name:
        return None
    note, record = h.chance.random() < 0.5, h.records[name]
    spoken = h.rules.mail(h.words("sb"), author="agent", spoken=True)
    spoken.links = {h.rules.things[name]}
    Scheduled = h.as_user(h.env["mail.scheduled.message"], "agent")
    waiting = Scheduled.create(
        {
            "model": record._name,
            "res_id": record.id,
            "author_id": Scheduled.env.user.partner_id.id,
            "subject": spoken.words["s"],
            "body": spoken.words["b"],
            "is_note": note,
            "scheduled_date": fields.Datetime.now() + timedelta(days=1),
        }
    )
    h.scheduled.append((spoken, waiting.sudo()))
    return f"agent schedules {spoken.number} in {name}, note={note}"


def post_scheduled(h):
    found = h.pick((spoken, waiting) for spoken, waiting in h.scheduled if waiting.exists())
    if not found:
        return None
    spoken, waiting = found
    if not waiting.is_note:
        spoken.public_at = set(spoken.links)
    known = set(h.env["mail.import.email"].sudo().search([]).ids)
    h.as_user(waiting, "agent").post_message()
    recorded(h, spoken, known)
    return f"agent posts {spoken.number}, which was scheduled"


def fail_notification(h):
    """A mail that tells somebody of a message is refused; the message's author hears of it."""
    Mail = h.env["mail.mail"].sudo()
    mail = h.pick(
        Mail.search([("id", ">", h.case.first_ids["mail.mail"]), ("is_notification", "=", True)])
    )
    if not mail:
        return None
    mail.notification_ids.notification_status = "ready"
    mail._postprocess_sent_message([], [], "refused", "mail_smtp")
    return f"a notification of {mail.mail_message_id} is refused"


WRITING_ACTS = {
    "answer": (answer, 4),
    "discard": (discard, 1),
    "write_in_chatter": (write_in_chatter, 4),
    "note_beside_a_guest": (note_beside_a_guest, 1),
    "schedule_in_chatter": (schedule_in_chatter, 1),
    "post_scheduled": (post_scheduled, 1),
    "fail_notification": (fail_notification, 1),
}
