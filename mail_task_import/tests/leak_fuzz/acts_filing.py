"""What people do with folders, the Trash, and what they delete for everyone."""

from .acts_records import own_copy, readable_records

FOR_EVERYONE = ("administrator", "mailadmin")


def make_folder(h):
    """Its name is known to those who read the mailbox that it belongs to."""
    name = h.pick(sorted(h.boxes))
    user = h.reader_of(h.boxes[name])
    if not user:
        return None
    mailbox = h.case.boxes[name]
    words = h.words("d")
    Folder = h.as_user(h.env["mail.import.folder"], user)
    values = {"name": words["d"], "color": 3}
    if mailbox.kind == "group":
        values["mailbox_id"] = mailbox.id
    h.folders.append((h.boxes[name], Folder.create(values)))
    h.rules.copy(h.rules.mail({}), h.boxes[name], words).opened = False
    return f"{user} makes a folder of {name}"


def file_mail(h):
    found = own_copy(h)
    if not found:
        return None
    mail, copy, user = found
    folder = h.pick(f for box, f in h.folders if box is copy.box and f.exists())
    if not folder:
        return None
    entry = h.as_user(h.entries[copy], user)
    wizard = entry.env["mail.import.move.to"].browse(entry.action_move_to()["res_id"])
    wizard.folder_id = folder.id
    wizard.action_move()
    return f"{user} files mail {mail.number} of {copy.box.name}"


def delete_folder(h):
    box, folder = h.pick(h.folders) or (None, None)
    user = box and h.reader_of(box)
    if not user or not folder.exists():
        return None
    h.as_user(folder, user).action_delete_folder()
    return f"{user} deletes a folder of {box.name}"


def empty_trash(h):
    """Everything in it is old enough."""
    entries = [(m, c) for m, c in h.living_copies() if h.entries[c].folder_id.kind == "trash"]
    if not entries:
        return None
    h.env.flush_all()
    h.env.cr.execute(
        "UPDATE mail_import_entry SET filed_on = '2000-01-01' WHERE id = ANY(%s)",
        [[h.entries[copy].id for _mail, copy in entries]],
    )
    h.env.invalidate_all()
    h.case.as_importer(h.env["mail.import.entry"])._gc_trash()
    for mail, copy in entries:
        if not h.entries[copy].exists():
            h.rules.thrown_away(mail, copy)
    return f"the Trash is emptied of {len(entries)}"


def delete_for_everyone(h):
    """Who may, and reads the mail by a record; to try it on others is refused."""
    user = h.pick(FOR_EVERYONE)
    mail = h.pick(m for m in h.rules.mails if m in h.emails and h.emails[m].exists())
    if not mail:
        return None
    links = h.as_user(h.emails[mail].sudo().link_ids[:1], user)
    if not links or not readable_records(h, user):
        return None
    links.action_delete_for_everyone()
    if h.emails[mail].exists():
        return None
    h.rules.deleted(mail)
    return f"{user} deletes mail {mail.number} for everyone"


FILING_ACTS = {
    "make_folder": (make_folder, 1),
    "file_mail": (file_mail, 2),
    "delete_folder": (delete_folder, 1),
    "empty_trash": (empty_trash, 1),
    "delete_for_everyone": (delete_for_everyone, 1),
}
