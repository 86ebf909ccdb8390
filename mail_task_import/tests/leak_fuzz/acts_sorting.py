"""Which mail becomes what: filters, import rules, *Process Again*; and *Delete for Everyone*."""

from .acts_addresses import STRANGERS
from .acts_records import LEADS, own_copy

CUSTOMER_DOMAIN = "customer.example"
PERSONAL = {"agent": "own", "boss": "private"}
"""Who has a mailbox of one's own, and which."""


def _named_by(h, box):
    """A secret word of somebody's own: who reads that mailbox may see it, nobody else."""
    words = h.words("o")
    h.rules.copy(h.rules.mail({}), h.boxes[box], words).opened = False
    return words["o"]


def _conditions(h):
    return h.pick(
        [
            {"sender": CUSTOMER_DOMAIN},
            {"sender": h.pick(STRANGERS)},
            {"body_any": "dear all"},
            {"has_attachments": True, "sender_is": h.pick(("known", "unknown"))},
        ]
    )


def make_filter(h):
    """A user's own: its name, and what it has skipped, are the user's alone."""
    user = h.pick(sorted(set(PERSONAL) - h.archived))
    if not user:
        return None
    box = PERSONAL[user]
    destination = h.pick(("keep", "archive", "trash", "skip", "folder"))
    folder = h.pick(f for of, f in h.folders if of is h.boxes[box] and f.exists())
    if destination == "folder" and not folder:
        destination = "keep"
    h.as_user(h.env["mail.import.filter"], user).create(
        {
            "name": _named_by(h, box),
            "scope": "own",
            "destination": destination,
            "folder_id": folder.id if destination == "folder" else False,
            "mark_read": h.chance.random() < 0.3,
            "silent": h.chance.random() < 0.3,
            **_conditions(h),
        }
    )
    return f"{user} filters: {destination}"


def try_filter(h):
    user = h.reader_of(h.boxes[h.pick(sorted(h.boxes))])
    if not user:
        return None
    Filter = h.as_user(h.env["mail.import.filter"], user)
    Filter.create({"subject": "*", "active": False}).action_try()
    return f"{user} tries a filter"


def make_group_filter(h):
    """Of all mailboxes, or of a group mailbox: an administrator's."""
    destination = h.pick(("keep", "archive", "trash", "skip"))
    values = {"scope": "global"}
    if h.chance.random() < 0.6:
        box = h.pick(("support", "sales", "closed"))
        values = {"scope": "group", "mailbox_id": h.case.boxes[box].id}
    h.as_user(h.env["mail.import.filter"], "mailadmin").create(
        {"name": "Of the house", "destination": destination, **values, **_conditions(h)}
    )
    return f"mailadmin filters {values}: {destination}"


def make_rule(h):
    """It acts as the agent, who may make tasks in the project, and leads."""
    kind = h.pick(("task", "lead"))
    values = {"project_id": h.case.project.id} if kind == "task" else {}
    if h.chance.random() < 0.5:
        values["mailbox_ids"] = [(4, h.case.boxes[h.pick(("support", "sales", "closed"))].id)]
    if h.chance.random() < 0.5:
        values["sender_domains"] = CUSTOMER_DOMAIN
    if h.chance.random() < 0.3:
        values |= {"number_pattern": "#{number}", "weak_first": "sender"}
    policies = ["refuse", "owner", "contact", *(["portal"] if kind == "task" else [])]
    rule = h.as_user(h.env["mail.import.rule"], "mailadmin").create(
        {
            "name": "Rule",
            "owner_id": h.case.people["agent"].id,
            "target_id": h.env.ref(f"mail_task_import.target_{kind}").id,
            "keyword": "dear all",
            "unknown_sender": h.pick(policies),
            "follow_cc": h.chance.random() < 0.5,
            "reply_operation": h.pick(("comment", "comment", "note")),
            "closed_way": h.pick(("comment", "reopen", "new")),
            "sequence": h.chance.randint(1, 9),
            **values,
        }
    )
    return f"mailadmin makes rule {rule.id}: {kind}, {rule.unknown_sender}, {values}"


def undo_rule(h):
    """By somebody who may delete what it made; the mail stays its readers'."""
    made = h.env["mail.import.link"].search([("rule_id", "!=", False), ("made_record", "=", True)])
    rule = h.pick(made.rule_id)
    if not rule:
        return None
    dialog = h.env["mail.import.rule.undo"].browse(rule.action_undo()["res_id"])
    dialog.action_undo()
    things = h.rules.things
    gone = [name for name in things if not h.records[name].sudo().exists()]
    for thing in [things[name] for name in gone]:
        h.rules.lost(thing)
    return f"rule {rule.id} is undone, {len(gone)} records are withdrawn"


def process_again(h):
    found = own_copy(h)
    if not found:
        return None
    mail, copy, user = found
    h.perhaps_public(mail)
    h.as_user(h.entries[copy], user).action_process_again()
    return f"{user} processes mail {mail.number} again"


def delete_own_for_everyone(h):
    """By a reader of a copy; the files go from chatters too."""
    found = own_copy(h)
    if not found or found[2] not in ("agent", "mailadmin"):
        return None
    mail, copy, user = found
    h.as_user(h.entries[copy], user).action_delete_for_everyone()
    h.rules.deleted(mail)
    return f"{user} deletes mail {mail.number} for everyone"


def close_record(h):
    """Replies to it reopen it, or make another one, where a rule says so."""
    name = h.pick(
        n for n, r in h.records.items() if r._name != LEADS and "task" in n and r.exists()
    )
    if not name or name not in h.rules.things:
        return None
    h.records[name].sudo().state = "1_done"
    return f"{name} is done"


SORTING_ACTS = {
    "make_filter": (make_filter, 1),
    "make_group_filter": (make_group_filter, 1),
    "try_filter": (try_filter, 1),
    "make_rule": (make_rule, 2),
    "undo_rule": (undo_rule, 2),
    "process_again": (process_again, 2),
    "delete_own_for_everyone": (delete_own_for_everyone, 1),
    "close_record": (close_record, 1),
}
