"""Filters that people make for themselves, and mail that they do not let in."""

from ..common import build_mail

UNWANTED = "unwanted@customer.example"


def skip_mail(h):
    """Name and conditions are known to the owner; what is skipped, to readers of the mailbox."""
    name = h.pick(sorted(h.boxes))
    box, mailbox = h.boxes[name], h.case.boxes[name]
    user = h.reader_of(box) if mailbox.kind == "personal" else "administrator"
    if not user:
        return None
    words = h.words("ds") if mailbox.kind == "personal" else h.words("s")
    values = {"sender": UNWANTED, "destination": "skip"}
    if mailbox.kind == "personal":
        values.update(scope="own", name=words["d"], body_any=words["d"])
    else:
        values.update(scope="group", mailbox_id=mailbox.id, sequence=h.chance.randint(1, 9))
    h.as_user(h.env["mail.import.filter"], user).create(values)
    raw = build_mail(subject=words["s"], sender=UNWANTED, to=box.address, text=words.get("d", "-"))
    (mail,) = h.case.receive(mailbox, raw)
    h.rules.copy(h.rules.mail({}), box, words).opened = False
    return f"{user} has a filter, {box.name} does not let in a mail -> {mail.state}"


def try_filter(h):
    name = h.pick(sorted(h.boxes))
    user = h.reader_of(h.boxes[name])
    if not user:
        return None
    Filter = h.as_user(h.env["mail.import.filter"], user)
    Filter.create({"subject": "*", "active": False}).action_try()
    return f"{user} tries a filter"


FILTER_ACTS = {"skip_mail": (skip_mail, 1), "try_filter": (try_filter, 1)}
