"""What people share with everybody who has the address: files, and records."""

from .acts_records import TASKS, records_of
from .acts_writing import recorded


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


def share_record(h):
    """Somebody outside is sent the address of a task, which works without a login, and follows."""
    name = h.pick(records_of(h, TASKS, "agent"))
    if not name:
        return None
    who = h.pick(("dan", "guest"))
    record, partner = h.records[name], h.records[f"partner_{who}"].sudo().exists()
    if not partner:
        return None
    known = set(h.env["mail.import.email"].sudo().search([]).ids)
    dialog = h.as_user(h.env["portal.share"], "agent").create(
        {"res_model": record._name, "res_id": record.id, "partner_ids": [(6, 0, partner.ids)]}
    )
    thing = h.rules.things[name]
    invitation = _invitation(h, thing, partner.email_normalized)
    thing.outside.add(partner.email_normalized)
    thing.guests |= {who} & h.rules.portal
    dialog.action_send_mail()
    recorded(h, invitation, known)
    return f"agent shares {name} with {who}"


def _invitation(h, thing, address):
    """It names the record, wherever the record's chatter goes."""
    words = {str(number): word for number, word in enumerate(sorted(thing.texts))}
    invitation = h.rules.mail(words, author="agent", spoken=True)
    invitation.links, invitation.recipients = {thing}, {address}
    return invitation


SHARING_ACTS = {
    "share_file": (share_file, 1),
    "share_own_file": (share_own_file, 1),
    "share_record": (share_record, 1),
}
